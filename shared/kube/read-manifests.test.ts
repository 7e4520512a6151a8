import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatProblem } from '../base/problem.ts';
import { readManifests } from './read-manifests.ts';
import type { KubeObject } from './types.ts';

const shared = join(import.meta.dirname, '../../../shared/manifests');
const filesBelow = (folder: string): string[] => readdirSync(folder).flatMap((name) => (statSync(join(folder, name)).isDirectory() ? filesBelow(join(folder, name)) : [join(folder, name)]));
const objectsOf = (text: string): readonly KubeObject[] => readManifests([{ name: 'x.yaml', text }]).objects;

describe('real manifests', () => {
  test.runIf(existsSync(shared))('every file of the sample manifests is read without an error or a warning', () => {
    const byFile = filesBelow(shared).map((path) => readManifests([{ name: path, text: readFileSync(path, 'utf8') }]));
    expect(byFile.flatMap((m) => m.problems.map(formatProblem))).toEqual([]);
    expect(Math.max(...byFile.map((m) => m.objects.length))).toBe(35);
  });
});

test('a document that is null is passed over, as kubectl does (resource.StreamVisitor); of a file with nothing else it is said that it holds nothing', () => {
  const read = (text: string) => readManifests([{ name: 'x.yaml', text }]);
  expect(read('---\n# nothing rendered\nnull\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\n~\n')).toMatchObject({ objects: [{ name: 'a' }], problems: [] });
  expect(read('null\n').problems.map(formatProblem)).toEqual(['x.yaml:1:1: info: No Kubernetes objects in x.yaml']);
  expect(read('---\n{}\n').problems.map(({ severity }) => severity)).toEqual(['error', 'error']);
});

describe('an object', () => {
  const text = `# front door
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: &app {app: web}
  ports:
  - port: 80 # plain
    targetPort: "http"
    name: h
  - {port: 443, name: 😀x}
`;
  const place = (o: KubeObject, ...path: (string | number)[]): string => {
    const at = o.placeOf(path);
    return `${at.line}:${at.col}-${at.endLine}:${at.endCol}`;
  };

  test('knows its place and that of each field, in code points', () => {
    const [service] = objectsOf(text.replace('😀x', 'x'));
    expect([service!.at, place(service!, 'metadata', 'name'), place(service!, 'spec', 'ports', 0, 'port'), place(service!, 'spec', 'ports', 0, 'targetPort'), place(service!, 'spec', 'ports', 1, 'name')])
      .toEqual([{ file: 'x.yaml', line: 2, col: 1, endLine: 11, endCol: 25 }, '4:18-4:21', '8:11-8:13', '9:17-9:23', '11:23-11:24']);
    expect([place(service!, 'spec', 'ports', 7, 'port'), place(service!, 'spec', 'nothing')]).toEqual(['8:3-11:25', '6:3-11:25']);
    const [wide] = objectsOf('apiVersion: x/v1\nkind: T\nmetadata: {name: a}\nx: {"😀": 1, k: v}\n');
    expect(place(wide!, 'x', 'k')).toBe('4:16-4:17');
  });

  test('lands in the namespace default unless it is cluster-scoped or says otherwise', () => {
    const make = (kind: string, apiVersion: string, namespace: string): string => `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a${namespace}}\n`;
    const texts = [make('ConfigMap', 'v1', ''), make('ConfigMap', 'v1', ', namespace: shop'), make('Node', 'v1', ''), make('Namespace', 'v1', ''), make('StorageClass', 'storage.k8s.io/v1', ''), make('ClusterThing', 'x/v1', ''), make('Thing', 'x/v1', '')];
    expect(objectsOf(texts.join('---\n')).map((o) => [o.kind, o.namespace])).toEqual([['ConfigMap', 'default'], ['ConfigMap', 'shop'], ['Node', ''], ['Namespace', ''], ['StorageClass', ''], ['ClusterThing', ''], ['Thing', 'default']]);
  });

  test('says whether Podhop simulates its kind', () => {
    const kinds = ['ConfigMap', 'ServiceAccount', 'Namespace', 'Node'];
    expect(objectsOf(kinds.map((kind) => `apiVersion: v1\nkind: ${kind}\nmetadata: {name: a}\n`).join('---\n')).map((o) => o.simulated)).toEqual([false, false, true, true]);
  });

  test('[C6] that is a Secret keeps its keys and none of its values', () => {
    const [secret] = objectsOf('apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {password: aGVsbG8=}\nstringData: {user: canary}\n');
    expect(JSON.stringify(secret!.value)).toBe('{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"},"data":{"password":""},"stringData":{"user":""}}');
  });

  test('with unknown fields keeps them', () => {
    const [service] = objectsOf('apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {wibble: [1], ports: [{port: 80}]}\n');
    expect(JSON.stringify(service!.value['spec'])).toBe('{"wibble":[1],"ports":[{"port":80}]}');
  });

  test('from kubectl create keeps its generated name, whatever else is read', () => {
    const generated = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: x-}\n';
    expect(objectsOf(`${generated}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n`)[0]!.name).toBe(objectsOf(generated)[0]!.name);
  });
});

test('a thousand Services with ten thousand endpoints are read by the fast reader', () => {
  const slice = (i: number): string => `apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata:\n  name: s${i}\n  labels:\n    kubernetes.io/service-name: s${i}\naddressType: IPv4\nports:\n- name: http\n  port: 8080\nendpoints:\n${Array.from({ length: 10 }, (_, k) => `- addresses:\n  - 10.${i >> 8}.${i & 255}.${k + 1}\n  conditions:\n    ready: true\n`).join('')}`;
  const text = Array.from({ length: 1000 }, (_, i) => `apiVersion: v1\nkind: Service\nmetadata:\n  name: s${i}\nspec:\n  ports:\n  - name: http\n    port: 80\n---\n${slice(i)}`).join('---\n');
  const start = process.cpuUsage();
  const read = readManifests([{ name: 'x.yaml', text }]);
  expect([read.objects.length, read.problems]).toEqual([2000, []]);
  // Microseconds of processor time: some 150,000 here, four seconds with the library.
  expect(process.cpuUsage(start).user).toBeLessThan(2_000_000);
});
