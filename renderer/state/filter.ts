import type { Cluster, Labels } from '../../shared/model/types.ts';
import { pathsOf } from '../scene/path-layout.ts';
import { listPlaces } from './places.ts';

/** What a filter looks at. A Service answers to its own labels and to its selector. */
interface Subject { readonly id: string; readonly words: string; readonly kind: string; readonly namespace: string; readonly parent: string; readonly labels: readonly Labels[] }
type Test = (subject: Subject) => boolean;

const has = (labels: Labels, key: string, values: readonly string[]): boolean => values.includes(labels[key]?.toLowerCase() ?? '\0');
const byLabels = (wanted: (labels: Labels) => boolean): Test => ({ labels }) => labels.some(wanted);

/** One term: `ns:shop`, `kind:service`, `node:a`, `app=web`, `tier!=db`, `app in (web, api)`, `app notin (db)`, `!app`, or a part of a name or address. Labels are compared whole, as kubectl -l compares them. */
function toTest(term: string): Test {
  const set = /^(\S+)\s+(not)?in\s*\(([^)]*)\)$/.exec(term);
  if (set !== null) {
    const values = (set[3] ?? '').split(',').map((value) => value.trim());
    return byLabels((labels) => has(labels, set[1] ?? '', values) !== (set[2] === 'not'));
  }
  const [, scope = '', name = ''] = /^(kind|ns|namespace|node):(.*)$/.exec(term) ?? [];
  if (scope === 'kind') return ({ kind }) => kind.startsWith(name.replace(/s$/, ''));
  if (scope === 'node') return ({ id, parent }) => parent === `node/${name}` || id === `node/${name}`;
  if (scope !== '') return ({ namespace }) => namespace === name;
  const [, key, not, value] = /^([^=!]+)(!?)==?(.*)$/.exec(term) ?? [];
  if (key !== undefined) return byLabels((labels) => has(labels, key, [value ?? '']) !== (not === '!'));
  if (term.startsWith('!')) return byLabels((labels) => labels[term.slice(1)] === undefined);
  return ({ words }) => words.includes(term);
}

const termsOf = (text: string): readonly string[] => text.toLowerCase().match(/[^\s,()]+\s+(?:not)?in\s*\([^)]*\)|[^\s,]+/g) ?? [];

/** Everything of the cluster that a filter can find. */
function subjectsOf(cluster: Cluster): readonly Subject[] {
  const selectors = new Map(cluster.services.map(({ namespace, name, selector }) => [`service/${namespace}/${name}`, selector]));
  const places = listPlaces(cluster).map(({ id, kind, namespace, parent, labels, address, name }): Subject => ({ id, kind, namespace, parent, words: `${id} ${name} ${address}`.toLowerCase(), labels: [labels, ...[selectors.get(id) ?? []].flat()] }));
  const paths = pathsOf(cluster).map(({ id, words }): Subject => ({ id, kind: 'ingress', namespace: id.split('/')[1] ?? '', parent: '', words: `${id} ${words}`.toLowerCase(), labels: [{}] }));
  const policies = cluster.policies.map(({ namespace, name }): Subject => ({ id: `policy/${namespace}/${name}`, kind: 'policy', namespace, parent: '', words: `${namespace}/${name}`.toLowerCase(), labels: [{}] }));
  return [...places, ...paths, ...policies];
}

/** `ids` answer to the filter; `shown` are these and the nodes that they stand on; `of` = how many things there are. */
export interface Matching { readonly ids: ReadonlySet<string>; readonly shown: ReadonlySet<string>; readonly of: number }

const remembered = new WeakMap<Cluster, { readonly text: string; readonly matching: Matching }>();

/** What answers to every term; null where there is none to answer to. The answer is the same object until the cluster or the text changes. */
export function matchingThings(cluster: Cluster | null, text: string): Matching | null {
  const terms = termsOf(text);
  if (cluster === null || terms.length === 0) return null;
  const known = remembered.get(cluster);
  if (known?.text === text) return known.matching;
  const tests = terms.map(toTest);
  const subjects = subjectsOf(cluster);
  const found = subjects.filter((subject) => tests.every((test) => test(subject)));
  const ids = found.map(({ id }) => id);
  const matching = { ids: new Set(ids), shown: new Set([...ids, ...found.map(({ parent }) => parent).filter((parent) => parent.startsWith('node/'))]), of: subjects.length };
  remembered.set(cluster, { text, matching });
  return matching;
}
