// npm run test:kernel -- [--cases N] [--seed S]: generated clusters against this machine's kernel; case i of a run has the seed S + i, so one case is `--cases 1 --seed S`.
import './require-node.mjs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { cases: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } } });
for (const [name, value] of Object.entries(values)) {
  if (!/^\d+$/.test(value)) {
    console.error(`--${name} takes a whole number, not "${value}"`);
    process.exit(2);
  }
}
const root = fileURLToPath(new URL('..', import.meta.url));
const env = { ...process.env, PODHOP_KERNEL_CASES: values.cases, PODHOP_KERNEL_SEED: values.seed };
const done = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'kernel', 'e2e/kernel/generated.kernel.ts'], { cwd: root, stdio: 'inherit', env });
process.exitCode = done.status ?? 1;
