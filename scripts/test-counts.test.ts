import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findChromium } from './ensure-browser.mjs';
import { addCounts, countGate, countPlaywright, countTap, describeSkips, nothing, summaryLine, withExitCode } from './test-counts.mjs';

describe('the counts of npm test', () => {
  test('a gate counts as one test', () => expect([countGate(0), countGate(2)]).toEqual([{ passed: 1, failed: 0, skipped: [] }, { passed: 0, failed: 1, skipped: [] }]));

  test('TAP: passed, failed and skipped lines, whatever else is printed', () => {
    const tap = 'TAP version 14\n1..4\nok 1 - any node answers\nnot ok 2 - on the node\n  ---\n  ok: nonsense\n  ---\nok 3 - by kernel # SKIP no nftables\nok 4\n';
    expect(countTap(tap)).toEqual({ passed: 2, failed: 1, skipped: [{ name: 'by kernel', why: 'no nftables' }] });
  });

  test("Playwright's report: nested suites, expected, unexpected, flaky and skipped with its reason", () => {
    const one = (status: string, annotations: object[] = []) => ({ title: 't', file: 'a.spec.ts', tests: [{ status, annotations }] });
    const report = { suites: [{ specs: [one('expected')], suites: [{ specs: [one('unexpected'), one('flaky'), one('skipped', [{ type: 'skip', description: 'no Electron runtime' }])] }] }], errors: [] };
    expect(countPlaywright(JSON.stringify(report))).toEqual({ passed: 1, failed: 2, skipped: [{ name: 'a.spec.ts: t', why: 'no Electron runtime' }] });
  });

  test("an error outside every test is a failure in Playwright's report", () => {
    expect(countPlaywright(JSON.stringify({ suites: [], errors: [{ message: 'no tests found' }] }))).toEqual({ passed: 0, failed: 1, skipped: [] });
  });

  test.each([
    ['an exit code without a reported failure is a failure', { passed: 3, failed: 0, skipped: [] }, 1, 1],
    ['a run of nothing is a failure', nothing, 0, 1],
    ['reported failures stand as they are', { passed: 0, failed: 2, skipped: [] }, 1, 2],
    ['a good run stays good', { passed: 3, failed: 0, skipped: [] }, 0, 0],
    ['a run of only skips is no failure', { passed: 0, failed: 0, skipped: [{ name: 'a', why: 'b' }] }, 0, 0],
  ])('%s', (_name, counts, code, failed) => expect(withExitCode(counts, code).failed).toBe(failed));

  test('the last line adds up all stages', () => {
    const skips = [{ name: 'a', why: 'x' }, { name: 'b', why: 'x' }, { name: 'c', why: 'y' }];
    const total = [countGate(0), countGate(1), { ...nothing, passed: 5, skipped: skips }].reduce(addCounts, nothing);
    expect([summaryLine(total), ...describeSkips(total.skipped)]).toEqual(['6 passed, 1 failed, 3 skipped', 'skipped: x (2 tests, the first: a)', 'skipped: y (c)']);
  });
});

describe('the Chromium of the end-to-end tests', () => {
  const own = '/cache/chrome';
  const path = ['/opt', '/usr/bin'].join(delimiter);
  const chromium = join('/usr/bin', 'chromium');
  const chrome = join('/opt', 'google-chrome');
  const on = (...paths: string[]) => (candidate: string) => paths.includes(candidate);
  test.each([
    ['CHROMIUM_PATH comes first', { CHROMIUM_PATH: '/my/chrome', PATH: path }, on('/my/chrome', own, chromium), '/my/chrome'],
    ['a CHROMIUM_PATH that is not there is not replaced in silence', { CHROMIUM_PATH: '/my/chrome', PATH: path }, on(own, chromium), null],
    ["then Playwright's own", { PATH: path }, on(own, chromium), ''],
    ['then chromium on the PATH', { PATH: path }, on(chromium, chrome), chromium],
    ['then google-chrome', { PATH: path }, on(chrome), chrome],
    ['else none', { PATH: path }, on(), null],
  ])('%s', (_name, env, exists, found) => expect(findChromium(env, own, exists)).toBe(found));
});
