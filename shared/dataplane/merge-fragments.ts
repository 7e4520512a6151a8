import { ifAddress } from '../base/cidr.ts';
import { withBuiltinChains } from './builtin-chains.ts';
import type { NetnsId, Origin } from './ids.ts';
import { kernelRoutes } from './kernel-routes.ts';
import type { Fragment, Link, Netns, NetnsPart, Route, Sysctls } from './netns.ts';
import type { Chain, Rule, Table } from './rules.ts';

const linuxDefaults: Sysctls = { ipForward: false, bridgeNf: false, routeLocalnet: false, rpFilter: 0 };

const loopback = (origin: Origin): Link => ({
  kind: 'loopback', name: 'lo', mac: '00:00:00:00:00:00', mtu: 65_536, up: true,
  addresses: [ifAddress('127.0.0.1/8'), ifAddress('::1/128')],
  origin: { ...origin, why: 'Every namespace has a loopback: how it talks to itself.' },
});

/** Rules get the number of their place in the merged chain; a rule that already has it is kept as the very same object. */
function renumbered(id: string, rules: readonly Rule[]): readonly Rule[] {
  return rules.map((rule, i) => {
    const place = `${id}/${i + 1}`;
    return rule.id === place ? rule : { ...rule, id: place };
  });
}

function mergeChain(a: Chain, b: Chain): Chain {
  if (a.kind !== b.kind || (a.kind === 'base' && b.kind === 'base' && (a.hook !== b.hook || a.priority !== b.priority || a.type !== b.type))) {
    throw new Error(`two datapaths disagree about chain ${a.id}`);
  }
  const rules = renumbered(a.id, [...a.rules, ...b.rules]);
  if (a.kind === 'base' && b.kind === 'base' && b.policy === 'drop') return { ...a, policy: 'drop', rules };
  return { ...a, rules };
}

/** One table of several parts, in their order; chains of one name become one. */
function mergeTable(tables: readonly [Table, ...Table[]]): Table {
  const [first, ...others] = tables;
  if (others.some((table) => table.tool !== first.tool)) throw new Error(`table ${first.family} ${first.name} belongs to two tools`);
  return others.length === 0 ? first : { ...first, chains: mergeChains(tables.map((table) => table.chains)), sets: tables.flatMap((table) => table.sets) };
}

/** The longest list is only looked through for the names that the others have: a node's Services may be 100,000 chains. */
function mergeChains(lists: readonly (readonly Chain[])[]): readonly Chain[] {
  const longest = lists.reduce((most, list) => (list.length > most.length ? list : most));
  const others = lists.filter((list) => list !== longest).flat();
  const named = { base: new Set(others.map((chain) => chain.name)), regular: new Set(others.filter((chain) => chain.kind === 'regular').map((chain) => chain.name)) };
  const isShared = (chain: Chain): boolean => named[chain.kind].size > 0 && named[chain.kind].has(chain.name);
  const merged = new Map<string, Chain>();
  const order: (string | readonly Chain[])[] = [];
  const meet = (chain: Chain): void => {
    const before = merged.get(chain.name);
    if (!before) order.push(chain.name);
    merged.set(chain.name, before ? mergeChain(before, chain) : chain);
  };
  for (const list of lists) {
    if (list !== longest) list.forEach(meet);
    else for (const run of runsOf(list, isShared)) {
      if (run.length === 1 && isShared(run[0]!)) meet(run[0]!);
      else order.push(run);
    }
  }

  return order.flatMap((entry) => (typeof entry === 'string' ? [merged.get(entry)!] : entry));
}

/** The list cut so that every shared chain stands alone. */
function runsOf(list: readonly Chain[], isShared: (chain: Chain) => boolean): readonly (readonly Chain[])[] {
  const runs: (readonly Chain[])[] = [];
  let from = 0;
  list.forEach((chain, i) => {
    if (!isShared(chain)) return;
    if (from < i) runs.push(list.slice(from, i));
    runs.push([chain]);
    from = i + 1;
  });
  return from < list.length ? [...runs, list.slice(from)] : runs;
}

function mergeTables(parts: readonly NetnsPart[]): readonly Table[] {
  const tables = new Map<string, [Table, ...Table[]]>();
  for (const part of parts) {
    for (const table of part.tables ?? []) {
      const key = `${table.tool} ${table.family} ${table.name}`;
      const before = tables.get(key);
      if (before) before.push(table);
      else tables.set(key, [table]);
    }
  }
  return [...tables.values()].map((same) => withBuiltinChains(mergeTable(same)));
}

/** First by table, then the given order; a route that two datapaths add alike is one route, as in the kernel. */
function mergeRoutes(links: readonly Link[], parts: readonly NetnsPart[]): readonly Route[] {
  const routes = new Map<string, Route>();
  for (const route of [...links.flatMap((link) => kernelRoutes(link)), ...parts.flatMap((part) => part.routes ?? [])]) {
    const key = `${route.table} ${route.id}`;
    if (!routes.has(key)) routes.set(key, route);
  }
  return [...routes.values()];
}

/** One datapath's list is kept as the very same object, which all pods of a node share. */
function mergeSocketServices(parts: readonly NetnsPart[]): Pick<Netns, 'socketServices'> {
  const lists = parts.flatMap(({ socketServices }) => (socketServices ? [socketServices] : []));
  return lists.length === 0 ? {} : { socketServices: lists.length === 1 ? lists[0]! : lists.flat() };
}

/** One namespace out of what every datapath contributed to it, in rank order (DESIGN §8.4). The kernel's own share is added: `lo`, the routes of addresses, the built-in chains of used tables. Throws where no part created the namespace, which is our own bug. */
export function mergeFragments(id: NetnsId, fragments: readonly Fragment[]): Netns {
  const parts = [...fragments].sort((a, b) => a.rank - b.rank).flatMap((f) => f.parts.filter((part) => part.netns === id));
  const creator = parts.find((part) => part.kind !== undefined && part.host !== undefined && part.origin !== undefined);
  if (!creator) throw new Error(`no datapath creates ${id}`);
  const origin = creator.origin!;
  const given = parts.flatMap((part) => part.links ?? []);
  const links = given.some((link) => link.name === 'lo') ? given : [loopback(origin), ...given];
  const sysctls: Sysctls = parts.reduce((all, part) => ({ ...all, ...part.sysctls }), linuxDefaults);
  return {
    id, kind: creator.kind!, host: creator.host!, origin, links, sysctls,
    routes: mergeRoutes(links, parts),
    neighbours: parts.flatMap((part) => part.neighbours ?? []),
    tables: mergeTables(parts),
    ipsets: parts.flatMap((part) => part.ipsets ?? []),
    virtualServers: parts.flatMap((part) => part.virtualServers ?? []),
    sockets: parts.flatMap((part) => part.sockets ?? []),
    ...mergeSocketServices(parts),
    ...(parts.some((part) => part.down === true) ? { down: true } : {}),
  };
}
