import { cidr } from '../../base/cidr.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { Action, Chain, Match } from '../../dataplane/rules.ts';
import { accept, comment, ctState, draft, drop, masqueradeMark, markMasqChain, numbered, returns, type Draft } from './parts.ts';
import { by } from './chain-plan.ts';

type Family = 'ip' | 'ip6';
const because = (why: string, code?: string): Origin => (code === undefined ? { by, why } : { by, why, code });
const marked: Match = { kind: 'mark', value: masqueradeMark, mask: masqueradeMark };
const notMarked: Match = { ...marked, not: true };
const setMark: readonly Action[] = [{ kind: 'set-mark', value: masqueradeMark, mask: masqueradeMark, form: 'xmark' }];
/** `--xor-mark 0x4000`, which iptables keeps as value 0x4000 under mask 0. */
const clearMark: readonly Action[] = [{ kind: 'set-mark', value: masqueradeMark, mask: 0, form: 'xmark' }];

/** One regular chain, its rules numbered. */
export const regular = (family: Family, table: string, name: string, drafts: readonly Draft[], why: string): Chain =>
  ({ kind: 'regular', id: `${family}/${table}/${name}`, name, rules: numbered(family, table, name, drafts), origin: because(why) });

/** KUBE-MARK-MASQ: remember by a mark that POSTROUTING shall masquerade this connection. */
export const markMasq = (family: Family): Chain => regular(family, 'nat', markMasqChain,
  [draft([], setMark, because('Marks the packet, so that it leaves with this node\'s address as its source'))], 'Marks what shall be masqueraded');

/** KUBE-POSTROUTING: unmarked packets go on; marked ones lose the mark and leave with the address of the interface they go out by. */
export const postrouting = (family: Family): Chain => regular(family, 'nat', 'KUBE-POSTROUTING', [
  draft([notMarked], returns, because('Without the mark the source stays as it is')),
  draft([], clearMark, because('The mark is taken off, so that the packet is not masqueraded again if it passes here once more')),
  draft([comment('kubernetes service traffic requiring SNAT')], [{ kind: 'masquerade', randomFully: true }], because('The source becomes the address of the interface the packet leaves by, so that answers come back through this node')),
], 'Masquerades what was marked');

/** KUBE-FORWARD: INVALID packets are dropped, masqueraded Service traffic and what belongs to known connections passes. */
export const forward = (family: Family): Chain => regular(family, 'filter', 'KUBE-FORWARD', [
  draft([ctState('invalid')], drop, because('A packet that fits no known connection would make the other end reset it, so it is dropped', 'conntrack-invalid')),
  draft([comment('kubernetes forwarding rules'), marked], accept, because('Masqueraded Service traffic passes, whatever else the node forwards')),
  draft([comment('kubernetes forwarding conntrack rule'), ctState('related', 'established')], accept, because('Packets of connections that were let through once pass')),
], 'Lets Service traffic through the node');

const localnet = cidr('127.0.0.0/8');

/** KUBE-FIREWALL: kubelet's guard of 127/8; its rule exists only for IPv4 with node ports on localhost. */
export const kubeFirewall = (family: Family, guarded: boolean): Chain => regular(family, 'filter', 'KUBE-FIREWALL', guarded ? [
  draft([{ kind: 'src', net: localnet, not: true }, { kind: 'dst', net: localnet }, comment('block incoming localnet connections'), { kind: 'ct-state', states: ['related', 'established', 'dnat'], module: 'conntrack', not: true }],
    drop, because('Nobody but this node may talk to 127.0.0.0/8; route_localnet, which node ports on localhost need, would allow it (kubernetes issue 90259)', 'martian')),
] : [], 'Guards the node\'s localhost');

/** KUBE-PROXY-CANARY: empty; kube-proxy watches it to notice that somebody flushed the tables. */
export const canary = (family: Family, table: string): Chain => regular(family, table, 'KUBE-PROXY-CANARY', [], 'Empty: when it is gone, somebody flushed the rules, and kube-proxy writes them all again');
