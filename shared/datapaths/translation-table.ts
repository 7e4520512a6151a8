import { hostCidr } from '../base/cidr.ts';
import { fraction } from '../base/fraction.ts';
import type { Ip, IpFamily } from '../base/ip.ts';
import type { Origin } from '../dataplane/ids.ts';
import type { Action, Chain, Match, Rule, Table } from '../dataplane/rules.ts';

/** What a program at a node's links does with packets for one Service address. */
export interface Translation {
  readonly ip: Ip;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly port: number;
  /** Packets that came in from the nodes' network, from this machine's pods, or both. */
  readonly from: 'wire' | 'pods' | 'anyone';
  readonly backends: readonly { readonly ip: Ip; readonly port: number; readonly origin: Origin }[];
  /** Whether the node lends its address to what came from the wire: when it leaves by the wire again, or always. */
  readonly hide: 'never' | 'leaving' | 'always';
  /** What happens without backends; `pass` = nobody looks at it. */
  readonly none: 'refuse' | 'drop' | 'pass';
  readonly affinitySeconds: number | null;
  readonly origin: Origin;
  /** What Podhop does not know of this program: such packets end there. */
  readonly unknown?: readonly { readonly match: readonly Match[]; readonly text: string }[];
}

const uplink = 'eth0';
const hidden = { leaving: 0x100, always: 0x200 } as const;
const marked = (how: keyof typeof hidden): Match => ({ kind: 'mark', value: hidden[how], mask: hidden[how] });
const placed = (id: string, rules: readonly Omit<Rule, 'id'>[]): readonly Rule[] => rules.map((rule, i) => ({ id: `${id}/${i + 1}`, ...rule }));
const endText = (ip: Ip, port: number): string => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);

function aimed({ ip, protocol, port, from }: Translation): readonly Match[] {
  const came: readonly Match[] = from === 'anyone' ? [] : [{ kind: 'iif', name: uplink, ...(from === 'pods' ? { not: true } : {}) }];
  return [{ kind: 'dst', net: hostCidr(ip) }, { kind: 'protocol', protocol }, ...came, { kind: 'dport', ports: [{ from: port, to: port }] }];
}

/** The chain of one address: hide the client if it must, then one backend by equal odds. */
function chainOf(family: 'ip' | 'ip6', table: string, name: string, t: Translation): Chain {
  const id = `${family}/${table}/${name}`;
  const n = t.backends.length;
  const mask = family === 'ip' ? '255.255.255.255' as Ip : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' as Ip;
  const list = (i: number): string => `${name}-${i + 1}`;
  const to = (i: number): Action => ({ kind: 'dnat', to: { ip: t.backends[i]!.ip, ports: { from: t.backends[i]!.port, to: t.backends[i]!.port } } });
  const says = (i: number): string => `${endText(t.ip, t.port)}/${t.protocol} => ${endText(t.backends[i]!.ip, t.backends[i]!.port)}`;
  const sticky: readonly Omit<Rule, 'id'>[] = t.affinitySeconds === null ? [] : t.backends.map(({ origin }, i) => ({ match: [{ kind: 'recent', op: 'update', name: list(i), seconds: t.affinitySeconds!, side: 'source', mask }], do: [to(i)], origin, text: `${says(i)} (this client's last)` }));
  const rules: readonly Omit<Rule, 'id'>[] = [
    ...(t.unknown ?? []).map(({ match, text }): Omit<Rule, 'id'> => ({ match, do: [{ kind: 'unmodelled', text }], origin: t.origin, text })),
    ...(t.hide === 'never' ? [] : [{ match: [{ kind: 'iif', name: uplink } satisfies Match], do: [{ kind: 'set-mark', value: hidden[t.hide], mask: hidden[t.hide], form: 'xmark' } satisfies Action], origin: t.origin, text: `from ${uplink}: the node may have to lend its address` }]),
    ...sticky,
    ...t.backends.map(({ origin }, i): Omit<Rule, 'id'> => ({
      match: [...(i === n - 1 ? [] : [{ kind: 'statistic', mode: 'random', probability: fraction(1, n - i) } satisfies Match]), ...(t.affinitySeconds === null ? [] : [{ kind: 'recent', op: 'set', name: list(i), side: 'source', mask } satisfies Match])],
      do: [to(i)], origin, text: `${says(i)} (1 of ${n})`,
    })),
  ];
  return { kind: 'regular', id, name, rules: placed(id, rules), origin: t.origin };
}

/** One table of a program that no rule tool prints: destinations rewritten as packets come in, sources as they leave. What it decides is exact; its rules' texts are descriptions. `own` says what Podhop does not know of packets that the node itself sends to these addresses. */
export function translationTable(by: string, name: string, family: IpFamily, translations: readonly Translation[], own?: string): Table {
  const f = family === 4 ? 'ip' : 'ip6';
  const because = (why: string): Origin => ({ by, why });
  const base = (chain: string, type: 'nat' | 'filter', hook: 'prerouting' | 'output' | 'postrouting', priority: number, why: string, rules: readonly Omit<Rule, 'id'>[]): Chain =>
    ({ kind: 'base', type, hook, priority, policy: 'accept', id: `${f}/${name}/${chain}`, name: chain, origin: because(why), rules: placed(`${f}/${name}/${chain}`, rules) });
  const served = translations.map((t, i) => ({ t, chain: `lb-${i + 1}` })).filter(({ t }) => t.backends.length > 0);
  const refused = translations.filter(({ backends, none }) => backends.length === 0 && none !== 'pass');
  const lend = 'The node lends its address, so that the answer comes back through it';
  return {
    family: f, name, tool: 'program', sets: [], chains: [
      base('refuse', 'filter', 'prerouting', -110, 'Ends what has nobody to go to', refused.map((t) => ({
        match: aimed(t), do: [{ kind: 'verdict', verdict: t.none === 'refuse' ? { kind: 'reject', with: 'icmp-port-unreachable' } : { kind: 'drop' } }], origin: t.origin, text: `${endText(t.ip, t.port)}/${t.protocol} ${t.none}`,
      }))),
      base('translate', 'nat', 'prerouting', -100, 'Finds the Service that a destination belongs to', served.map(({ t, chain }) => ({ match: aimed(t), do: [{ kind: 'verdict', verdict: { kind: 'jump', chain } }], origin: t.origin, text: `${endText(t.ip, t.port)}/${t.protocol} is a Service's` }))),
      ...(own === undefined ? [] : [base('own', 'filter', 'output', -110, 'What the node itself sends', translations.map((t) => ({ match: aimed({ ...t, from: 'anyone' }), do: [{ kind: 'unmodelled', text: own }], origin: t.origin, text: own })))]),
      base('lend', 'nat', 'postrouting', 100, 'Hides clients where the answer would miss this node', [
        { match: [marked('leaving'), { kind: 'oif', name: uplink }], do: [{ kind: 'masquerade' }], origin: because(lend), text: `out by ${uplink}: masquerade` },
        { match: [marked('always')], do: [{ kind: 'masquerade' }], origin: because(lend), text: 'masquerade' },
      ]),
      ...served.map(({ t, chain }) => chainOf(f, name, chain, t)),
    ],
  };
}
