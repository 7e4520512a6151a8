import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readManifests } from '../kube/read-manifests.ts';
import type { Manifests, SourceDocument } from '../kube/types.ts';
import { readAgain } from './edit-reading.ts';

/** Everything that reading says, places of fields included. */
const said = ({ objects, ...rest }: Manifests): unknown => ({ ...rest, objects: objects.map(({ placeOf, ...object }) => ({ ...object, places: [['metadata', 'name'], ['spec'], ['spec', 'ports', 0], ['nothing']].map((path) => placeOf(path)) })) });

const pieces = [
  'apiVersion: v1\nkind: Service\nmetadata:\n  name: NAME\nspec:\n  ports:\n  - port: 80\n', 'apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\nspec: {containers: [{name: a, image: a}]}\n', '# only a comment\n', '', '\n\n',
  'apiVersion: v1\nkind: Service\nmetadata: {name: NAME}\nspec: {ports: [{port: 99999}]}\n', 'apiVersion: v1\nkind: Pod\nmetadata: {name: NAME}\nspec:\n  containers: [{name: a, image: a}]\n  nodename: b\n', 'key: [\n', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME}\ndata: {a: 1, a: 2}\n',
  '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"NAME"}}\n', 'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: NAME}}\n- {apiVersion: v1, kind: Namespace, metadata: {name: NAME}}\n', 'just text\n', 'apiVersion: v1\nkind: Service\nmetadata: {name: "{{ x }}"}\nspec: {}\n',
  'apiVersion: podhop.dev/v1alpha1\nkind: Scenario\nmetadata: {name: NAME}\n', 'apiVersion: v1\r\nkind: Namespace\r\nmetadata: {name: NAME}\r\n',
];
const piece = fc.record({ text: fc.constantFrom(...pieces), name: fc.constantFrom('a', 'b', 'c', 'd') }).map(({ text, name }) => text.replaceAll('NAME', name));
const document = fc.record({ name: fc.constantFrom('x.yaml', 'y.yaml'), parts: fc.array(piece, { maxLength: 6 }), first: fc.boolean(), bom: fc.integer({ min: 0, max: 9 }) })
  .map(({ name, parts, first, bom }): SourceDocument => ({ name, text: `${bom === 0 ? '\ufeff' : ''}${first ? '---\n' : ''}${parts.join('---\n')}` }));

test('reading again what is known says the same as reading all of it', () => {
  fc.assert(fc.property(fc.array(document, { maxLength: 3 }), fc.array(document, { maxLength: 3 }), (before, after) => {
    const { reads } = readAgain(before, new Map());
    expect(said(readAgain(after, reads).manifests)).toEqual(said(readManifests(after)));
  }), { numRuns: 200, seed: 20_261_123 });
});
