import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { originInText } from './origin-in-text.ts';
import { cidr } from '../../base/cidr.ts';
import { ip } from '../../base/ip.ts';
import { fraction } from '../../base/fraction.ts';
import type { Action, Match, NamedSet, Rule, Table } from '../rules.ts';
import { priorityText, timeText, parseTime } from './nft-words.ts';
import { parseNft } from './parse-nft.ts';
import { parseNftRule } from './parse-nft-rule.ts';
import { splitNft } from './parse-nft-tokens.ts';
import { sortByTuple } from './print-nft-fields.ts';
import { printNft } from './print-nft.ts';
import { printNftRule } from './print-nft-rule.ts';

const read = (text: string, family: 'ip' | 'inet' = 'ip'): ReturnType<typeof parseNftRule> => {
  const split = splitNft(text);
  return parseNftRule('tokens' in split ? split.tokens : [], family);
};
const isFamily = (family: 'ipv4' | 'ipv6'): Match => ({ kind: 'compare', left: [{ field: 'nfproto' }], op: '==', right: [[family]] });
const tcp: Match = { kind: 'protocol', protocol: 'tcp' };
const accept: Action = { kind: 'verdict', verdict: { kind: 'accept' } };
const drop: Action = { kind: 'verdict', verdict: { kind: 'drop' } };

describe('nft(8) statements, in the words that nft 1.0.6 lists them (each was loaded and listed on Linux 6.18)', () => {
  const rows: readonly [text: string, match: readonly Match[], action: readonly Action[]][] = [
    ['ip daddr 172.30.0.41 ip saddr != 10.0.0.0/8 jump mark-for-masquerade', [{ kind: 'dst', net: cidr('172.30.0.41/32') }, { kind: 'src', net: cidr('10.0.0.0/8'), not: true }], [{ kind: 'verdict', verdict: { kind: 'jump', chain: 'mark-for-masquerade' } }]],
    ['ip daddr . meta l4proto . th dport vmap @service-ips', [], [{ kind: 'vmap', key: [{ field: 'daddr' }, { field: 'protocol' }, { field: 'dport' }], map: 'service-ips' }]],
    ['ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports', [{ kind: 'lookup', key: [{ field: 'daddr' }], set: 'nodeport-ips' }], [{ kind: 'vmap', key: [{ field: 'protocol' }, { field: 'dport' }], map: 'service-nodeports' }]],
    ['ip saddr != @blocked accept', [{ kind: 'lookup', key: [{ field: 'saddr' }], set: 'blocked', not: true }], [accept]],
    ['numgen random mod 2 vmap { 0 : goto endpoint-A-ns1/svc1/tcp/p80__10.180.0.1/80, 1 : drop }', [], [{ kind: 'vmap', key: [{ field: 'numgen', mode: 'random', mod: 2, offset: 0 }], map: [
      { key: [0], verdict: { kind: 'goto', chain: 'endpoint-A-ns1/svc1/tcp/p80__10.180.0.1/80' } }, { key: [1], verdict: { kind: 'drop' } }] }]],
    ['dnat to numgen random mod 2 map { 0 : 10.0.0.1, 1 : 10.0.0.2 }', [], [{ kind: 'dnat-map', key: [{ field: 'numgen', mode: 'random', mod: 2, offset: 0 }], map: [{ key: [0], to: { ip: ip('10.0.0.1') } }, { key: [1], to: { ip: ip('10.0.0.2') } }] }]],
    ['tcp dport vmap { 80 comment "c" : accept }', [tcp], [{ kind: 'vmap', key: [{ field: 'dport' }], map: [{ key: [80], verdict: { kind: 'accept' }, comment: 'c' }] }]],
    ['meta l4proto tcp dnat to 10.180.0.1:80', [tcp], [{ kind: 'dnat', to: { ip: ip('10.180.0.1'), ports: { from: 80, to: 80 } } }]],
    ['update @affinity-A { ip saddr }', [], [{ kind: 'update-set', op: 'update', set: 'affinity-A', key: [{ field: 'saddr' }] }]],
    ['update @aff { ip saddr timeout 10s }', [], [{ kind: 'update-set', op: 'update', set: 'aff', key: [{ field: 'saddr' }], timeoutSeconds: 10 }]],
    ['ct state new jump firewall-check', [{ kind: 'ct-state', states: ['new'], module: 'conntrack' }], [{ kind: 'verdict', verdict: { kind: 'jump', chain: 'firewall-check' } }]],
    ['ct state established,related accept', [{ kind: 'ct-state', states: ['established', 'related'], module: 'conntrack' }], [accept]],
    ['ct status snat,dnat accept', [{ kind: 'compare', left: [{ field: 'ct-status' }], op: '==', right: [['snat'], ['dnat']] }], [accept]],
    ['ct direction original accept', [{ kind: 'compare', left: [{ field: 'ct-direction' }], op: '==', right: [['original']] }], [accept]],
    ['fib saddr type local jump m comment "masquerade local traffic"', [{ kind: 'compare', left: [{ field: 'fib-type', of: 'saddr' }], op: '==', right: [['local']] }, { kind: 'comment', text: 'masquerade local traffic' }], [{ kind: 'verdict', verdict: { kind: 'jump', chain: 'm' } }]],
    ['fib daddr . iif type local accept', [{ kind: 'compare', left: [{ field: 'fib-type', of: 'daddr', iif: true }], op: '==', right: [['local']] }], [accept]],
    ['meta mark & 0x00004000 == 0x00000000 return', [{ kind: 'bit-test', field: 'mark', mask: 0x4000, equals: 0 }], [{ kind: 'verdict', verdict: { kind: 'return' } }]],
    ['meta mark & 0x00004000 != 0x00004000 return', [{ kind: 'bit-test', field: 'mark', mask: 0x4000, equals: 0x4000, not: true }], [{ kind: 'verdict', verdict: { kind: 'return' } }]],
    ['meta mark 0x00004000 accept', [{ kind: 'mark', value: 0x4000, mask: 0xffff_ffff }], [accept]],
    ['meta mark set meta mark | 0x00004000', [], [{ kind: 'set-mark', value: 0x4000, mask: 0x4000, form: 'xmark' }]],
    ['meta mark set meta mark ^ 0x00004000', [], [{ kind: 'set-mark', value: 0x4000, mask: 0, form: 'xmark' }]],
    ['meta mark set meta mark & 0xffffbfff', [], [{ kind: 'set-mark', value: 0, mask: 0x4000, form: 'xmark' }]],
    ['meta mark set 0x00000001', [], [{ kind: 'set-mark', value: 1, mask: 0xffff_ffff, form: 'xmark' }]],
    ['meta mark set ct mark', [], [{ kind: 'connmark', op: 'restore', value: 0, mask: 0xffff_ffff, nfmask: 0xffff_ffff }]],
    ['ct mark set meta mark', [], [{ kind: 'connmark', op: 'save', value: 0, mask: 0xffff_ffff, nfmask: 0xffff_ffff }]],
    ['masquerade fully-random', [], [{ kind: 'masquerade', randomFully: true }]],
    ['tcp dport 80 redirect to :8080', [tcp, { kind: 'dport', ports: [{ from: 80, to: 80 }] }], [{ kind: 'redirect', ports: { from: 8080, to: 8080 } }]],
    ['tcp dport { 80, 443, 1000-2000 } accept', [tcp, { kind: 'dport', ports: [{ from: 80, to: 80 }, { from: 443, to: 443 }, { from: 1000, to: 2000 }] }], [accept]],
    ['udp sport != 53 udp dport 7 drop', [{ kind: 'protocol', protocol: 'udp' }, { kind: 'sport', ports: [{ from: 53, to: 53 }], not: true }, { kind: 'dport', ports: [{ from: 7, to: 7 }] }], [drop]],
    ['meta l4proto { tcp, udp } th dport 53 accept', [{ kind: 'compare', left: [{ field: 'protocol' }], op: '==', right: [['tcp'], ['udp']] }, { kind: 'dport', ports: [{ from: 53, to: 53 }] }], [accept]],
    ['ip saddr != { 1.2.3.4, 10.0.0.0/8 } drop', [{ kind: 'compare', left: [{ field: 'saddr' }], op: '!=', right: [[ip('1.2.3.4')], [cidr('10.0.0.0/8')]] }], [drop]],
    ['ip daddr 10.0.0.0-10.0.0.6 notrack', [{ kind: 'iprange', side: 'dst', range: { from: ip('10.0.0.0'), to: ip('10.0.0.6') } }], [{ kind: 'notrack' }]],
    ['iifname "eth0" accept', [{ kind: 'iif', name: 'eth0' }], [accept]],
    ['oifname != "veth*" accept', [{ kind: 'oif', name: 'veth*', not: true }], [accept]],
    ['tcp flags syn / fin,syn,rst,ack accept', [tcp, { kind: 'tcp-flags', mask: ['FIN', 'SYN', 'RST', 'ACK'], comp: ['SYN'] }], [accept]],
    ['icmp type echo-request accept', [{ kind: 'protocol', protocol: 'icmp' }, { kind: 'icmp-type', type: 8 }], [accept]],
    ['limit rate 5/second accept', [{ kind: 'limit', rate: '5/second', burst: 5 }], [accept]],
    ['reject', [], [{ kind: 'verdict', verdict: { kind: 'reject', with: 'icmp-port-unreachable' } }]],
    ['reject with icmp admin-prohibited', [], [{ kind: 'verdict', verdict: { kind: 'reject', with: 'icmp-admin-prohibited' } }]],
    ['counter packets 0 bytes 0 log prefix "a b" drop', [], [{ kind: 'counter' }, { kind: 'log', text: 'log prefix "a b"' }, drop]],
    ['snat to 1.2.3.4', [], [{ kind: 'snat', to: { ip: ip('1.2.3.4') } }]],
    ['tcp option maxseg size set rt mtu', [], [{ kind: 'tcpmss', text: 'tcp option maxseg size set rt mtu' }]],
  ];
  test.each(rows)('%s', (text, match, action) => {
    expect(read(text)).toEqual({ match, do: action });
    expect(printNftRule({ match, do: action }, 'ip')).toBe(text);
  });

  test('IPv6', () => {
    const text = 'ip6 daddr fd00::1 ip6 saddr != fd00:10::/64 meta l4proto tcp dnat to [fd00::2]:80';
    expect(printNftRule({ ...read(text) }, 'ip6')).toBe(text);
    expect(printNftRule({ ...read('reject with icmpv6 admin-prohibited') }, 'ip6')).toBe('reject with icmpv6 admin-prohibited');
  });
});

describe('what iptables-nft\'s rules look like in nft\'s listing', () => {
  test('a random number below a bound is the statistic match, its odds snapped', () => {
    expect(read('meta random & 2147483647 < 715827883 counter packets 0 bytes 0 jump KUBE-SEP-A')).toEqual({
      match: [{ kind: 'statistic', mode: 'random', probability: fraction(1, 3) }], do: [{ kind: 'counter' }, { kind: 'verdict', verdict: { kind: 'jump', chain: 'KUBE-SEP-A' } }],
    });
  });

  test('a module that nft cannot say is unmodelled at that rule, with all that follows', () => {
    expect(read('meta l4proto tcp xt match recent counter packets 0 bytes 0 dnat to 10.180.0.3:80')).toEqual({ match: [tcp], do: [{ kind: 'unmodelled', text: 'xt match recent counter packets 0 bytes 0 dnat to 10.180.0.3:80' }] });
  });
});

test('a condition behind a statement that changes something is unmodelled from there on; counters and logs change nothing', () => {
  expect(read('notrack ip saddr 1.1.1.1 accept')).toEqual({ match: [], do: [{ kind: 'notrack' }, { kind: 'unmodelled', text: 'ip saddr 1.1.1.1 accept' }] });
  expect(read('counter packets 1 bytes 2 ip saddr 1.1.1.1 accept')).toEqual({ match: [{ kind: 'src', net: cidr('1.1.1.1/32') }], do: [{ kind: 'counter' }, accept] });
});

test.each([['prerouting', -110, 'dstnat - 10'], ['output', -110, '-110'], ['output', -100, '-100'], ['forward', 0, 'filter'], ['forward', 11, '11'], ['postrouting', 100, 'srcnat'], ['input', 100, '100'], ['output', -151, 'mangle - 1'], ['forward', 45, 'security - 5']] as const)(
  'priority %s %i is listed as %s (prio2str)', (hook, priority, text) => {
    expect(priorityText(priority, hook)).toBe(text);
  });

test('timeouts: days, hours, minutes and seconds, and back', () => {
  expect([10_800, 90, 90_061, 10].map(timeText)).toEqual(['3h', '1m30s', '1d1h1m1s', '10s']);
  fc.assert(fc.property(fc.integer({ min: 1, max: 10_000_000 }), (seconds) => {
    expect(parseTime(timeText(seconds))).toBe(seconds);
  }));
});

test('elements are listed in nft\'s order: a concatenation compares from its last byte (seen on 1.0.6)', () => {
  const sorted = (tuples: readonly (readonly (string | number)[])[]): unknown => sortByTuple(tuples, (tuple) => tuple);
  const listed = [['10.0.0.2', 'tcp', 256], ['10.0.0.2', 'tcp', 1], ['10.0.0.2', 'sctp', 1], ['10.0.0.1', 'udp', 53], ['10.0.0.1', 'tcp', 80], ['9.0.0.2', 'tcp', 80], ['10.0.0.2', 'tcp', 80], ['10.0.0.1', 'tcp', 443]];
  expect(sorted(listed.toReversed())).toEqual(listed);
  expect(sorted([[256], [255], [1], [65535], [80]])).toEqual([[1], [80], [255], [256], [65535]]);
  expect(sorted([['192.168.0.1'], ['10.1.1.1'], ['1.1.1.1']])).toEqual([['1.1.1.1'], ['10.1.1.1'], ['192.168.0.1']]);
});

const origin = { by: 'test', why: 'a test' };
const table = (rules: readonly Rule[], sets: readonly NamedSet[] = []): Table => ({ family: 'ip', name: 't', tool: 'nft', sets, chains: [{ kind: 'regular', id: 'ip/t/c', name: 'c', rules, origin }] });
const textOf = (tables: readonly Table[]): string => printNft({ tables }).map((line) => `${line.text}\n`).join('');

test('a ruleset is printed as nft lists it', () => {
  const set: NamedSet = { name: 'ports', kind: 'nft-set', type: 'inet_service', comment: 'six', elements: [6, 5, 4, 3, 2, 1].map((port) => ({ key: [port] })), origin };
  expect(textOf([table([{ id: 'ip/t/c/1', match: [], do: [accept], origin }], [set])])).toBe('table ip t {\n\tset ports {\n\t\ttype inet_service\n\t\tcomment "six"\n\t\telements = { 1, 2, 3, 4, 5,\n\t\t\t     6 }\n\t}\n\n\tchain c {\n\t\taccept\n\t}\n}\n');
});

describe('[RN8] what nft asks of a packet and does not list', () => {
  test.each<readonly [string, readonly Match[]]>([
    ['ip saddr != { 10.0.0.1, 10.0.0.2 } drop', [isFamily('ipv4'), { kind: 'compare', left: [{ field: 'saddr' }], op: '!=', right: [[ip('10.0.0.1')], [ip('10.0.0.2')]] }]],
    ['ip6 saddr != @friends drop', [isFamily('ipv6'), { kind: 'lookup', key: [{ field: 'saddr' }], set: 'friends', not: true }]],
    ['ip protocol != tcp drop', [isFamily('ipv4'), { kind: 'protocol', protocol: 'tcp', not: true }]],
    ['icmpv6 type 135 drop', [isFamily('ipv6'), { kind: 'protocol', protocol: 'icmp' }, { kind: 'icmp-type', type: 135 }]],
  ])('in a table of both families a field of one is read in packets of that family alone: %s', (text, match) => {
    expect(read(text, 'inet')).toEqual({ match, do: [drop] });
  });
  test('a relation is the range it means, flags behind a mask are flags, whatever no other element holds is not known', () => {
    expect(['tcp dport >= 1024 drop', 'numgen random mod 4 < 3 drop', 'tcp flags & (syn | ack) == syn drop', 'meta l4proto vmap { tcp : accept, * : drop }'].map((text) => read(text))).toEqual([
      { match: [tcp, { kind: 'compare', left: [{ field: 'dport' }], op: '==', right: [[{ from: 1024, to: 65_535 }]] }], do: [drop] },
      { match: [{ kind: 'compare', left: [{ field: 'numgen', mode: 'random', mod: 4, offset: 0 }], op: '==', right: [[{ from: 0, to: 2 }]] }], do: [drop] },
      { match: [tcp, { kind: 'tcp-flags', mask: ['SYN', 'ACK'], comp: ['SYN'] }], do: [drop] },
      { match: [], do: [{ kind: 'unmodelled', text: 'meta l4proto vmap { tcp : accept, * : drop }' }] },
    ]);
  });
  test('a map of one protocol\'s ports is asked for that protocol alone', () => {
    expect(read('dnat to udp dport map { 80 : 10.0.0.1 }').match).toEqual([{ kind: 'protocol', protocol: 'udp' }]);
  });
});

describe('parseNft', () => {
  const listing = 'table inet t { # handle 1\n\tset s {\n\t\ttypeof ip saddr . tcp dport\n\t\tflags interval\n\t\telements = { 10.0.0.0/8 . 80-90,\n\t\t\t     1.1.1.1 . 80 }\n\t}\n\n\tchain c { # handle 2\n\t\ttype filter hook input priority filter - 5; policy drop;\n\t\tip saddr . tcp dport @s accept # handle 5\n\t}\n}\n';
  test('reads sets, base chains and rules, and keeps each rule\'s words', () => {
    const parsed = parseNft(listing, 'node.nft');
    expect(parsed).toEqual({ ok: true, value: [{
      family: 'inet', name: 't', tool: 'nft',
      sets: [{ name: 's', kind: 'nft-set', type: 'typeof ip saddr . tcp dport', flags: ['interval'], elements: [{ key: [cidr('10.0.0.0/8'), { from: 80, to: 90 }] }, { key: [ip('1.1.1.1'), 80] }], origin: originInText('node.nft', 2) }],
      chains: [{
        kind: 'base', id: 'inet/t/c', name: 'c', type: 'filter', hook: 'input', priority: -5, policy: 'drop', origin: originInText('node.nft', 9),
        rules: [{ id: 'inet/t/c/1', match: [isFamily('ipv4'), tcp, { kind: 'lookup', key: [{ field: 'saddr' }, { field: 'dport' }], set: 's' }], do: [accept], origin: originInText('node.nft', 11), text: 'ip saddr . tcp dport @s accept' }],
      }],
    }] });
  });

  test.each([
    ['table bridge b {\n}\n', 'x:1:1 tables of family bridge are not simulated'], ['hello\n', 'x:1:1 not a table: hello'], ['table ip t {\n\tchain c {\n\t\tlog prefix "open\n\t}\n}\n', 'x:3:1 a quote is not closed'],
    ['table ip t {\n\tset s {\n\t\ttype ipv4_addr\n\t\telements = { nonsense }\n\t}\n}\n', 'x:4:1 an element of type ipv4_addr is not understood at nonsense'],
    ['table ip t {\n\tchain c {\n\t\ttype filter hook ingress device "eth0" priority 0; policy accept;\n\t}\n}\n', 'x:3:1 a chain in this place is not simulated: type filter hook ingress device "eth0" priority 0'],
  ])('%j is refused where it is wrong', (text, problem) => {
    const parsed = parseNft(text, 'x');
    expect(parsed.ok ? [] : parsed.error.map(({ at, what }) => `${at!.file}:${at!.line}:${at!.col} ${what}`)).toEqual([problem]);
  });

  test('any text gives a value, never a throw', () => {
    const words = fc.constantFrom('table', 'ip', 't', '{', '}', 'chain', 'set', 'map', 'c', 'type', 'filter', 'hook', 'elements', '=', ',', ';', '\n', ':', '"', '"x"', 'vmap', '@s', 'saddr', 'drop', 'numgen', 'mod', '0', 'dnat', 'to', 'meta', 'mark', 'and', '#', '!=', '.', 'update', 'comment', 'limit');
    fc.assert(fc.property(fc.oneof(fc.string(), fc.array(words, { maxLength: 40 }).map((list) => `table ip t { ${list.join(' ')} }`)), (text) => {
      expect(typeof parseNft(text).ok).toBe('boolean');
    }), { numRuns: 400 });
  });
});
