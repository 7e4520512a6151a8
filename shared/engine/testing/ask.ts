import { printFraction } from '../../base/fraction.ts';
import { ip } from '../../base/ip.ts';
import type { Dataplane } from '../../dataplane/netns.ts';
import type { L4, Packet } from '../../dataplane/packet.ts';
import type { Flow, Step, Trace } from '../../trace/types.ts';
import { selectSource } from '../select-source.ts';
import { emptyState, send } from '../send.ts';
import type { SendResult } from '../types.ts';

export interface Question { readonly from: string; readonly to: string; readonly port?: number; readonly protocol?: 'tcp' | 'udp' | 'sctp' | 'icmp'; readonly sport?: number; readonly src?: string; readonly ingress?: string; readonly ttl?: number; readonly size?: number }

const l4Of = (q: Question): L4 => {
  const ports = { sport: q.sport ?? 20_000, dport: q.port ?? 80 };
  switch (q.protocol ?? 'tcp') {
    case 'tcp': return { proto: 'tcp', ...ports, flags: 'syn' };
    case 'udp': return { proto: 'udp', ...ports };
    case 'sctp': return { proto: 'sctp', ...ports, chunk: 'init' };
    case 'icmp': return { proto: 'icmp', type: 8, code: 0, id: 1 };
  }
};

/** The question as a flow, its source as the kernel would choose it. */
export function flowOf(dataplane: Dataplane, q: Question): Flow {
  const src = q.src === undefined ? selectSource(dataplane, q.from, ip(q.to)) ?? ip('0.0.0.0') : ip(q.src);
  const packet: Packet = { src, dst: ip(q.to), ttl: q.ttl ?? 64, l4: l4Of(q), ...(q.size === undefined ? {} : { size: q.size }) };
  return { from: q.from, packet, ...(q.ingress === undefined ? {} : { ingress: q.ingress }) };
}

/** Every branch of a question to kernels that remember nothing. */
export const ask = (dataplane: Dataplane, q: Question): SendResult => send(dataplane, flowOf(dataplane, q), emptyState(), { mode: 'all' });

const port = (l4: L4, side: 'sport' | 'dport'): string => (l4.proto === 'icmp' ? '' : `:${l4[side]}`);
/** `10.244.1.10:20000 > 10.96.0.1:80`. */
export const header = (p: Packet): string => `${p.src}${port(p.l4, 'sport')} > ${p.dst}${port(p.l4, 'dport')}`;

/** A trace's end in one line: what, where, and the header or the detail. */
export function fate(trace: Trace): string {
  const o = trace.outcome;
  switch (o.kind) {
    case 'delivered': return `delivered ${o.to} ${header(o.as)}`;
    case 'left-cluster': return `left-cluster ${o.via}`;
    case 'rejected': return `rejected ${o.at} ${o.by} from ${o.answer.src}`;
    case 'dropped': return `dropped ${o.at} ${o.by}`;
    case 'refused': return `refused ${o.by}`;
    case 'unmodelled': return `unmodelled ${o.what}`;
    default: return `${o.kind} ${o.at}`;
  }
}

/** All branches: odds, fate, and the reply's fate after `; `. */
export const fates = (result: SendResult): readonly string[] =>
  result.branches.map(({ odds, trace }) => `${printFraction(odds)} ${fate(trace)}${trace.reply ? `; ${fate(trace.reply)}` : ''}`);

/** The namespaces visited, the answer's after `|`. */
export const way = (trace: Trace): string => [trace, ...(trace.reply ? [trace.reply] : [])].map((t) => t.hops.map((h) => h.netns.split('/')[1]).join(' ')).join(' | ');

export const stepsOf = (trace: Trace): readonly Step[] => trace.hops.flatMap((hop) => [...hop.steps]);
