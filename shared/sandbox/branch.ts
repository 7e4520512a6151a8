import { toFractionJson, type Fraction } from '../base/fraction.ts';
import type { Ip } from '../base/ip.ts';
import { printRef, type ObjectRef } from '../base/object-ref.ts';
import type { NetnsId, Origin } from '../dataplane/ids.ts';
import { portsOf, type Packet } from '../dataplane/packet.ts';
import type { Branch, DecidedBy, Hop, Outcome, Trace } from '../trace/types.ts';
import { rewritesOf } from '../trace/rewrites.ts';
import { verdictOf } from '../trace/verdict.ts';
import type { Asked } from './legs/flow.ts';
import { explain, findRule, findServer, glossaryKey } from './glossary.ts';
import { locate } from './locate.ts';
import { mapOrigins, type MapOrigins } from './map-origins.ts';
import { policyFate } from './policy-fate.ts';
import type { World } from './world.ts';

type Endpoint = NonNullable<Branch['endpoint']>;

const podOfNetns = (netns: NetnsId): string | null => (netns.startsWith('pod/') ? netns.slice('pod/'.length) : null);

/** Who answered: a pod by its namespace, or the hostNetwork pod that listens on that port of its node. */
export function endpointOf(world: World, netns: NetnsId, packet: Packet): Endpoint | null {
  if (netns.startsWith('world/')) return null;
  const port = portsOf(packet.l4).dport;
  const own = podOfNetns(netns);
  const pod = world.cluster.pods.find((one) => (own === null ? one.hostNetwork && `node/${one.node}` === netns && one.ports.some((p) => p.port === port && p.protocol === packet.l4.proto) : `${one.namespace}/${one.name}` === own));
  const node = pod?.node ?? (netns.startsWith('node/') ? netns.slice('node/'.length) : undefined);
  return { ip: packet.dst, port, netns, ...(pod ? { pod: `${pod.namespace}/${pod.name}` } : {}), ...(node === undefined ? {} : { node }) };
}

/** Outside, only an address that an EndpointSlice names is known to answer (CLI.md, who answers). */
function namedOutside({ cluster }: World, outcome: Outcome): Endpoint | null {
  if (outcome.kind !== 'left-cluster' || !outcome.as) return null;
  const { dst: ip, l4 } = outcome.as;
  const named = cluster.endpointSlices.some((slice) => slice.endpoints.some((endpoint) => endpoint.addresses.includes(ip)));
  return named ? { ip, port: portsOf(l4).dport, netns: outcome.via } : null;
}

function decided(world: World, netns: NetnsId, id: string, origins: MapOrigins): DecidedBy[] {
  const explained = explain(world, netns, id, origins);
  if (!explained) return [];
  const { for: ref, at, text } = explained;
  const who: ObjectRef = ref ?? { kind: 'Host', name: netns };
  return [{ kind: who.kind, ...(who.namespace === undefined ? {} : { namespace: who.namespace }), name: who.name, ...(at ? { file: at.file, line: at.line } : {}), rule: text }];
}

/** The rule whose origin names why a packet ended, wherever it ended: on the way there or on the way back. */
function endingRule(outcome: Outcome): { readonly netns: NetnsId; readonly id: string } | null {
  if (outcome.kind === 'dropped' || outcome.kind === 'rejected') return { netns: outcome.at, id: outcome.by };
  if (outcome.kind === 'unreachable-route' && outcome.detail?.startsWith('socket-lb/')) return { netns: outcome.at, id: outcome.detail };
  return null;
}

/** The rules that rewrote the destination on the way: on a delivered branch they are who decided. */
function choosers(hops: readonly Hop[]): readonly { readonly netns: NetnsId; readonly id: string }[] {
  return hops.flatMap((hop) => hop.steps.flatMap((step) => step.kind === 'ipvs' || step.kind === 'socket-lb' ? [{ netns: hop.netns, id: step.by }] :
    step.kind === 'rewrite' && step.by !== 'conntrack' && step.before.dst !== step.after.dst ? [{ netns: hop.netns, id: step.by }] : []));
}

function originOf(world: World, netns: NetnsId, id: string, origins: MapOrigins): Origin | null {
  const hit = origins.get(glossaryKey(netns, id));
  if (hit) return hit;
  const host = world.dataplane.netns(netns);
  return host ? (findRule(host, id)?.rule ?? findServer(host, id))?.origin ?? null : null;
}

/** Whether the packet was sent to a Service's address on a port that the Service does not have. */
function missingPort(asked: Asked): string | null {
  const { target, port, protocol } = asked;
  const { service } = target;
  if (!service || service.headless || port === null || protocol === 'icmp') return null;
  if (service.ports.some((one) => one.protocol === protocol && (one.port === port || one.nodePort === port))) return null;
  const has = service.ports.map((one) => `${one.port}/${one.protocol.toUpperCase()}`).join(', ');
  return `Service ${service.namespace}/${service.name} has no port ${port}/${protocol.toUpperCase()} (it has ${has}), so no rule rewrites the packet`;
}

/** Every policy that isolates the pod, with the rule that dropped the packet. */
function decidedByPolicies(world: World, trace: Trace): readonly DecidedBy[] {
  const { outcome } = trace;
  const explained = policyFate(world, trace);
  if (!explained || outcome.kind !== 'dropped') return [];
  const rule = explain(world, outcome.at, outcome.by)?.text ?? '';
  return explained.decidedBy.map((ref) => {
    const at = locate(world.objects, ref);
    return { kind: ref.kind, ...(ref.namespace === undefined ? {} : { namespace: ref.namespace }), name: ref.name, ...(at ? { file: at.file, line: at.line } : {}), rule };
  });
}

interface Fate { readonly verdict: Branch['verdict']; readonly code: string; readonly sentence: string }

function fateOf(asked: Asked, trace: Trace, origins: MapOrigins): Fate {
  const plain = verdictOf(trace);
  if (plain.verdict === 'delivered') return plain;
  const policy = policyFate(asked.world, trace);
  if (policy) return { ...plain, code: policy.code, sentence: policy.sentence };
  const ending = endingRule(trace.outcome) ?? (trace.reply ? endingRule(trace.reply.outcome) : null);
  const origin = ending ? originOf(asked.world, ending.netns, ending.id, origins) : null;
  if (origin?.code !== undefined) return { ...plain, code: origin.code, sentence: `${origin.why}${origin.why.endsWith('.') ? '' : '.'}` };
  const missing = missingPort(asked);
  if (missing !== null && rewritesOf(trace).dnat === null) return { ...plain, code: 'no-service-port', sentence: `${missing}. ${plain.sentence}` };
  return plain;
}

/** One way the packet could have gone, in CLI.md's words: verdict, who answered, what they saw, who decided. */
export function toBranch(asked: Asked, dst: Ip, odds: Fraction, trace: Trace): Branch {
  const { world, target } = asked;
  const origins = mapOrigins(world, trace);
  const fate = fateOf(asked, trace, origins);
  const { dnat, snat } = rewritesOf(trace);
  const arrived = trace.outcome.kind === 'delivered' ? { netns: trace.outcome.to, packet: trace.outcome.as } : null;
  const delivered = fate.verdict === 'delivered';
  const ending = endingRule(trace.outcome) ?? (trace.reply ? endingRule(trace.reply.outcome) : null);
  const deciders = delivered ? choosers(trace.hops) : ending ? [ending] : [];
  const policies = decidedByPolicies(world, trace);
  const what = `${dst}${trace.flow.packet.l4.proto === 'icmp' ? '' : `:${portsOf(trace.flow.packet.l4).dport}`}`;
  const answer = target.how === 'without-packets' ? `${target.srv?.records.find(({ ip }) => ip === dst)?.target ?? target.fqdn} is ${dst}${target.lookups.length > 0 && asked.probe.at === undefined ? '' : ', found without packets'}` : target.ref ? `${printRef(target.ref)} is ${dst}` : undefined;
  return {
    odds: toFractionJson(odds),
    ...fate,
    dnat,
    snat,
    endpoint: delivered && arrived ? endpointOf(world, arrived.netns, arrived.packet) : delivered ? namedOutside(world, trace.outcome) : null,
    sourceSeen: arrived ? { ip: arrived.packet.src } : trace.outcome.kind === 'left-cluster' && trace.outcome.as ? { ip: trace.outcome.as.src } : null,
    http: null,
    decidedBy: policies.length > 0 ? policies : deciders.flatMap(({ netns, id }) => decided(world, netns, id, origins)),
    legs: [{ kind: 'connection', what, trace, ...(answer === undefined ? {} : { answer }) }],
  };
}
