// A Vitest reporter that writes what the summary of `npm test` needs to the file named by PODHOP_COUNTS: counts, and why a test was skipped.
import { writeFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: { name: string, why: string }[] }} Counts */

export default class CountReporter {
  /** @param {readonly import('vitest/node').TestModule[]} modules @param {readonly unknown[]} unhandled */
  onTestRunEnd(modules, unhandled) {
    /** @type {Counts} */
    const counts = { passed: 0, failed: unhandled.length, skipped: [] };
    for (const module of modules) {
      // a file that fails to load has no tests to fail
      if (module.errors().length > 0) counts.failed += 1;
      for (const test of module.children.allTests()) count(counts, module.relativeModuleId, test);
    }
    const file = process.env['PODHOP_COUNTS'];
    if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
  }
}

/** @param {Counts} counts @param {string} file @param {import('vitest/node').TestCase} test */
function count(counts, file, test) {
  const result = test.result();
  if (result.state === 'passed') counts.passed += 1;
  else if (result.state === 'skipped') counts.skipped.push({ name: `${file}: ${test.fullName}`, why: result.note ?? 'no reason given' });
  else counts.failed += 1;
}
