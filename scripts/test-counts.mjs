// How the gates' results are read and added up.

/**
 * @typedef {{ readonly name: string, readonly why: string }} Skip
 * @typedef {{ readonly passed: number, readonly failed: number, readonly skipped: readonly Skip[] }} Counts
 */

/** @type {Counts} */
export const nothing = { passed: 0, failed: 0, skipped: [] };

/** @param {Counts} a @param {Counts} b @returns {Counts} */
export const addCounts = (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: [...a.skipped, ...b.skipped] });

/** A gate without tests of its own counts as one. @param {number} exitCode @returns {Counts} */
export const countGate = (exitCode) => (exitCode === 0 ? { ...nothing, passed: 1 } : { ...nothing, failed: 1 });

/**
 * A runner that ends with an error but reports no failure has failed once all the same, as has one that ran nothing at all.
 * @param {Counts} counts @param {number} exitCode @returns {Counts}
 */
export function withExitCode(counts, exitCode) {
  const empty = counts.passed + counts.failed + counts.skipped.length === 0;
  return counts.failed === 0 && (exitCode !== 0 || empty) ? { ...counts, failed: 1 } : counts;
}

/** The results of `podhop check --reporter tap` (Test Anything Protocol 14). @param {string} text @returns {Counts} */
export function countTap(text) {
  const lines = text.split('\n').filter((line) => /^(not )?ok\b/.test(line));
  const skipped = lines.flatMap((line) => {
    const match = /^ok\b[\s\d-]*(.*?)\s*# skip\b\s*(.*)$/i.exec(line);
    return match === null ? [] : [{ name: match[1] ?? '', why: match[2] || 'no reason given' }];
  });
  const failed = lines.filter((line) => line.startsWith('not ok')).length;
  return { passed: lines.length - failed - skipped.length, failed, skipped };
}

/**
 * @typedef {{ type: string, description?: string }} Annotation
 * @typedef {{ status: string, annotations: Annotation[] }} PlaywrightTest
 * @typedef {{ title: string, file: string, tests: PlaywrightTest[] }} Spec
 * @typedef {{ specs?: Spec[], suites?: Suite[] }} Suite
 */

/** @param {Suite} suite @returns {readonly Spec[]} */
const specsOf = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];

/** The results of Playwright's JSON reporter. @param {string} json @returns {Counts} */
export function countPlaywright(json) {
  /** @type {{ suites: Suite[], errors?: unknown[] }} */
  const report = JSON.parse(json);
  return report.suites
    .flatMap(specsOf)
    .flatMap((spec) => spec.tests.map((test) => ({ name: `${spec.file}: ${spec.title}`, test })))
    .reduce((counts, { name, test }) => {
      if (test.status === 'expected') return addCounts(counts, { ...nothing, passed: 1 });
      if (test.status !== 'skipped') return addCounts(counts, { ...nothing, failed: 1 });
      const why = test.annotations.find((annotation) => annotation.type === 'skip')?.description ?? 'no reason given';
      return addCounts(counts, { ...nothing, skipped: [{ name, why }] });
    }, { ...nothing, failed: report.errors?.length ?? 0 });
}

/** Skips with the same reason are said once, with their number. @param {readonly Skip[]} skips @returns {readonly string[]} */
export function describeSkips(skips) {
  const whys = [...new Set(skips.map((skip) => skip.why))];
  return whys.map((why) => {
    const names = skips.filter((skip) => skip.why === why).map((skip) => skip.name);
    return names.length === 1 ? `skipped: ${why} (${names[0]})` : `skipped: ${why} (${names.length} tests, the first: ${names[0]})`;
  });
}

/** The run's last line. @param {Counts} counts */
export const summaryLine = (counts) => `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped.length} skipped`;
