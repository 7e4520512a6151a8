import type { NetnsId, Origin } from '../dataplane/ids.ts';
import type { Netns, SocketService, VirtualServer } from '../dataplane/netns.ts';
import { printIpvsadm } from '../dataplane/text/print-ipvsadm.ts';
import { printRule } from '../dataplane/text/print-rule.ts';
import type { Chain, Rule, Table } from '../dataplane/rules.ts';
import type { Explained, Glossary, Journey, Step, Trace } from '../trace/types.ts';
import { locate } from './locate.ts';
import type { World } from './world.ts';

interface RuleAt { readonly table: Table; readonly chain: Chain; readonly rule: Rule }

/** `FAMILY/TABLE/CHAIN/N` taken apart; N counts from 1. */
export function findRule(netns: Netns, id: string): RuleAt | null {
  const [family, name] = id.split('/');
  const table = netns.tables.find((one) => one.family === family && one.name === name && id.startsWith(`${family}/${name}/`));
  const rest = id.slice(`${family}/${name}/`.length);
  const slash = rest.lastIndexOf('/');
  const chain = table?.chains.find((one) => one.name === rest.slice(0, slash));
  const rule = chain?.rules[Number(rest.slice(slash + 1)) - 1];
  return table && chain && rule ? { table, chain, rule } : null;
}

const isCalled = (id: string) => ({ protocol, ip, port }: VirtualServer | SocketService): boolean => id.endsWith(`/${protocol}/${ip.includes(':') ? `[${ip}]` : ip}:${port}`);

/** The virtual server or socket-level Service that the engine calls `ipvs/PROTOCOL/IP:PORT` or `socket-lb/PROTOCOL/IP:PORT`. */
export function findServer(netns: Netns, id: string): VirtualServer | SocketService | null {
  if (id.startsWith('ipvs/')) return netns.virtualServers.find(isCalled(id)) ?? null;
  return id.startsWith('socket-lb/') ? netns.socketServices?.find(isCalled(id)) ?? null : null;
}

/** ipvsadm's own lines; for a socket-level Service its address and what it is translated to. */
function serverText(server: VirtualServer | SocketService): string {
  if ('real' in server) return printIpvsadm({ virtualServers: [server] }).map((line) => line.text).join('\n');
  return `connect ${server.ip}:${server.port}/${server.protocol} => ${server.backends.map(({ ip, port }) => `${ip}:${port}`).join(', ') || 'nobody'}`;
}

const findChain = (netns: Netns, id: string): Chain | null => netns.tables.flatMap((table) => table.chains).find((chain) => chain.id === id) ?? null;

function explainOrigin(world: World, origin: Origin, text: string): Explained {
  const at = origin.at ?? (origin.for ? locate(world.objects, origin.for, origin.field) : null);
  return { text, why: origin.why, by: origin.by, ...(origin.for ? { for: origin.for } : {}), ...(at ? { at } : {}) };
}

/** What a rule, chain, route or virtual server says and why it is there; null for an id that is none of these. `origins` are those of map elements that a packet hit. */
export function explain(world: World, netnsId: NetnsId, id: string, origins?: ReadonlyMap<string, Origin>): Explained | null {
  const netns = world.dataplane.netns(netnsId);
  if (!netns) return null;
  const found = findRule(netns, id);
  if (found) return explainOrigin(world, origins?.get(glossaryKey(netnsId, id)) ?? found.rule.origin, printRule(found.rule, found.chain, found.table));
  const server = findServer(netns, id);
  if (server) return explainOrigin(world, server.origin, serverText(server));
  const route = netns.routes.find((one) => one.id === id);
  if (route) return explainOrigin(world, route.origin, route.id);
  const chain = findChain(netns, id);
  return chain ? explainOrigin(world, chain.origin, chain.kind === 'base' ? `${chain.name} policy ${chain.policy}` : chain.name) : null;
}

/** The ids that a step names. */
export function idsOf(step: Step): readonly string[] {
  switch (step.kind) {
    case 'rule': return [step.rule];
    case 'policy': return [step.chain];
    case 'route': return step.route === null ? [] : [step.route];
    case 'rewrite': return step.by === 'conntrack' ? [] : [step.by];
    case 'choice': case 'ipvs': case 'socket-lb': case 'proxy': return [step.by];
    default: return [];
  }
}

export const glossaryKey = (netns: NetnsId, id: string): string => `${netns} ${id}`;

/** Everything that the journey's steps name, in the words of the tool that prints it. */
export function glossaryOf(world: World, journey: Journey, originsOf: (trace: Trace) => ReadonlyMap<string, Origin>): Glossary {
  const glossary: Record<string, Explained> = {};
  const read = (trace: Trace | undefined, origins: ReadonlyMap<string, Origin>): void => {
    for (const hop of trace?.hops ?? []) {
      for (const id of hop.steps.flatMap(idsOf)) {
        const key = glossaryKey(hop.netns, id);
        if (Object.hasOwn(glossary, key)) continue;
        const explained = explain(world, hop.netns, id, origins);
        if (explained) glossary[key] = explained;
      }
    }
    if (trace?.reply) read(trace.reply, origins);
  };
  for (const branch of journey.branches) for (const leg of branch.legs) read(leg.trace, originsOf(leg.trace));
  return glossary;
}
