import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../base/json.ts';
import { readManifests } from './read-manifests.ts';
import { addDocument, applyPatch, removeField, setField } from './write-manifests.ts';

const service = `# the shop's front door
apiVersion: v1
kind: Service
metadata:
  name: web   # keep this name
  namespace: shop
  annotations: {team: "a"}
spec:
  type: NodePort
  externalTrafficPolicy: Cluster # everywhere
  ports:
    # plain
    - name: http
      port: 80
    - {name: https, port: 443}
  selector:
    app: web
`;
const target = { kind: 'Service', namespace: 'shop', name: 'web' };
const patched = (text: string, set: Record<string, Json>, at = target): string => {
  const result = applyPatch([{ name: 'other.yaml', text: 'a: 1\n' }, { name: 'web.yaml', text }], at, set);
  return result.ok ? result.value[1]!.text : `${result.error.code}: ${result.error.what}`;
};

describe('patches keep every other byte', () => {
  test.each<[string, Record<string, Json>, string, string]>([
    ['a scalar with a comment behind it', { 'spec.externalTrafficPolicy': 'Local' }, 'externalTrafficPolicy: Cluster # everywhere', 'externalTrafficPolicy: Local # everywhere'],
    ['a field of a list item', { 'spec.ports[0].port': 8080 }, '      port: 80\n', '      port: 8080\n'],
    ['a field of a flow item, by dots', { 'spec.ports.1.port': 8443 }, '{name: https, port: 443}', '{name: https, port: 8443}'],
    ['a new field of a block map', { 'spec.internalTrafficPolicy': 'Local' }, '    app: web\n', '    app: web\n  internalTrafficPolicy: Local\n'],
    ['a new field of a block item', { 'spec.ports[0].nodePort': 30080 }, '      port: 80\n', '      port: 80\n      nodePort: 30080\n'],
    ['a new field of a flow map', { 'metadata.annotations["a.b/c"]': 'yes' }, '{team: "a"}', '{team: "a", a.b/c: "yes"}'],
    ['a new branch', { 'spec.sessionAffinityConfig.clientIP.timeoutSeconds': 60 }, '    app: web\n', '    app: web\n  sessionAffinityConfig:\n    clientIP:\n      timeoutSeconds: 60\n'],
    ['a map in place of a map', { 'spec.selector': { app: 'api', tier: '1' } }, '  selector:\n    app: web\n', '  selector:\n    app: api\n    tier: "1"\n'],
    ['a list in place of a scalar', { 'spec.type': ['a', { b: 1 }] }, '  type: NodePort\n', '  type:\n  - a\n  - b: 1\n'],
    ['a scalar in place of a map', { 'spec.selector': '' }, '  selector:\n    app: web\n', '  selector: ""\n'],
    ['one more item', { 'spec.ports[2]': { name: 'x', port: 1 } }, '    - {name: https, port: 443}\n', '    - {name: https, port: 443}\n    - {"name":"x","port":1}\n'],
    ['null takes a field away', { 'spec.externalTrafficPolicy': null }, '  externalTrafficPolicy: Cluster # everywhere\n', ''],
    ['null takes the first field of an item away', { 'spec.ports[0].name': null }, '    - name: http\n      port: 80\n', '    - port: 80\n'],
    ['null takes the only field away', { 'spec.selector.app': null }, '    app: web\n', '    {}\n'],
    ['null takes an item away', { 'spec.ports[1]': null }, '    - {name: https, port: 443}\n', ''],
  ])('%s', (_, set, before, after) => {
    expect(patched(service, set)).toBe(service.replace(before, after));
    const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
    expect(patched(crlf(service), set)).toBe(crlf(service.replace(before, after)));
  });

  test('block texts, empty values, JSON and list items are edited in place', () => {
    const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a: |\n    x\n\n  b: y\nempty:\n';
    const at = { kind: 'ConfigMap', namespace: 'default', name: 'c' };
    expect(patched(map, { 'data.a': 'z' }, at)).toBe(map.replace('|\n    x\n', 'z\n'));
    expect(patched(map, { 'empty.q': true }, at)).toBe(map.replace('empty:\n', 'empty:\n  q: true\n'));
    const json = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{}}';
    expect(patched(json, { 'data.k': 'v', 'metadata.labels.l': 'd' }, at)).toBe('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c", "labels": {"l":"d"}},"data":{ "k": "v" }}');
    const list = `kind: List\napiVersion: v1\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: c\n- {}\n`;
    expect(patched(list, { 'data.k': 'v' }, at)).toBe(list.replace('    name: c\n', '    name: c\n  data:\n    k: v\n'));
  });

  test('an aliased value is replaced at its alias; the anchor stays', () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: &m {name: c}\ndata: *m\n';
    expect(patched(text, { data: { a: 'b' } }, { kind: 'ConfigMap', namespace: '', name: 'c' })).toBe(text.replace('data: *m', 'data:\n  a: b'));
  });

  test('what cannot be is refused, with nothing changed', () => {
    expect(patched(service, { 'spec.type.x': 1 })).toBe('bad-path: there is no place for spec.type.x');
    expect(patched(service, { 'spec.ports[9]': 1 })).toBe('bad-path: there is no place for spec.ports[9]');
    expect(patched(service, { 'spec.nothing': null })).toBe('bad-path: there is no place for spec.nothing');
    expect(patched(service, { '..': 1 })).toBe('bad-path: ".." is no path of service/shop/web');
    expect(patched(service, {}, { ...target, name: 'other' })).toBe('no-such-object: service/shop/other is in none of the documents');
  });

  test('an added document stands behind the others', () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'new' }, data: { list: 'a: b', text: '- x\n' } };
    expect(addDocument('a: 1', object)).toBe('a: 1\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: new\ndata:\n  list: "a: b"\n  text: "- x\\n"\n');
    expect(addDocument('', { kind: 'x' })).toBe('kind: x\n');
  });
});

describe('properties', () => {
  const keys = fc.constantFrom('a', 'b', 'spec', 'yes', 'x y', '1', 'k.l/m', '<<', '');
  const text = fc.oneof(fc.string(), fc.constantFrom('yes', '0100', '~', 'a: b', '# c', ' x', '\u0085\u2028', '*a', '10.0.0.1', '1e3'));
  const json = fc.letrec<{ value: Json }>((tie) => ({ value: fc.oneof({ depthSize: 'small' }, text, fc.integer(), fc.boolean(), fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(keys, tie('value'), { maxKeys: 3 })) })).value;
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  const body = 'apiVersion: x.y/v1\nkind: Thing\nmetadata:\n  name: t\n';

  test('what is set reads back as it was given, and setting the old value again restores the old reading', () => {
    fc.assert(fc.property(json, json, fc.constantFrom([], ['a'], ['a', 'b'], ['x y', 'k.l/m']), (first, second, rest) => {
      const path = ['top', ...rest];
      const at = { file: 'f', line: 1, col: 1 };
      const one = setField(body, at, path, first);
      if (!one.ok) throw new Error(one.error.what);
      const two = setField(one.value, at, path, second);
      if (!two.ok) throw new Error(`${two.error.what}\n${one.value}`);
      const read = (t: string): unknown => path.reduce<unknown>((v, k) => (v as Record<string, unknown>)[k], plain(readManifests([{ name: 'f', text: t }]).objects[0]?.value));
      expect(read(two.value)).toEqual(plain(second));
      expect(two.value.startsWith(body)).toBe(true);
      const gone = removeField(two.value, at, ['top']);
      expect(gone.ok && gone.value).toBe(body);
    }), { numRuns: 500, seed: 7 });
  });
});
