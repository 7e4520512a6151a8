import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../base/json.ts';
import { createPrng } from '../base/prng.ts';
import { formatProblem } from '../base/problem.ts';
import { readManifests } from './read-manifests.ts';
import type { Manifests } from './types.ts';
import { renderBlock } from './write/render.ts';

const shared = join(import.meta.dirname, '../../../shared/manifests');
const filesBelow = (folder: string): string[] => readdirSync(folder).flatMap((name) => (statSync(join(folder, name)).isDirectory() ? filesBelow(join(folder, name)) : [join(folder, name)]));
const built = `apiVersion: v1
kind: Service
metadata: &meta
  name: web
  labels: {app: web, "tier": 'front'}
spec:
  type: NodePort
  selector: {app: web}
  ports:
  - {name: http, port: 80, targetPort: http, nodePort: 30080}
  - name: https # secure
    port: 443
---
{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"k": "v\\n"}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny}
spec:
  podSelector:
    matchExpressions: [{key: app, operator: In, values: [web]}]
  egress:
  - to:
    - ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}
    ports: [{port: 53, protocol: UDP}, {port: 1000, endPort: 2000}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: text}
data:
  script: |
    #!/bin/sh
    echo "{{ x }}"

    exit 0
  folded: >-
    one
    two
`;
const samples = [built, ...(existsSync(shared) ? filesBelow(shared).map((path) => readFileSync(path, 'utf8')) : [])];
const one = (text: string): Manifests => readManifests([{ name: 'x.yaml', text }]);
const values = (read: Manifests): string[] => read.objects.map((o) => JSON.stringify([o.namespace, o.kind, o.name, o.value])).toSorted();
const separated = (text: string): string[] => text.split(/^---\n/m).filter((part) => part.trim() !== '');

describe('properties', () => {
  test('[M30] the order of documents and of files changes nothing but the order', () => {
    for (const [i, text] of samples.entries()) {
      const parts = separated(text);
      const random = createPrng(i);
      const shuffled = parts.map((part) => ({ part, rank: random.next() })).toSorted((a, b) => a.rank - b.rank).map(({ part }) => part);
      const together = one(text);
      expect(values(one(shuffled.join('---\n')))).toEqual(values(together));
      expect(values(readManifests(shuffled.map((part, n) => ({ name: `${n}.yaml`, text: part }))))).toEqual(values(together));
      expect(together.problems.map(formatProblem)).toEqual([]);
    }
  });

  test('[M31] YAML and JSON of the same object read alike, alone, in lines and in a list', () => {
    for (const text of samples) {
      const read = one(text);
      const objects = read.objects.map((o) => o.value);
      expect(values(one(objects.map((o) => JSON.stringify(o)).join('\n')))).toEqual(values(read));
      expect(values(one(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }, null, 2)))).toEqual(values(read));
      expect(values(one(objects.map((o) => renderBlock(o).join('\n')).join('\n---\n')))).toEqual(values(read));
      expect(values(one(text.replaceAll('\n', '\r\n')))).toEqual(values(read));
    }
  });

  test('any JSON value reads back from the YAML and the JSON that we print', () => {
    const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'yes', '1', 'a.b/c')).filter((k) => !['apiVersion', 'kind', 'metadata'].includes(k));
    const json = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, fc.string(), fc.maxSafeInteger(), fc.boolean(), fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }), fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(key, tie('value'), { maxKeys: 4 })),
    })).value;
    fc.assert(fc.property(json, (value) => {
      const object = { apiVersion: 'x.y/v1', kind: 'Thing', metadata: { name: 't' }, spec: value };
      for (const text of [`${renderBlock(object).join('\n')}\n`, JSON.stringify(object)]) {
        const read = one(text);
        // What no text of YAML may hold raw is refused, and nothing else is.
        if (/[\u007f-\u0084\u0086-\u009f\ufffe\uffff]/.test(text)) continue;
        expect(read.problems.map(formatProblem)).toEqual([]);
        expect(JSON.stringify(read.objects[0]!.value)).toBe(JSON.stringify(object));
      }
    }), { numRuns: 400, seed: 11 });
  });

  test('[B7] 2,000 mutated manifests: no throw, no hang, and every problem has a place and words', () => {
    const random = createPrng(2026);
    const below = (n: number): number => random.next() % Math.max(1, n);
    const dictionary = ['{{', '}}', '"', "'", '[', ']', '{', '}', ': ', '- ', '\t', '&a ', '*a', '!!str ', '<<: ', '---\n', '...\n', '|\n', '>\n', '#', '\u0000', '\ufeff', '😀', '?', '%YAML 1.2\n', 'null', '0777', 'kind: List\n', '\r', '__proto__: ', ' '];
    const mutate = (text: string): string => {
      const at = below(text.length);
      switch (below(6)) {
        case 0: return text.slice(0, at) + String.fromCharCode(below(128)) + text.slice(at + 1);
        case 1: return text.slice(0, at) + text.slice(at + below(40));
        case 2: return text.slice(0, at);
        case 3: return text.slice(0, at) + dictionary[below(dictionary.length)]! + text.slice(at);
        case 4: return text.slice(0, at) + text.slice(below(text.length)).slice(0, 60) + text.slice(at);
        default: return text.replace('\n', `\n${' '.repeat(below(5))}`);
      }
    };
    const small = samples.flatMap(separated).filter((part) => part.length < 4000);
    for (let n = 0; n < 2000; n++) {
      let text = small[below(small.length)]!;
      for (let k = 0; k <= below(4); k++) text = mutate(text);
      const read = one(text);
      const lines = text.split(/\r\n|\r|\n/).length;
      const bad = read.problems.filter((p) => p.at === null || p.at.line < 1 || p.at.line > lines || p.at.col < 1 || p.what === '' || /undefined|\[object|NaN,|function/.test(p.what + p.fix));
      expect({ text: bad.length > 0 ? text : '', bad }).toEqual({ text: '', bad: [] });
    }
  }, 60_000);

  test('[B4] no input reaches a prototype', () => {
    const before = Object.keys(Object.getOwnPropertyDescriptors(Object.prototype)).length;
    for (const key of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'])
      for (const text of [`apiVersion: x/v1\nkind: F\nmetadata: {name: a}\n${key}: {polluted: 1, prototype: {polluted: 1}}\n`, `{"apiVersion":"x/v1","kind":"F","metadata":{"name":"a"},"${key}":{"polluted":1}}`, `apiVersion: x/v1\nkind: F\nmetadata: {name: a}\nb: &b {${key}: {polluted: 1}}\nc: {<<: *b}\n`]) {
        const { objects } = one(text);
        expect(objects.length).toBe(1);
        expect(Object.getPrototypeOf(objects[0]!.value)).toBe(null);
      }
    expect(({} as Record<string, unknown>)['polluted']).toBe(undefined);
    expect(Object.keys(Object.getOwnPropertyDescriptors(Object.prototype)).length).toBe(before);
  });
});
