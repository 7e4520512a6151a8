import { familyOf } from '../../base/ip.ts';
import type { PortRange } from '../packet.ts';
import type { Action, NatTo, Verdict } from '../rules.ts';
import { hex, rejectNames, type IpFamilyName } from './iptables-words.ts';

const portSpan = (ports: PortRange): string => (ports.from === ports.to ? `${ports.from}` : `${ports.from}-${ports.to}`);

/** Where NAT goes: `10.0.0.1-10.0.0.5:80-90`, an IPv6 address with ports in brackets. */
function natTo(to: NatTo): string {
  const span = to.ip === undefined ? '' : to.maxIp === undefined ? to.ip : `${to.ip}-${to.maxIp}`;
  if (to.ports === undefined) return span;
  return to.ip !== undefined && familyOf(to.ip) === 6 ? `[${span}]:${portSpan(to.ports)}` : `${span}:${portSpan(to.ports)}`;
}

function verdictText(verdict: Verdict, family: IpFamilyName): string {
  switch (verdict.kind) {
    case 'accept': case 'drop': case 'return': return `-j ${verdict.kind.toUpperCase()}`;
    case 'jump': return `-j ${verdict.chain}`;
    case 'goto': return `-g ${verdict.chain}`;
    // IPv6 has no protocol-unreachable and no net/host-prohibited; adm-prohibited is the nearest (RFC 4443 §3.1).
    case 'reject': return `-j REJECT --reject-with ${rejectNames[family][verdict.with] ?? 'icmp6-adm-prohibited'}`;
  }
}

function connmarkText(action: Extract<Action, { readonly kind: 'connmark' }>): string {
  if (action.op === 'set') return `-j CONNMARK --set-xmark ${hex(action.value)}/${hex(action.mask)}`;
  return `-j CONNMARK --${action.op}-mark --nfmask ${hex(action.nfmask)} --ctmask ${hex(action.mask)}`;
}

function natText(action: Extract<Action, { readonly kind: 'dnat' | 'snat' }>): string {
  const random = action.random === true ? (action.kind === 'dnat' ? ' --random' : ' --random-fully') : '';
  const option = action.kind === 'dnat' ? '--to-destination' : '--to-source';
  return `-j ${action.kind.toUpperCase()} ${option} ${natTo(action.to)}${random}${action.persistent === true ? ' --persistent' : ''}`;
}

/** A rule's target as iptables-save writes it; '' for what only counts. Throws for nft's forms, which no iptables rule can hold. */
export function printTarget(action: Action, family: IpFamilyName): string {
  switch (action.kind) {
    case 'verdict': return verdictText(action.verdict, family);
    case 'dnat': case 'snat': return natText(action);
    case 'masquerade': return `-j MASQUERADE${action.ports ? ` --to-ports ${portSpan(action.ports)}` : ''}${action.randomFully === true ? ' --random-fully' : ''}`;
    case 'redirect': return `-j REDIRECT${action.ports ? ` --to-ports ${portSpan(action.ports)}` : ''}`;
    // `--set-mark V/M` clears M and sets V; the kernel has only xmark, whose mask must then hold V's bits too (libxt_MARK).
    case 'set-mark': return `-j MARK --set-xmark ${hex(action.value)}/${hex(action.form === 'mark' ? action.mask | action.value : action.mask)}`;
    case 'connmark': return connmarkText(action);
    case 'notrack': return '-j CT --notrack';
    case 'log': case 'tcpmss': case 'unmodelled': return `-j ${action.text}`;
    case 'counter': return '';
    case 'vmap': case 'dnat-map': case 'update-set': throw new Error(`an iptables rule cannot hold the nft form ${action.kind}`);
  }
}
