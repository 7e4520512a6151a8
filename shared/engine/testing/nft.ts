import { cidr } from '../../base/cidr.ts';
import type { Chain, Field, Hook, NamedSet, Rule, Table, VmapElement, Action } from '../../dataplane/rules.ts';
import { dnatTo, drop, jump, numbered, rejectWith, rule, src } from './rules.ts';
import type { TestService } from './services.ts';
import { origin } from './wiring.ts';

type Parts = ReturnType<typeof rule>;
const id = (name: string): string => `ip/kube-proxy/${name}`;
const regular = (name: string, parts: readonly Parts[]): Chain => ({ kind: 'regular', id: id(name), name, rules: numbered(id(name), parts), origin });
const base = (name: string, type: 'filter' | 'nat', hook: Hook, priority: number, parts: readonly Parts[]): Chain =>
  ({ kind: 'base', id: id(name), name, type, hook, priority, policy: 'accept', rules: numbered(id(name), parts), origin });

const key: readonly Field[] = [{ field: 'daddr' }, { field: 'protocol' }, { field: 'dport' }];
const isNew = { kind: 'ct-state', states: ['new'], module: 'conntrack' } as const;
export const goTo = (chain: string): VmapElement['verdict'] => ({ kind: 'goto', chain });
export const numgen = (elements: readonly VmapElement[], mode: 'random' | 'inc' = 'random'): Action => ({ kind: 'vmap', key: [{ field: 'numgen', mode, mod: elements.length, offset: 0 }], map: elements });

/** kube-proxy's nftables table in miniature (kube-proxy.md §7): maps, numgen, affinity sets and the checks after DNAT. */
export function nftTable(services: readonly (TestService & { readonly affinitySeconds?: number })[], clusterCidr = '10.244.0.0/16'): Table {
  const elements: NamedSet['elements'][number][] = [];
  const clusterIps: NamedSet['elements'][number][] = [];
  const noEndpoints: NamedSet['elements'][number][] = [];
  const sets: NamedSet[] = [];
  const chains: Chain[] = [];
  for (const s of services) {
    const where = [s.clusterIp as never, s.protocol ?? 'tcp', s.port] as const;
    clusterIps.push({ key: [s.clusterIp] });
    if (s.endpoints.length === 0) {
      noEndpoints.push({ key: where, verdict: { kind: 'goto', chain: 'reject-chain' } });
      continue;
    }
    elements.push({ key: where, verdict: { kind: 'goto', chain: `service-${s.name}` } });
    const endpoint = (e: string): string => `endpoint-${s.name}-${e}`;
    const sticky = s.affinitySeconds === undefined ? [] : s.endpoints.map((e) => rule([{ kind: 'lookup', key: [{ field: 'saddr' }], set: `affinity-${s.name}-${e}` }], { kind: 'verdict', verdict: goTo(endpoint(e)) }));
    chains.push(regular(`service-${s.name}`, [
      rule([{ kind: 'dst', net: cidr(`${s.clusterIp}/32`) }, src(clusterCidr, true)], jump('mark-for-masquerade')), ...sticky,
      rule([], numgen(s.endpoints.map((e, i) => ({ key: [i], verdict: goTo(endpoint(e)) })))),
    ]));
    for (const e of s.endpoints) {
      const affinity = `affinity-${s.name}-${e}`;
      if (s.affinitySeconds !== undefined) sets.push({ name: affinity, kind: 'nft-set', type: 'ipv4_addr', flags: ['dynamic', 'timeout'], timeoutSeconds: s.affinitySeconds, elements: [], origin });
      chains.push(regular(endpoint(e), [rule([src(e)], jump('mark-for-masquerade')), ...(s.affinitySeconds === undefined ? [] : [rule([], { kind: 'update-set', op: 'update', set: affinity, key: [{ field: 'saddr' }] })]), rule([{ kind: 'protocol', protocol: s.protocol ?? 'tcp' }], dnatTo(e, s.targetPort))]));
    }
  }
  const map = (name: string, list: NamedSet['elements']): NamedSet => ({ name, kind: 'nft-vmap', type: 'ipv4_addr . inet_proto . inet_service : verdict', elements: list, origin });
  return {
    family: 'ip', name: 'kube-proxy', tool: 'nft', sets: [map('service-ips', elements), map('no-endpoint-services', noEndpoints), { name: 'cluster-ips', kind: 'nft-set', type: 'ipv4_addr', elements: clusterIps, origin }, ...sets],
    chains: [
      base('filter-forward', 'filter', 'forward', 0, [rule([isNew], jump('service-endpoints-check')), rule([isNew], jump('cluster-ips-check'))]),
      base('filter-output', 'filter', 'output', 0, [rule([isNew], jump('service-endpoints-check')), rule([isNew], jump('cluster-ips-check'))]),
      base('nat-prerouting', 'nat', 'prerouting', -100, [rule([], jump('services'))]), base('nat-output', 'nat', 'output', -100, [rule([], jump('services'))]),
      base('nat-postrouting', 'nat', 'postrouting', 100, [rule([], jump('masquerading'))]),
      regular('services', [rule([], { kind: 'vmap', key, map: 'service-ips' })]),
      regular('service-endpoints-check', [rule([], { kind: 'vmap', key, map: '@no-endpoint-services' })]),
      regular('cluster-ips-check', [rule([{ kind: 'lookup', key: [{ field: 'daddr' }], set: 'cluster-ips' }], rejectWith()), rule([{ kind: 'dst', net: cidr('10.96.0.0/12') }], drop)]),
      regular('mark-for-masquerade', [rule([], { kind: 'set-mark', value: 0x4000, mask: 0x4000, form: 'xmark' })]),
      regular('masquerading', [rule([{ kind: 'bit-test', field: 'mark', mask: 0x4000, equals: 0 }], { kind: 'verdict', verdict: { kind: 'return' } }), rule([], { kind: 'set-mark', value: 0x4000, mask: 0, form: 'xmark' }), rule([], { kind: 'masquerade', randomFully: true })]),
      regular('reject-chain', [rule([], rejectWith())]), ...chains,
    ],
  };
}

/** Another set of rules for one chain of a table. */
export const withRules = (table: Table, chain: string, rules: readonly Rule[]): Table => ({ ...table, chains: table.chains.map((c) => (c.name === chain ? { ...c, rules } : c)) });
