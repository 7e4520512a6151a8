import type { Dataplane, Link, Netns } from './netns.ts';
import type { Action, Chain, Match, Rule, Table } from './rules.ts';

function duplicates(what: string, names: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return names.filter((name) => seen.has(name) || !seen.add(name)).map((name) => `${what} ${name} stands twice`);
}

function checkLink(netns: Netns, link: Link, dataplane: Dataplane): readonly string[] {
  const found: string[] = [];
  if (link.name.length > 15) found.push(`${link.name} is longer than a kernel's 15 characters (IFNAMSIZ)`);
  if (link.master !== undefined && !netns.links.some((l) => l.name === link.master && l.kind === 'bridge')) found.push(`${link.name} has no bridge ${link.master}`);
  if (link.kind !== 'veth') return found;
  const far = dataplane.netns(link.peer.netns)?.links.find((l) => l.name === link.peer.link);
  if (!far) return [...found, `${link.name} leads to ${link.peer.netns} ${link.peer.link}, which does not exist`];
  if (far.kind !== 'veth' || far.peer.netns !== netns.id || far.peer.link !== link.name) found.push(`${link.name} and its other end ${link.peer.netns} ${link.peer.link} do not name each other`);
  else if ((far.cut === true) !== (link.cut === true)) found.push(`${link.name} is cut on one side only`);
  return found;
}

function checkRoutes(netns: Netns): readonly string[] {
  const devs = new Set(netns.links.map((link) => link.name));
  return netns.routes.flatMap((route) => [route.dev, ...(route.nexthops ?? []).map((hop) => hop.dev)]
    .filter((dev) => dev !== undefined && !devs.has(dev))
    .map((dev) => `route ${route.id} leaves by ${dev}, which does not exist`));
}

function chainsOf(action: Action): readonly string[] {
  if (action.kind === 'verdict') return 'chain' in action.verdict ? [action.verdict.chain] : [];
  if (action.kind === 'vmap' && typeof action.map !== 'string') return action.map.flatMap((e) => ('chain' in e.verdict ? [e.verdict.chain] : []));
  return [];
}

function setsOf(rule: Rule): readonly string[] {
  const ofMatch = (match: Match): string[] => (match.kind === 'set' || match.kind === 'lookup' ? [match.set] : []);
  const ofAction = (action: Action): string[] => {
    if (action.kind === 'update-set') return [action.set];
    return (action.kind === 'vmap' || action.kind === 'dnat-map') && typeof action.map === 'string' ? [action.map] : [];
  };
  return [...rule.match.flatMap(ofMatch), ...rule.do.flatMap(ofAction)];
}

function checkChain(netns: Netns, table: Table, chain: Chain, chains: ReadonlySet<string>): readonly string[] {
  const sets = new Set((table.tool === 'nft' ? table.sets : netns.ipsets).map((set) => set.name));
  const found: string[] = [];
  if (chain.id !== `${table.family}/${table.name}/${chain.name}`) found.push(`chain ${chain.name} has the id ${chain.id}`);
  chain.rules.forEach((rule, i) => {
    if (rule.id !== `${chain.id}/${i + 1}`) found.push(`rule ${i + 1} of ${chain.id} has the id ${rule.id}`);
    if (rule.origin.why === '') found.push(`${rule.id} does not say why it exists`);
    for (const target of rule.do.flatMap(chainsOf)) if (!chains.has(target)) found.push(`${rule.id} jumps to ${target}, which does not exist`);
    for (const set of setsOf(rule)) if (!sets.has(set)) found.push(`${rule.id} asks the set ${set}, which does not exist`);
  });
  return found;
}

function checkTable(netns: Netns, table: Table): readonly string[] {
  const chains = new Set(table.chains.map((chain) => chain.name));
  const jumpsOfMaps = table.sets.flatMap((set) => set.elements.flatMap((e) => (e.verdict && 'chain' in e.verdict && !chains.has(e.verdict.chain) ? [`map ${set.name} jumps to ${e.verdict.chain}, which does not exist`] : [])));
  return [...duplicates('chain', table.chains.map((chain) => chain.id)), ...duplicates('set', table.sets.map((set) => set.name)), ...jumpsOfMaps,
    ...table.chains.flatMap((chain) => checkChain(netns, table, chain, chains))];
}

/** Everything about one namespace that no kernel could hold, as sentences; empty when it is sound. */
export function checkNetns(netns: Netns, dataplane: Dataplane): readonly string[] {
  return [
    ...duplicates('link', netns.links.map((link) => link.name)),
    ...duplicates('route', netns.routes.map((route) => `${route.table} ${route.id}`)),
    ...duplicates('ipset', netns.ipsets.map((set) => set.name)),
    ...duplicates('table', netns.tables.map((table) => `${table.tool} ${table.family} ${table.name}`)),
    ...netns.links.flatMap((link) => checkLink(netns, link, dataplane)),
    ...checkRoutes(netns),
    ...netns.tables.flatMap((table) => checkTable(netns, table)),
    ...(netns.origin.why === '' ? ['does not say why it exists'] : []),
  ].map((sentence) => `${netns.id}: ${sentence}`);
}

/** The same over all namespaces; compiles every machine, so it is for tests. */
export const checkDataplane = (dataplane: Dataplane): readonly string[] =>
  [...duplicates('namespace', dataplane.ids), ...dataplane.ids.flatMap((id) => {
    const netns = dataplane.netns(id);
    return netns ? checkNetns(netns, dataplane) : [`${id} is listed and does not exist`];
  })];
