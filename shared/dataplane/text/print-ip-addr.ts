import { addressOf, cidrFamily, prefixLength, type IfAddress } from '../../base/cidr.ts';
import { ipFromU32, toU32, type Ip } from '../../base/ip.ts';
import type { IfName } from '../ids.ts';
import type { Link, Netns } from '../netns.ts';
import type { RuleLine } from './iptables-words.ts';

/** The last address of an IPv4 network, which `ip addr` shows as `brd` where the network has room for one (RFC 3021: not /31 and /32). */
function broadcast(address: IfAddress): Ip | null {
  const bits = prefixLength(address);
  return cidrFamily(address) === 4 && bits < 31 ? ipFromU32((toU32(addressOf(address)) | (2 ** (32 - bits) - 1)) >>> 0) : null;
}

function addressLine(link: Link, address: IfAddress): string {
  const scope = link.kind === 'loopback' ? 'host' : 'global';
  const brd = link.kind === 'loopback' ? null : broadcast(address);
  return cidrFamily(address) === 4
    ? `    inet ${address}${brd === null ? '' : ` brd ${brd}`} scope ${scope} ${link.name}`
    : `    inet6 ${address} scope ${scope}`;
}

const kindLine = (link: Link): readonly string[] => {
  if (link.kind === 'bridge' || link.kind === 'dummy') return [`    ${link.kind}`];
  if (link.kind === 'vxlan') return [`    vxlan id ${link.vni} local ${link.local} dev ${link.underlay} dstport ${link.port} nolearning`];
  if (link.kind === 'ipip') return [`    ipip remote any local ${link.local} dev ${link.underlay}`];
  if (link.kind !== 'veth') return [];
  return ['    veth', ...(link.master === undefined ? [] : [`    bridge_slave hairpin ${link.hairpin === true ? 'on' : 'off'}`])];
};

const state = (link: Link): string => {
  if (link.kind === 'loopback') return '<LOOPBACK,UP,LOWER_UP>';
  return link.kind === 'veth' && link.cut === true ? '<NO-CARRIER,BROADCAST,MULTICAST,UP>' : `<BROADCAST,${link.kind === 'dummy' ? 'NOARP' : 'MULTICAST'}${link.up ? ',UP,LOWER_UP' : ''}>`;
};

/** What `ip -details addr` lists, without counters and link-local addresses: each interface, where its cable leads, its hardware address, its kind, its addresses. The rule of a line is its interface's name. */
export function printIpAddr(netns: Pick<Netns, 'links'>): readonly RuleLine<IfName>[] {
  return netns.links.flatMap((link, i) => {
    const name = link.kind === 'veth' ? `${link.name}@${link.peer.link}` : link.name;
    const far = link.kind === 'veth' ? ` link-netns ${link.peer.netns}` : '';
    const lines = [
      `${i + 1}: ${name}: ${state(link)} mtu ${link.mtu}${link.master === undefined ? '' : ` master ${link.master}`}`,
      `    link/${link.kind === 'loopback' ? 'loopback' : 'ether'} ${link.mac}${far}`,
      ...kindLine(link), ...link.addresses.map((address) => addressLine(link, address)),
    ];
    return lines.map((text) => ({ text, rule: link.name }));
  });
}
