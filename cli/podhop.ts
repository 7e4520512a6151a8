import { readFileSync } from 'node:fs';
import { readArgs, UsageError, type CommandName } from './args.ts';
import { check } from './commands/check.ts';
import { coverage } from './commands/coverage.ts';
import { diff } from './commands/diff.ts';
import { exposure } from './commands/exposure.ts';
import { reach } from './commands/reach.ts';
import { rules } from './commands/rules.ts';
import { trace } from './commands/trace.ts';
import { validate } from './commands/validate.ts';
import { NothingRead } from './load.ts';
import { complain, print } from './output.ts';
import { usage } from './usage.ts';
import type { Args } from './args.ts';

const commands: Partial<Record<CommandName, (args: Args) => Promise<number>>> = { check, coverage, diff, exposure, reach, rules, trace, validate };

const version = (): string => (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;

async function run(argv: readonly string[]): Promise<number> {
  const args = readArgs(argv);
  if (args.values.version) {
    print(version());
    return 0;
  }
  if (args.values.help || args.command === null) {
    print(usage(args.command));
    return args.values.help ? 0 : 2;
  }
  const command = commands[args.command];
  if (!command) throw new UsageError(`"${args.command}" is not built yet`);
  return command(args);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (thrown) {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  complain(`podhop: ${message}${thrown instanceof UsageError ? '\nTry podhop --help.' : ''}`);
  process.exitCode = thrown instanceof UsageError || thrown instanceof NothingRead || (thrown as { code?: string }).code !== undefined ? 2 : 70;
}
