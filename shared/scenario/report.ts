import type { ExpectationResult } from './types.ts';

export interface ScenarioReport { readonly scenario: string; readonly results: readonly ExpectationResult[] }
export type Reporter = 'text' | 'tap' | 'junit';

const title = (r: ExpectationResult): string => `${r.name} [${r.datapath || 'as written'}${r.variant === 'as-given' ? '' : `, ${r.variant}`}]`;
const count = (reports: readonly ScenarioReport[], passed: boolean): number => reports.flatMap((r) => r.results).filter((r) => r.passed === passed).length;

function text(reports: readonly ScenarioReport[]): string {
  const lines = reports.flatMap(({ scenario, results }) => [
    scenario,
    ...results.map((r) => `  ${r.passed ? '✓' : '✕'} ${title(r)}${r.passed ? '' : `\n      ${r.detail.replaceAll('\n', '\n      ')}`}`),
  ]);
  return [...lines, '', `${count(reports, true)} passed, ${count(reports, false)} failed`].join('\n');
}

function tap(reports: readonly ScenarioReport[]): string {
  const all = reports.flatMap(({ scenario, results }) => results.map((r) => ({ r, label: `${scenario}: ${title(r)}`.replaceAll('#', '\\#') })));
  return ['TAP version 14', `1..${all.length}`, ...all.flatMap(({ r, label }, i) => [`${r.passed ? 'ok' : 'not ok'} ${i + 1} - ${label}`, ...(r.passed ? [] : [`# ${r.detail.replaceAll('\n', '\n# ')}`])])].join('\n');
}

// XML 1.0 allows no control characters and no lone surrogates (reliability E2).
const xml = (s: string): string => s.replace(/[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
  .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function junit(reports: readonly ScenarioReport[]): string {
  const suites = reports.map(({ scenario, results }) => {
    const cases = results.map((r) => `    <testcase classname="${xml(scenario)}" name="${xml(title(r))}"${r.passed ? '/>' : `><failure message="${xml(r.detail)}"/></testcase>`}`);
    return [`  <testsuite name="${xml(scenario)}" tests="${results.length}" failures="${results.filter((r) => !r.passed).length}">`, ...cases, '  </testsuite>'].join('\n');
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...suites, '</testsuites>'].join('\n');
}

/** The results as text for people, TAP or JUnit for machines. */
export const printReport = (reports: readonly ScenarioReport[], reporter: Reporter): string => ({ text, tap, junit })[reporter](reports);
