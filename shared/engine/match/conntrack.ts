import { cidrContains, parseCidr } from '../../base/cidr.ts';
import { parseIp, type Ip } from '../../base/ip.ts';
import type { CtMatchState, Match } from '../../dataplane/rules.ts';
import type { Matcher } from '../compile-chain.ts';
import { protocolNumber } from '../sets.ts';
import type { Tuple5 } from '../types.ts';
import type { Walk } from '../walk-state.ts';
import { unknownMatch } from './unknown.ts';

/** Whether a packet is in a state as `--ctstate` names it; DNAT and SNAT are facts of its connection. */
export function inState(w: Walk, state: CtMatchState): boolean {
  if (state === 'dnat') return w.conn?.dnat === true;
  if (state === 'snat') return w.conn?.snat === true;
  return w.ct === state;
}

/** `-m conntrack --ctstate`, `-m state`. */
export function matchCtState(match: Extract<Match, { kind: 'ct-state' }>): Matcher {
  const not = match.not === true;
  return (w) => match.states.some((state) => inState(w, state)) !== not;
}

const addresses: Readonly<Record<string, (t: { original: Tuple5; reply: Tuple5 }) => Ip>> = {
  ctorigsrc: (c) => c.original.src, ctorigdst: (c) => c.original.dst, ctreplsrc: (c) => c.reply.src, ctrepldst: (c) => c.reply.dst,
};
const ports: Readonly<Record<string, (t: { original: Tuple5; reply: Tuple5 }) => number>> = {
  ctorigsrcport: (c) => c.original.sport, ctorigdstport: (c) => c.original.dport, ctreplsrcport: (c) => c.reply.sport, ctrepldstport: (c) => c.reply.dport,
};

function addressTest(read: (t: { original: Tuple5; reply: Tuple5 }) => Ip, value: string, not: boolean): Matcher | null {
  const net = parseCidr(value);
  const single = parseIp(value);
  if (!net && !single) return null;
  return (w) => w.conn !== null && (net ? cidrContains(net, read(w.conn)) : read(w.conn) === single) !== not;
}

function portTest(read: (t: { original: Tuple5; reply: Tuple5 }) => number, value: string, not: boolean): Matcher {
  const [from, to] = value.split(/[:-]/).map(Number);
  return (w) => w.conn !== null && (read(w.conn) >= from! && read(w.conn) <= (to ?? from!)) !== not;
}

function statusTest(value: string, not: boolean): Matcher {
  const wanted = value.toUpperCase().split(',');
  const holds = (w: Walk, status: string): boolean => {
    if (w.conn === null) return status === 'NONE';
    return status === 'SEEN_REPLY' || status === 'ASSURED' ? w.conn.replied : status === 'CONFIRMED' && w.conn.confirmed;
  };
  return (w) => wanted.some((status) => holds(w, status)) !== not;
}

/** The other options of `-m conntrack`; unknown where we keep no such fact (timeouts, expectations). */
export function matchConntrack(match: Extract<Match, { kind: 'conntrack' }>): Matcher {
  const not = match.not === true;
  const test = match.test.replace(/^-+/, '');
  const address = addresses[test];
  const port = ports[test];
  if (address) return addressTest(address, match.value, not) ?? unknownMatch(`--${test} ${match.value}`);
  if (port) return portTest(port, match.value, not);
  if (test === 'ctdir') return (w) => w.conn !== null && (w.reply === (match.value.toUpperCase() === 'REPLY')) !== not;
  if (test === 'ctproto') return (w) => w.conn !== null && (protocolNumber(match.value.toLowerCase()) === w.proto) !== not;
  if (test === 'ctstatus') return statusTest(match.value, not);
  return unknownMatch(`-m conntrack --${test} ${match.value}`);
}
