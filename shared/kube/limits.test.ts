import { describe, expect, test } from 'vitest';
import { formatProblem } from '../base/problem.ts';
import { readManifests } from './read-manifests.ts';
import type { Manifests } from './types.ts';

const one = (text: string): Manifests => readManifests([{ name: 'x.yaml', text }]);
const first = (text: string): string => one(text).problems.map(formatProblem)[0] ?? '';
const thing = (rest: string): string => `apiVersion: x.y/v1\nkind: Thing\nmetadata: {name: a}\n${rest}`;
const nested = (n: number): string => thing(`x: ${'['.repeat(n)}${']'.repeat(n)}\n`);
const deepest = 'flatten it; no Kubernetes object is nested that deep';

describe('[34] each limit holds at its own number and names it', () => {
  // The object itself and the value of x are the first two levels.
  test('depth 100', () => {
    expect(first(nested(99))).toBe('');
    expect(first(nested(100))).toBe(`x.yaml:4:103: error: nested deeper than 100 levels (101) — ${deepest}`);
    expect(first(nested(20_000))).toBe(`x.yaml:4:103: error: nested deeper than 100 levels (20001) — ${deepest}`);
    expect(first(`${'- '.repeat(20_000)}a\n`)).toBe(`x.yaml:1:201: error: nested deeper than 100 levels (20001) — ${deepest}`);
    expect(first(JSON.stringify({ a: 1 }).replace('1', '['.repeat(20_000)))).toMatch(/^x\.yaml:1:\d+: error: nested deeper than 100 levels \(20001\)/);
  });

  test('a scalar of 1 MiB', () => {
    const text = (n: number): string => thing(`x: ${'a'.repeat(n)}\n`);
    expect([2 ** 20 - 1, 2 ** 20].map((n) => first(text(n)))).toEqual(['', '']);
    expect(first(text(2 ** 20 + 1))).toBe('x.yaml:4:4: error: a text of 1048577 characters is longer than 1048576 — shorten it; the API server takes no object above 3 MiB');
  });

  test('a key of 1,024 characters', () => {
    const text = (n: number): string => thing(`${'k'.repeat(n)}: 1\n`);
    expect([1023, 1024].map((n) => first(text(n)))).toEqual(['', '']);
    expect(first(text(1025))).toMatch(/^x\.yaml:4:1: error: a key of (1025|more than 1024) characters/);
    expect(first(thing(`{"${'k'.repeat(1025)}": 1}`.replace(/^/, 'x: ')))).toBe('x.yaml:4:5: error: a key of 1025 characters is longer than 1024 — shorten it');
  });

  test('a file of 16 MiB, an object of 3 MiB, 20,000 documents, 20,000 objects, 200 problems', () => {
    expect(first(`#${'a'.repeat(2 ** 24 - 1)}`)).toBe('x.yaml:1:1: info: No Kubernetes objects in x.yaml');
    expect(first(`#${'a'.repeat(2 ** 24)}`)).toBe('x.yaml:1:1: error: this file of 16777217 characters is larger than 16777216 — split it');
    expect(first(thing(`x:\n${`- ${'a'.repeat(1_000_000)}\n`.repeat(4)}`))).toMatch(/^x\.yaml:1:1: error: an object of 400\d{4} characters is larger than 3145728 — /);
    expect(one('---\n'.repeat(20_000)).problems.map((p) => p.code)).toEqual(['no-objects']);
    expect(first('---\n'.repeat(20_001))).toBe('x.yaml:1:1: error: 20001 documents are more than 20000 — split the file');
    const many = one(`apiVersion: v1\nkind: List\nitems:\n${Array.from({ length: 20_001 }, (_, i) => `- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: c${i}\n`).join('')}`);
    expect([many.objects.length, many.problems.map(formatProblem)]).toEqual([20_000, ['x.yaml:80004:3: error: more than 20000 objects — open fewer files']]);
    const wrong = one(`${'wibble: 1\n'.replace('wibble', 'apiVersion').replace('1', 'v1')}kind: ConfigMap\nmetadata: {name: A}\ndata:\n${Array.from({ length: 300 }, (_, i) => `  k${i}: 1\n`).join('')}`);
    expect([wrong.problems.length, wrong.problemsOmitted]).toEqual([200, 101]);
  }, 60_000);

  test('[33] 150 and 5,000 harmless aliases and a 10,000-key map are read', () => {
    for (const n of [150, 5000]) expect(one(thing(`x: &x {q: 1, w: 2}\nl:\n${'- *x\n'.repeat(n)}`)).problems).toEqual([]);
    expect(one(thing(`x:\n${Array.from({ length: 10_000 }, (_, i) => `  k${i}: v\n`).join('')}`)).problems).toEqual([]);
  });

  test('[32] bombs of aliases and of merge keys end in one error', () => {
    const level = (i: number, open: string, close: string): string => `l${i}: &l${i} ${open}${Array.from({ length: 9 }, (_, k) => (open === '{' ? `k${k}: *l${i - 1}` : `*l${i - 1}`)).join(', ')}${close}\n`;
    const bomb = (open: string, close: string): string => `l0: &l0 ${open}${open === '{' ? 'a: 1' : 'a'}${close}\n${Array.from({ length: 12 }, (_, i) => level(i + 1, open, close)).join('')}`;
    for (const text of [bomb('[', ']'), bomb('{', '}'), `a: &a\n${Array.from({ length: 2000 }, (_, i) => `  k${i}: v\n`).join('')}b:\n${'- *a\n'.repeat(2000)}`]) {
      const { problems } = one(text);
      expect(problems.map((p) => p.code)).toEqual(['alias-bomb']);
    }
  });

  test('[B3] twice the input costs about twice the time: keys, documents, labels, problems', () => {
    const inputs: Record<string, (n: number) => string> = {
      keys: (n) => thing(`x:\n${Array.from({ length: n }, (_, i) => `  k${i}: v\n`).join('')}`),
      flow: (n) => thing(`x: {${Array.from({ length: n }, (_, i) => `k${i}: v`).join(', ')}}\n`),
      documents: (n) => Array.from({ length: n / 4 }, (_, i) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c${i}}\n`).join('---\n'),
      wide: (n) => Array.from({ length: n / 2 }, (_, i) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c${i}\n  annotations:\n    note: ${'wide '.repeat(400)}\n`).join('---\n'),
      problems: (n) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n${Array.from({ length: n }, (_, i) => `  k${i}: 1\n`).join('')}`,
      duplicates: (n) => thing(`x:\n${Array.from({ length: n }, (_, i) => `  k${i % 100}: v\n`).join('')}`),
    };
    const cost = (text: string): number => {
      const runs = Array.from({ length: 3 }, () => {
        const start = process.cpuUsage();
        one(text);
        const { user, system } = process.cpuUsage(start);
        return user + system;
      });
      return Math.min(...runs);
    };
    for (const [name, input] of Object.entries(inputs)) {
      cost(input(2500));
      // Processor time, so that a busy machine does not count; quadratic work would cost sixteen times as much.
      expect([name, cost(input(10_000)) / cost(input(2500)) < 9]).toEqual([name, true]);
    }
  }, 60_000);

  test('[B13] names of 100,000 characters are judged at once', () => {
    for (const attack of ['a', '-', '.', 'a.', 'a-', 'A', '1', '0.', '::', '*.']) {
      const text = attack.repeat(100_000 / attack.length);
      const start = process.cpuUsage();
      one(`apiVersion: v1\nkind: Service\nmetadata: {name: "${text}", labels: {"${text.slice(0, 1000)}": "${text}"}, annotations: {a: "${text}"}}\nspec: {clusterIP: "${text}", externalName: "${text}", loadBalancerSourceRanges: ["${text}"], ports: [{port: 80, name: "${text}", targetPort: "${text}"}]}\n`);
      // Microseconds of processor time; anything quadratic takes seconds.
      expect(process.cpuUsage(start).user).toBeLessThan(1_000_000);
    }
  });
});
