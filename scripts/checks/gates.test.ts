// Each gate of the build must fail on a planted violation: a copy of the rooms' configuration in a temporary folder, with bad files in it.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const shared = ['base', 'kube', 'model', 'dataplane', 'datapaths', 'trace', 'engine', 'analysis', 'scenario', 'api', 'sandbox'].map((room) => `shared/${room}`);
const configs = [
  'tsconfig.json', 'tsconfig.base.json', 'tsconfig.test.json', '.oxlintrc.json', 'package.json', 'electron/tsconfig.engine.json', 'renderer/tsconfig.worker.json',
  ...[...shared, 'electron', 'renderer', 'cli', 'scripts', 'e2e', 'bench'].map((room) => `${room}/tsconfig.json`),
];

/** Files that are right, for the wrong ones to import. */
const neighbours: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...shared, 'electron', 'renderer', 'cli'].map((room) => [`${room}/a.ts`, 'export const a = 1;\n'])),
  'shared/datapaths/vxlan/v.ts': 'export const v = 1;\n',
};

const uses = (path: string) => `import { a } from '${path}';\nexport const used = a;\n`;

const forbiddenByCompiler: readonly (readonly [path: string, text: string, code: string])[] = [
  ['shared/base/uses-kube.ts', uses('../kube/a.ts'), 'TS6307'],
  ['shared/engine/uses-model.ts', uses('../model/a.ts'), 'TS6307'],
  ['shared/engine/uses-kube.ts', uses('../kube/a.ts'), 'TS6307'],
  ['shared/engine/uses-datapaths.ts', uses('../datapaths/a.ts'), 'TS6307'],
  ['shared/dataplane/uses-trace.ts', uses('../trace/a.ts'), 'TS6307'],
  ['shared/datapaths/uses-engine.ts', uses('../engine/a.ts'), 'TS6307'],
  ['shared/trace/uses-model.ts', uses('../model/a.ts'), 'TS6307'],
  ['shared/api/uses-sandbox.ts', uses('../sandbox/a.ts'), 'TS6307'],
  ['shared/scenario/uses-sandbox.ts', uses('../sandbox/a.ts'), 'TS6307'],
  ['electron/uses-sandbox.ts', uses('../shared/sandbox/a.ts'), 'TS6307'],
  ['electron/uses-engine.ts', uses('../shared/engine/a.ts'), 'TS6307'],
  ['renderer/uses-sandbox.ts', uses('../shared/sandbox/a.ts'), 'TS6307'],
  ['renderer/uses-electron.ts', uses('../electron/a.ts'), 'TS6307'],
  ['cli/uses-renderer.ts', uses('../renderer/a.ts'), 'TS6307'],
  ['shared/engine/uses-timer.ts', 'export const t = setTimeout;\n', 'TS2304'],
  ['shared/engine/uses-fetch.ts', 'export const f = fetch;\n', 'TS2304'],
  ['shared/engine/uses-process.ts', 'export const p = process;\n', 'TS2591'],
  ['shared/engine/uses-document.ts', 'export const d = document;\n', 'TS2584'],
  ['shared/base/has-enum.ts', 'export enum E { A }\n', 'TS1294'],
  ['shared/base/has-any.ts', 'export const f = (x) => x;\n', 'TS7006'],
  ['shared/base/unchecked.test.ts', 'export const n: string = 1;\n', 'TS2322'],
  ['scripts/unchecked.mjs', '/** @type {string} */ export const n = 1;\n', 'TS2322'],
];

const forbiddenByLinter: readonly (readonly [path: string, text: string, rule: string])[] = [
  ['shared/engine/lint-model.ts', uses('../model/a.ts'), 'no-restricted-imports'],
  ['shared/engine/ops/lint-kube.ts', uses('../../kube/a.ts'), 'no-restricted-imports'],
  ['shared/engine/lint-package.ts', "import { parse } from 'yaml';\nexport const used = parse;\n", 'no-restricted-imports'],
  ['shared/engine/lint-node.ts', "import { readFileSync } from 'node:fs';\nexport const used = readFileSync;\n", 'no-restricted-imports'],
  ['shared/base/lint-package.ts', "import { parse } from 'yaml';\nexport const used = parse;\n", 'no-restricted-imports'],
  ['shared/sandbox/lint-package.ts', "import { z } from 'zod';\nexport const used = z;\n", 'no-restricted-imports'],
  ['shared/datapaths/bridge/lint-sibling.ts', "import { v } from '../vxlan/v.ts';\nexport const used = v;\n", 'no-restricted-imports'],
  ['shared/datapaths/bridge/rules/lint-sibling.ts', "import { v } from '../../vxlan/v.ts';\nexport const used = v;\n", 'no-restricted-imports'],
  ['shared/datapaths/bridge/lint-engine.ts', uses('../../engine/a.ts'), 'no-restricted-imports'],
  ['shared/datapaths/bridge/lint-kube.ts', uses('../../kube/a.ts'), 'no-restricted-imports'],
  ['shared/api/lint-value.ts', uses('../model/a.ts'), 'no-restricted-imports'],
  ['electron/lint-engine.ts', uses('../shared/engine/a.ts'), 'no-restricted-imports'],
  ['electron/lint-yaml.ts', "import { parse } from 'yaml';\nexport const used = parse;\n", 'no-restricted-imports'],
  ['electron/engine-process.ts', "import { app } from 'electron';\nexport const used = app;\n", 'no-restricted-imports'],
  ['renderer/lint-sandbox.ts', uses('../shared/sandbox/a.ts'), 'no-restricted-imports'],
  ['renderer/lint-node.ts', "import { readFileSync } from 'node:fs';\nexport const used = readFileSync;\n", 'no-restricted-imports'],
  ['cli/lint-engine.ts', uses('../shared/engine/a.ts'), 'no-restricted-imports'],
  ['cli/lint-package.ts', "import { parse } from 'yaml';\nexport const used = parse;\n", 'no-restricted-imports'],
  ['shared/trace/cycle-one.ts', "import { two } from './cycle-two.ts';\nexport const one = () => two;\n", 'no-cycle'],
  ['shared/trace/lint-date.ts', 'export const d = Date.now();\n', 'no-restricted-globals'],
  ['shared/trace/lint-random.ts', 'export const r = Math.random();\n', 'no-restricted-properties'],
  ['shared/trace/lint-console.ts', "console.log('x');\n", 'no-console'],
  ['cli/lint-floating.ts', 'const f = async () => {};\nf();\n', 'no-floating-promises'],
  ['cli/lint-any.ts', 'export const f = (x: any) => x;\n', 'no-explicit-any'],
  ['cli/lint-default.ts', 'const a = 1;\nexport default a;\n', 'no-default-export'],
  ['cli/lint-switch.ts', "export const f = (x: 'a' | 'b') => {\n  switch (x) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n};\n", 'switch-exhaustiveness-check'],
  ['cli/lint-throw.ts', "throw 'text';\n", 'only-throw-error'],
  ['shared/base/lint-only.test.ts', "import { expect, test } from 'vitest';\ntest.only('a', () => expect(1).toBe(1));\n", 'no-focused-tests'],
  ['shared/base/lint-skip.test.ts', "import { expect, test } from 'vitest';\ntest.skip('a', () => expect(1).toBe(1));\n", 'no-disabled-tests'],
  ['shared/base/lint-mock.test.ts', "import { vi } from 'vitest';\nvi.mock('./a.ts');\n", 'no-restricted-vi-methods'],
  ['shared/base/lint-snap.test.ts', "import { expect, test } from 'vitest';\ntest('a', () => expect(1).toMatchSnapshot());\n", 'no-restricted-matchers'],
  ['renderer/lint-hook.tsx', "import { useState } from 'react';\nexport function A({ on }: { on: boolean }) {\n  if (on) useState(1);\n  return null;\n}\n", 'rules-of-hooks'],
];

const allowedByLinter: Readonly<Record<string, string>> = {
  'shared/engine/fine.ts': uses('../dataplane/a.ts'),
  'shared/datapaths/bridge/fine.ts': uses('../../dataplane/a.ts'),
  'shared/kube/fine.ts': "import { parse } from 'yaml';\nimport { z } from 'zod';\nimport { a } from '../base/a.ts';\nexport const used = [parse, z, a];\n",
  'shared/api/fine.ts': "import type { a } from '../model/a.ts';\nexport type A = typeof a;\n",
  'electron/fine.ts': "import { app } from 'electron';\nimport { readFileSync } from 'node:fs';\nimport { a } from '../shared/api/a.ts';\nexport const used = [app, readFileSync, a];\n",
  'cli/fine.ts': "import { parseArgs } from 'node:util';\nimport { a } from '../shared/sandbox/a.ts';\nexport const used = [parseArgs, a];\n",
  'renderer/host/engine-worker.ts': uses('../../shared/sandbox/a.ts'),
};

/** Runs a gate; gives its exit code and all it printed. */
function run(tool: string, args: readonly string[], cwd: string): { readonly code: number; readonly printed: string } {
  try {
    return { code: 0, printed: execFileSync(process.execPath, [join(root, 'node_modules', tool), ...args], { cwd, encoding: 'utf8', stdio: 'pipe' }) };
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string };
    return { code: status, printed: stdout };
  }
}

function plantTree(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'podhop-gates-'));
  for (const path of configs) cpSync(join(root, path), join(dir, path));
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'), 'junction');
  for (const [path, text] of Object.entries({ ...neighbours, ...files })) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

const textByPath = (rows: readonly (readonly [string, string, string])[]) => Object.fromEntries(rows.map(([path, text]) => [path, text]));
const made: string[] = [];
const plant = (files: Readonly<Record<string, string>>) => {
  const dir = plantTree(files);
  made.push(dir);
  return dir;
};

afterAll(() => made.forEach((dir) => rmSync(dir, { recursive: true, force: true })));

describe('tsc -b', () => {
  let bad: ReturnType<typeof run>;
  beforeAll(() => {
    bad = run('typescript/bin/tsc', ['-b', '--pretty', 'false'], plant(textByPath(forbiddenByCompiler)));
  }, 60_000);

  test('fails on the planted violations', () => expect(bad.code).not.toBe(0));

  test.each(forbiddenByCompiler)('reports %s', (path, _text, code) => {
    const reported = bad.printed.split('\n').filter((line) => line.startsWith(`${path}(`));
    expect(reported.join('\n')).toContain(code);
  });

  test('passes on the same tree without them', () => expect(run('typescript/bin/tsc', ['-b', '--pretty', 'false'], plant({}))).toEqual({ code: 0, printed: '' }), 60_000);
});

describe('oxlint', () => {
  const cycle = { 'shared/trace/cycle-two.ts': "import { one } from './cycle-one.ts';\nexport const two = () => one;\n" };
  let bad: ReturnType<typeof run>;
  beforeAll(() => {
    bad = run('oxlint/bin/oxlint', ['-f', 'unix'], plant({ ...textByPath(forbiddenByLinter), ...cycle, ...allowedByLinter }));
  }, 60_000);

  test('fails on the planted violations', () => expect(bad.code).not.toBe(0));

  test.each(forbiddenByLinter)('reports %s', (path, _text, rule) => {
    const reported = bad.printed.split('\n').filter((line) => line.startsWith(`${path}:`));
    expect(reported.join('\n')).toContain(`(${rule})`);
  });

  test.each(Object.keys(allowedByLinter))('says nothing about %s', (path) => {
    expect(bad.printed.split('\n').filter((line) => line.startsWith(`${path}:`))).toEqual([]);
  });
});
