import type { RulesFormat } from '../api/shapes.ts';
import type { Netns, SocketService } from '../dataplane/netns.ts';
import type { Listing, NodeListing } from '../scenario/golden-text.ts';
import { rulesText } from './rules-text.ts';
import type { World } from './world.ts';

const tools: readonly (readonly [tool: string, format: RulesFormat, family: 4 | 6])[] = [
  ['ipset', 'ipset', 4], ['iptables-save', 'iptables-save', 4], ['ip6tables-save', 'iptables-save', 6], ['nft', 'nft', 4], ['ipvsadm', 'ipvsadm', 4],
];

const end = (ip: string, port: number): string => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);
const translated = ({ protocol, ip, port, affinitySeconds, backends }: SocketService): string =>
  `connect ${protocol} ${end(ip, port)} => ${backends.map((to) => end(to.ip, to.port)).join(' | ') || 'fails'}${affinitySeconds === undefined ? '' : ` (the same for ${affinitySeconds} s)`}`;

/** What no tool prints: which connections are translated in sockets, and tables of programs, as their rules describe themselves. */
const programs = ({ socketServices = [], tables }: Netns): readonly string[] => [
  ...socketServices.map(translated),
  ...tables.filter(({ tool }) => tool === 'program').flatMap(({ family, name, chains }) => [`table ${family} ${name} {`, ...chains.flatMap((chain) => [`\tchain ${chain.name} {`, ...chain.rules.map((rule) => `\t\t${rule.text ?? rule.origin.why}`), '\t}']), '}']),
];

/** What every node of a world holds, by the tool that would list it. */
export function nodeListings(world: World): readonly NodeListing[] {
  return world.dataplane.ids.filter((id) => id.startsWith('node/')).map((node) => {
    const listings = tools.map(([tool, format, family]): Listing => ({ tool, lines: rulesText(world, node, format, family).lines.map(({ text }) => text) }));
    return { node, listings: [...listings, { tool: 'programs, described', lines: programs(world.dataplane.netns(node)!) }].filter(({ lines }) => lines.length > 0) };
  });
}
