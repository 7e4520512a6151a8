import { expect, test } from 'vitest';
import { checkSpec, titleIds } from './check-spec.mjs';

const spec = '## A\n\n| id | statement |\n|---|---|\n| HK1 | one |\n| HK2 | two |\n\n## B\n\n| KPI10 | ten |\n';
const held = { path: 'a.test.ts', text: "test('[HK1, HK2] both', f);\ntest.each([['KPI10 a row']])('%s', f);\n" };
const findings = (text: string, ...tests: readonly { path: string; text: string }[]): readonly string[] => checkSpec(text, tests).map(({ path, line, what }) => `${path}:${line}: ${what}`);

test('titles, names of groups, rows of tables and templates carry ids, in brackets or not', () => {
  expect(titleIds('a.test.ts', "describe('KPI1 x', f); test('[HK1] y', f); const rows = ['MSQ4, MSQ5 z', 'see KPI9']; test(`NP11 ${m}, n`, f);").map(({ id }) => id)).toEqual(['KPI1', 'HK1', 'MSQ4', 'MSQ5', 'NP11']);
});

test('nothing is found where every statement has its test', () => expect(findings(spec, held)).toEqual([]));

test('a statement without a test is found, with its line', () => {
  expect(findings(`${spec}| KPI11 | eleven |\n`, held)).toEqual(["shared/SPEC.md:11: no test's title begins with KPI11"]);
});

test('an id that SPEC.md does not have is found; a word that only looks like one is not', () => {
  expect(findings(spec, held, { path: 'b.test.ts', text: "\ntest('HK3 three', f);\ntest('M20 a law of reliability.md', f);\n" })).toEqual(['b.test.ts:2: SPEC.md has no HK3']);
});

test('a number given twice is found', () => {
  expect(findings(`${spec}| HK1 | again |\n`, held)).toEqual(['shared/SPEC.md:5: HK1 is numbered twice']);
});
