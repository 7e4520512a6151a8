import { ifAddress } from '../base/cidr.ts';
import { withBuiltinChains } from './builtin-chains.ts';
import { byName, foundBy } from './find-chain.ts';
import type { NetnsId, Origin } from './ids.ts';
import { kernelRoutes } from './kernel-routes.ts';
import type { Fragment, Link, Netns, NetnsPart, OwnChains, Route, Sysctls, TablePart } from './netns.ts';
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
function mergeTable(parts: readonly [TablePart, ...TablePart[]]): Table {
  const [{ own: _own, ...first }, ...others] = parts;
  const owned = parts.flatMap(({ own }) => (own ? [own] : []));
  const sets = others.length === 0 ? first.sets : parts.flatMap((part) => part.sets);
  const table = withBuiltinChains({ ...first, sets, chains: mergeChains(parts.map(({ chains }) => chains)) });
  return owned.length === 0 ? table : { ...table, chains: behind(table.chains, owned) };
}

/** Chains of one name are one chain, wherever they stand: in several parts, or twice in one. */
function mergeChains(lists: readonly (readonly Chain[])[]): readonly Chain[] {
  const merged = new Map<string, Chain>();
  for (const chain of lists.flat()) {
    const before = merged.get(chain.name);
    merged.set(chain.name, before ? mergeChain(before, chain) : chain);
  }
  return [...merged.values()];
}

/** The chains that several datapaths may write to, and behind them those that belong to one alone: found by both, walked through by nobody. */
function behind(shared: readonly Chain[], owned: readonly OwnChains[]): readonly Chain[] {
  const taken = shared.find(({ name }) => owned.some((own) => own.find(name)));
  if (taken) throw new Error(`chain ${taken.id} belongs to one datapath, and another writes to it`);
  const { base, find } = byName(shared);
  const findOwn = (name: string): Chain | undefined => {
    for (const own of owned) {
      const chain = own.find(name);
      if (chain) return chain;
    }
    return undefined;
  };
  return foundBy(shared.concat(...owned.map(({ list }) => list)), { base, find: (name) => find(name) ?? findOwn(name) });
}

function mergeTables(parts: readonly NetnsPart[]): readonly Table[] {
  const tables = new Map<string, [TablePart, ...TablePart[]]>();
  for (const part of parts) {
    for (const table of part.tables ?? []) {
      const key = `${table.tool} ${table.family} ${table.name}`;
      const before = tables.get(key);
      if (before) before.push(table);
      else tables.set(key, [table]);
    }
  }
  return [...tables.values()].map(mergeTable);
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
