import { describe, expect, test } from 'vitest';
import type { Match, Table } from '../dataplane/rules.ts';
import { ip } from '../base/ip.ts';
import { fates, stepsOf, ask } from './testing/ask.ts';
import { accept, back, drop, goto, iptables, jump, orMark, rejectWith, rule } from './testing/rules.ts';
import { listens, netns, plane, route, veth } from './testing/wiring.ts';

/** client — router with these tables — server. */
const through = (...tables: readonly Table[]) => plane([
  netns('client/c', { links: [veth('eth0', ['router/r', 'left'], { addresses: ['10.0.1.2/24'] })], routes: [route('10.0.1.0/24 dev eth0'), route('default via 10.0.1.1 dev eth0')] }),
  netns('router/r', { links: [veth('left', ['client/c', 'eth0'], { addresses: ['10.0.1.1/24'] }), veth('right0', ['host/s', 'eth0'], { addresses: ['10.0.2.1/24'] })], routes: [route('10.0.1.0/24 dev left'), route('10.0.2.0/24 dev right0')], tables,
    ipsets: [{ name: 'web', kind: 'ipset', type: 'hash:ip,port', elements: [{ key: ['10.0.2.2', 'tcp', 80] }], origin: { by: 'test', why: 'a test' } }, { name: 'nets', kind: 'ipset', type: 'hash:net', elements: [{ key: ['10.0.0.0/16'] }, { key: ['10.0.2.0/24'], nomatch: true }], origin: { by: 'test', why: 'a test' } }] }),
  netns('host/s', { links: [veth('eth0', ['router/r', 'right0'], { addresses: ['10.0.2.2/24'] })], routes: [route('10.0.2.0/24 dev eth0'), route('default via 10.0.2.1 dev eth0')], sockets: [listens('tcp', 80)] }),
]);
const asked = (...tables: readonly Table[]) => ask(through(...tables), { from: 'client/c', to: '10.0.2.2' });
const met = (...tables: readonly Table[]): readonly string[] =>
  [...stepsOf(asked(...tables).branches[0].trace)].flatMap((s) => (s.kind === 'rule' ? [s.rule] : s.kind === 'policy' ? [`${s.chain} ${s.verdict}`] : []));
const filter = (chains: Parameters<typeof iptables>[1], policies: Parameters<typeof iptables>[2] = {}): Table => iptables('filter', chains, policies);

describe('[HK2, HK3, HK4] chains', () => {
  test.each<readonly [string, readonly Table[], readonly string[]]>([
    ['[HK3] accept ends one base chain, not the hook', [iptables('mangle', { FORWARD: [rule([], accept), rule([], orMark(1))] }), filter({ FORWARD: [rule([], drop)] })], ['ip/mangle/FORWARD/1', 'ip/filter/FORWARD/1']],
    ['[HK3] a chain without a decision ends with its policy', [filter({ FORWARD: [rule([], orMark(1))] }, { FORWARD: 'drop' })], ['ip/filter/FORWARD/1', 'ip/filter/FORWARD drop']],
    ['[HK4] return goes back to the caller', [filter({ FORWARD: [rule([], jump('A')), rule([], drop)], A: [rule([], back), rule([], accept)] })], ['ip/filter/FORWARD/1', 'ip/filter/A/1', 'ip/filter/FORWARD/2']],
    ['[HK4] return in a base chain is its policy', [filter({ FORWARD: [rule([], back), rule([], drop)] })], ['ip/filter/FORWARD/1', 'ip/filter/FORWARD accept']],
    ['[HK4] after goto the caller of the caller goes on', [filter({ FORWARD: [rule([], jump('A')), rule([], drop)], A: [rule([], goto('B')), rule([], accept)], B: [rule([], orMark(1))] })], ['ip/filter/FORWARD/1', 'ip/filter/A/1', 'ip/filter/B/1', 'ip/filter/FORWARD/2']],
    ['[HK4] goto from a base chain ends in its policy', [filter({ FORWARD: [rule([], goto('A')), rule([], drop)], A: [rule([], orMark(1))] })], ['ip/filter/FORWARD/1', 'ip/filter/A/1', 'ip/filter/FORWARD accept']],
    ['[HK2] of two tables on one priority the later runs first', [filter({ FORWARD: [rule([], drop)] }), { ...filter({ FORWARD: [rule([], orMark(1))] }), name: 'second', tool: 'nft' }], ['ip/filter/FORWARD/1', 'ip/filter/FORWARD accept', 'ip/filter/FORWARD/1']],
  ])('%s', (_name, tables, expected) => {
    const answerToo = met(...tables);
    expect(answerToo.slice(0, expected.length)).toEqual(expected);
  });
  test('tcp-reset resets, and only TCP', () => {
    expect(asked(filter({ FORWARD: [rule([], rejectWith('tcp-reset'))] })).branches[0].trace.reply?.outcome).toMatchObject({ kind: 'delivered', as: { src: '10.0.2.2', l4: { flags: 'rst' } } });
    expect(fates(ask(through(filter({ FORWARD: [rule([], rejectWith('tcp-reset'))] })), { from: 'client/c', to: '10.0.2.2', protocol: 'udp' }))).toEqual(['1 dropped router/r ip/filter/FORWARD/1']);
  });
});

describe('matches of iptables-extensions(8), each for a SYN from 10.0.1.2:20000 to 10.0.2.2:80 in FORWARD', () => {
  const port = (from: number, to = from) => ({ from, to });
  test.each<readonly [Match, boolean]>([
    [{ kind: 'iprange', side: 'src', range: { from: ip('10.0.1.1'), to: ip('10.0.1.9') } }, true],
    [{ kind: 'iprange', side: 'dst', range: { from: ip('10.0.2.3'), to: ip('10.0.2.9') } }, false],
    [{ kind: 'protocol', protocol: 6 }, true], [{ kind: 'protocol', protocol: 'udp', not: true }, true], [{ kind: 'protocol', protocol: 132 }, false],
    [{ kind: 'dport', ports: [port(22), port(80, 90)], multiport: true }, true], [{ kind: 'dport', ports: [port(80)], not: true }, false], [{ kind: 'sport', ports: [port(20_000)] }, true], [{ kind: 'ports', ports: [port(20_000)] }, true],
    [{ kind: 'iif', name: 'left' }, true], [{ kind: 'oif', name: 'right+' }, true], [{ kind: 'oif', name: 'left', not: true }, true],
    [{ kind: 'mark', value: 0, mask: 0xff }, true], [{ kind: 'connmark', value: 1, mask: 1 }, false],
    [{ kind: 'ct-state', states: ['new'], module: 'state' }, true], [{ kind: 'ct-state', states: ['dnat'], module: 'conntrack', not: true }, true], [{ kind: 'ct-state', states: ['established', 'related'], module: 'conntrack' }, false],
    [{ kind: 'conntrack', test: 'ctorigdst', value: '10.0.2.0/24' }, true], [{ kind: 'conntrack', test: 'ctorigdstport', value: '80' }, true], [{ kind: 'conntrack', test: 'ctdir', value: 'REPLY' }, false], [{ kind: 'conntrack', test: 'ctproto', value: 'tcp' }, true],
    [{ kind: 'addrtype', side: 'dst', type: 'LOCAL' }, false], [{ kind: 'addrtype', side: 'src', type: 'UNICAST' }, true],
    [{ kind: 'tcp-flags', mask: ['SYN', 'ACK', 'RST', 'FIN'], comp: ['SYN'] }, true], [{ kind: 'tcp-flags', mask: ['ALL'], comp: ['NONE'] }, false],
    [{ kind: 'icmp-type', type: 8 }, false], [{ kind: 'limit', rate: '1/sec', burst: 5 }, true],
    [{ kind: 'set', set: 'web', dims: ['dst', 'dst'] }, true], [{ kind: 'set', set: 'web', dims: ['src', 'src'] }, false], [{ kind: 'set', set: 'web', dims: ['src', 'src'], not: true }, true],
    [{ kind: 'set', set: 'nets', dims: ['src'] }, true], [{ kind: 'set', set: 'nets', dims: ['dst'] }, false],
    [{ kind: 'physdev', isIn: true }, false], [{ kind: 'physdev', isBridged: true, not: true }, true],
    [{ kind: 'compare', left: [{ field: 'daddr' }, { field: 'protocol' }, { field: 'dport' }], op: '==', right: [['10.0.2.0/24', 'tcp', { from: 1, to: 99 }]] }, true],
    [{ kind: 'compare', left: [{ field: 'protocol' }], op: '!=', right: [['tcp'], ['udp']] }, false], [{ kind: 'compare', left: [{ field: 'ct-state' }], op: '==', right: [['established'], ['new']] }, true],
    [{ kind: 'compare', left: [{ field: 'iifname' }], op: '==', right: [['le*']] }, true], [{ kind: 'compare', left: [{ field: 'tcp-flags' }], op: '==', right: [['rst']] }, false],
    [{ kind: 'compare', left: [{ field: 'nfproto' }], op: '==', right: [['ipv4']] }, true], [{ kind: 'compare', left: [{ field: 'fib-type', of: 'saddr' }], op: '==', right: [['local']] }, false],
  ])('%j: %s', (match, expected) => {
    const [line] = fates(asked(filter({ FORWARD: [rule([match], drop)] })));
    expect(line?.startsWith('1 dropped')).toBe(expected);
  });
});

test('marks: xmark, connmark save and restore', () => {
  const tables = [iptables('mangle', { PREROUTING: [rule([], { kind: 'set-mark', value: 0x30, mask: 0xf0, form: 'xmark' }), rule([], { kind: 'connmark', op: 'save', value: 0, mask: 0xffff_ffff, nfmask: 0xffff_ffff }), rule([], { kind: 'set-mark', value: 0, mask: 0xffff_ffff, form: 'mark' }), rule([], { kind: 'connmark', op: 'restore', value: 0, mask: 0xff, nfmask: 0xff })] }),
    filter({ FORWARD: [rule([{ kind: 'mark', value: 0x30, mask: 0xff }, { kind: 'connmark', value: 0x30, mask: 0xff }], drop)] })];
  expect(fates(asked(...tables))).toEqual(['1 dropped router/r ip/filter/FORWARD/1']);
});
