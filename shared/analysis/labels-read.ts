import type { Cidr } from '../base/cidr.ts';
import type { LabelSelector, Labels, Policy, PolicyPeer, PolicyRule } from '../model/types.ts';

/** What selectors can tell apart: for each key they name, the values they name; every other value of that key is alike. */
export type KeysRead = ReadonlyMap<string, ReadonlySet<string>>;
/** Everything that any policy of a cluster looks at. */
export interface PolicyReads { readonly pod: KeysRead; readonly namespace: KeysRead; readonly portNames: ReadonlySet<string>; readonly networks: readonly Cidr[]; readonly policyNamespaces: ReadonlySet<string> }

const rulesOf = (policy: Policy): readonly PolicyRule[] => [...(policy.ingress ?? []), ...(policy.egress ?? [])];
const peersOf = (policy: Policy): readonly PolicyPeer[] => rulesOf(policy).flatMap((rule) => rule.peers ?? []);

function keysOf(selectors: readonly (LabelSelector | null)[]): KeysRead {
  const keys = new Map<string, Set<string>>();
  const read = (key: string, values: readonly string[]): void => {
    const known = keys.get(key);
    if (known) for (const one of values) known.add(one);
    else keys.set(key, new Set(values));
  };
  for (const selector of selectors) {
    if (!selector) continue;
    for (const [key, one] of Object.entries(selector.matchLabels)) read(key, [one]);
    for (const { key, values } of selector.matchExpressions) read(key, values);
  }
  return keys;
}

/** Every network that any ipBlock names, exceptions included. */
export const networksRead = (policies: readonly Policy[]): readonly Cidr[] => policies.flatMap(peersOf).flatMap((peer) => (peer.ipBlock ? [peer.ipBlock.cidr, ...peer.ipBlock.except] : []));

/** What these policies can tell apart. */
export function policyReads(policies: readonly Policy[]): PolicyReads {
  const peers = policies.flatMap(peersOf);
  return {
    pod: keysOf([...policies.map((policy) => policy.podSelector), ...peers.map((peer) => peer.podSelector)]),
    namespace: keysOf(peers.map((peer) => peer.namespaceSelector)),
    portNames: new Set(policies.flatMap(rulesOf).flatMap((rule) => rule.ports ?? []).flatMap(({ port }) => (typeof port === 'string' ? [port] : []))),
    networks: networksRead(policies),
    policyNamespaces: new Set(policies.map((policy) => policy.namespace)),
  };
}

/** The labels as far as they are read: `=value` where that value is named, `*` where only the key is there, `!` where it is absent. */
export const labelsKey = (labels: Labels, read: KeysRead): string =>
  [...read].map(([key, values]) => (Object.hasOwn(labels, key) ? (values.has(labels[key]!) ? `=${labels[key]}` : '*') : '!')).join('\0');
