import { describe, expect, test } from 'vitest';
import { originInText } from './origin-in-text.ts';
import fc from 'fast-check';
import { fraction } from '../../base/fraction.ts';
import { ip } from '../../base/ip.ts';
import type { Match, Rule, Table } from '../rules.ts';
import { parseIptablesSave } from './parse-iptables-save.ts';
import { joinLines, printIptablesSave } from './print-iptables-save.ts';
import { probabilityText } from './print-iptables-match.ts';
import { snapProbability } from './parse-iptables-modules.ts';
import type { IpFamilyName } from './iptables-words.ts';

/** Without the words it was read with, a rule is printed from what was understood of it. */
const forgetText = (tables: readonly Table[]): readonly Table[] =>
  tables.map((table) => ({ ...table, chains: table.chains.map((chain) => ({ ...chain, rules: chain.rules.map(({ text: _text, ...rule }): Rule => rule) })) }));

function reprint(text: string, family: IpFamilyName = 'ip'): string {
  const parsed = parseIptablesSave(text, family);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error, null, 1));
  return joinLines(printIptablesSave({ tables: forgetText(parsed.value) }, family));
}

const filter = (...rules: readonly string[]): string => ['*filter', ':INPUT ACCEPT [0:0]', ':FORWARD DROP [0:0]', ':OUTPUT ACCEPT [0:0]', ':OTHER - [0:0]', ...rules, 'COMMIT', ''].join('\n');
const nat = (...rules: readonly string[]): string => ['*nat', ':PREROUTING ACCEPT [0:0]', ':INPUT ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ':POSTROUTING ACCEPT [0:0]', ...rules, 'COMMIT', ''].join('\n');

// Every line as iptables 1.8.9 saved it, legacy and nft alike, on kernel 6.18.
const saved = [
  '-m state --state RELATED,ESTABLISHED -j ACCEPT', '-m conntrack --ctstate INVALID,NEW,RELATED,ESTABLISHED,UNTRACKED,SNAT,DNAT -j ACCEPT', '-m conntrack ! --ctstate NEW -j ACCEPT',
  '-m conntrack --ctproto 6 --ctorigdst 1.2.3.4 --ctorigdstport 80 --ctdir ORIGINAL -j ACCEPT', '-m conntrack --ctstatus SEEN_REPLY,ASSURED -j ACCEPT',
  '-p icmp -m icmp --icmp-type 8 -j ACCEPT', '-p icmp -m icmp --icmp-type 3/4 -j ACCEPT', '-p icmp -m icmp --icmp-type any -j ACCEPT', '-p icmp -m icmp ! --icmp-type 8 -j ACCEPT',
  '-m limit --limit 5/min -j LOG --log-prefix "hi there: " --log-uid', '-m limit --limit 10/sec --limit-burst 20 -j LOG',
  '-p tcp -m multiport --dports 80,443,8000:8100 -j ACCEPT', '-p tcp -m multiport --sports 80 -j ACCEPT', '-p tcp -m multiport ! --ports 80,90 -j ACCEPT',
  '-p tcp -m tcp --sport 0:1000 --dport 80:90 -j ACCEPT', '-p tcp -m tcp ! --dport 80 -j ACCEPT', '-p sctp -m sctp --dport 80 -j ACCEPT', '-p tcp -m tcp -j ACCEPT',
  '-m iprange --src-range 10.0.0.1-10.0.0.9 -j ACCEPT', '-m iprange ! --dst-range 10.0.0.1-10.0.0.9 -j ACCEPT',
  '-m mark --mark 0x4000/0x4000 -j ACCEPT', '-m mark ! --mark 0x5 -j ACCEPT', '-m connmark --mark 0x5 -j ACCEPT',
  '-m addrtype ! --dst-type LOCAL -j ACCEPT', '-m addrtype --src-type LOCAL --dst-type UNICAST --limit-iface-in -j ACCEPT',
  '-m physdev --physdev-is-bridged -j ACCEPT', '-m physdev --physdev-in veth1 --physdev-out veth+ -j ACCEPT', '-m physdev ! --physdev-is-in -j ACCEPT',
  '-m statistic --mode random --probability 0.33333333349 -j ACCEPT', '-m statistic --mode random --probability 0.50000000000 -j ACCEPT', '-m statistic --mode nth --every 3 --packet 2 -j ACCEPT',
  '-m recent --set --name KUBE-SEP-AAA --mask 255.255.255.255 --rsource -j ACCEPT', '-m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-AAA --mask 255.255.255.255 --rsource -j ACCEPT',
  '-m recent --update --seconds 10 --hitcount 3 --name X --mask 255.255.255.255 --rdest -j ACCEPT', '-m recent ! --rcheck --name X --mask 255.255.255.255 --rsource -j ACCEPT',
  '! -s 10.0.0.0/8 ! -d 1.2.3.4/32 ! -i eth0 ! -o cali+ ! -p tcp -j ACCEPT', '-s 10.0.0.0/16 -d 10.0.0.1/32 -i eth1 -o eth0 -p tcp -j ACCEPT',
  '-f -j ACCEPT', '-p gre -j ACCEPT', '-p 253 -j ACCEPT', '-m set --match-set pods dst,src -j ACCEPT',
  '-m comment --comment plain -j ACCEPT', '-m comment --comment "with space" -j ACCEPT', '-m comment --comment "quote\\"and\\\\back" -j ACCEPT', '-m comment --comment "it\\\'s" -j ACCEPT',
  '-j REJECT --reject-with icmp-port-unreachable', '-p tcp -j REJECT --reject-with tcp-reset', '-j REJECT --reject-with icmp-host-prohibited', '-j OTHER', '-g OTHER',
  '-j NFLOG --nflog-prefix "x y" --nflog-group 2', '-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu', '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 1360',
  '-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff', '-j CONNMARK --restore-mark --nfmask 0xf0 --ctmask 0xf0', '-j CONNMARK --set-xmark 0x5/0xff',
  '-j MARK --set-xmark 0x4000/0x4000', '-j MARK --set-xmark 0x0/0xffffbfff', '-j MARK --set-xmark 0x4000/0x0', '-p udp -m udp --dport 53 -j CT --notrack',
  '-p tcp -m socket --transparent -j MARK --set-xmark 0x200/0xffffffff', '-p tcp -j TPROXY --on-port 15001 --on-ip 127.0.0.1 --tproxy-mark 0x200/0xffffffff', '-m owner --uid-owner 1337 -j ACCEPT',
];

describe('what iptables-save printed is understood and printed back to the letter', () => {
  test.each(saved)('%s', (rule) => {
    expect(reprint(filter(`-A INPUT ${rule}`))).toBe(filter(`-A INPUT ${rule}`));
  });
  test.each(['-p tcp -j DNAT --to-destination 10.0.0.1:80', '-p tcp -j DNAT --to-destination 10.0.0.1-10.0.0.5:80-90 --persistent', '-p tcp -j DNAT --to-destination :90', '-p tcp -j DNAT --to-destination 10.0.0.1:80 --random',
    '-p tcp -j REDIRECT --to-ports 15001', '-j REDIRECT', '-j MASQUERADE --random-fully', '-p tcp -j MASQUERADE --to-ports 1000-2000', '-j SNAT --to-source 1.2.3.4 --random-fully', '-p tcp -j SNAT --to-source 1.2.3.4-1.2.3.9:1000-2000'])('%s', (rule) => {
    expect(reprint(nat(`-A PREROUTING ${rule}`))).toBe(nat(`-A PREROUTING ${rule}`));
  });
  test.each(['-d fd00::1/128 -p ipv6-icmp -m icmp6 --icmpv6-type 128 -j ACCEPT', '-j REJECT --reject-with icmp6-adm-prohibited', '-p tcp -j DNAT --to-destination [fd00::5]:80', '-j DNAT --to-destination fd00::5',
    '-m recent --set --name X --mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff --rsource'])('IPv6: %s', (rule) => {
    expect(reprint(filter(`-A INPUT ${rule}`), 'ip6')).toBe(filter(`-A INPUT ${rule}`));
  });
});

describe('what people write is printed as iptables-save would', () => {
  test.each([
    ['-p tcp --dport 80 -s 10.0.0.1 -j ACCEPT', '-s 10.0.0.1/32 -p tcp -m tcp --dport 80 -j ACCEPT'],
    ['-s 10.0.0.0/255.255.0.0 -p 6 -j REJECT', '-s 10.0.0.0/16 -p tcp -j REJECT --reject-with icmp-port-unreachable'],
    ['-j MARK --or-mark 0x4000', '-j MARK --set-xmark 0x4000/0x4000'],
    ['-j MARK --set-mark 0x4000/0xff', '-j MARK --set-xmark 0x4000/0x40ff'],
    ['-p tcp -m tcp --syn -j DROP', '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP'],
    ['-m comment --comment "ns/svc:http" ! -s 10.0.0.0/8 -j DROP', '! -s 10.0.0.0/8 -m comment --comment "ns/svc:http" -j DROP'],
    ['-p udp -j NOTRACK', '-p udp -j CT --notrack'],
  ])('%s', (written, printed) => {
    expect(reprint(filter(`-A INPUT ${written}`))).toBe(filter(`-A INPUT ${printed}`));
  });
});

test('Chains are sorted and tables ordered as iptables-nft-save does; counters, comments and warnings are read over; the words of a rule are kept', () => {
  const text = '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n' + nat().replace(':PREROUTING', ':ZZ - [1:2]\n:AA - [0:0]\n:PREROUTING').replace('COMMIT', '[12:345] -A ZZ -p tcp --dport 80 -j AA\nCOMMIT')
    + '# Completed\n*raw\n:PREROUTING ACCEPT [9:9]\nCOMMIT\n';
  const parsed = parseIptablesSave(text, 'ip');
  expect(parsed.ok && joinLines(printIptablesSave({ tables: parsed.value }, 'ip'))).toBe(
    '*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n:AA - [0:0]\n:ZZ - [0:0]\n-A ZZ -p tcp --dport 80 -j AA\nCOMMIT\n');
});

test('A rule that no kernel tool of ours knows is kept, and said to be unmodelled there', () => {
  const parsed = parseIptablesSave(filter('-A INPUT -m bpf --bytecode "4,48 0" -m mark --mark 0x1 -j CLUSTERIP --new "a b"'), 'ip');
  expect(parsed.ok && parsed.value[0]!.chains[0]!.rules[0]).toEqual({
    id: 'ip/filter/INPUT/1', text: '-m bpf --bytecode "4,48 0" -m mark --mark 0x1 -j CLUSTERIP --new "a b"',
    match: [{ kind: 'unmodelled-match', text: '-m bpf --bytecode "4,48 0"' }, { kind: 'mark', value: 1, mask: 0xffff_ffff }] satisfies Match[],
    do: [{ kind: 'unmodelled', text: 'CLUSTERIP --new "a b"' }], origin: originInText('iptables-save', 6),
  });
});

describe('what iptables-restore would refuse is a problem at its line', () => {
  test.each([
    ['-A INPUT -s 10.0.0.300 -j ACCEPT', 'no address of this family: 10.0.0.300'],
    ['-A NOWHERE -j ACCEPT', 'chain NOWHERE is not declared in table filter'],
    ['-A INPUT -g NOWHERE', 'goes to the chain NOWHERE, which this table does not have'],
    ['-A INPUT -p tcp --dport 70000 -j ACCEPT', 'no port: 70000'],
    ['-A INPUT -m comment --comment "open', 'a quote is not closed'],
    ['hello', 'not a line of iptables-save: hello'],
    [':INPUT - [0:0]', 'chain INPUT is declared twice in table filter'],
  ])('%s', (line, what) => {
    const parsed = parseIptablesSave(filter(line), 'ip', 'node.txt');
    expect(parsed.ok ? [] : parsed.error.map((problem) => [problem.what, problem.at])).toEqual([[what, { file: 'node.txt', line: 6, col: 1 }]]);
  });
  test('a table without COMMIT, twice, or unknown', () => {
    const whats = (text: string): readonly string[] => { const parsed = parseIptablesSave(text, 'ip'); return parsed.ok ? [] : parsed.error.map((p) => p.what); };
    expect(whats('*nat\n')).toEqual(['table nat has no COMMIT']);
    expect(whats(nat() + nat())).toEqual(['table nat stands here twice']);
    expect(whats('*gnat\nCOMMIT\n')).toEqual(['iptables has no table gnat']);
    expect(whats('-A INPUT -j ACCEPT')).toEqual(['this line stands in no table']);
  });
});

describe('probabilities (libxt_statistic: 31 bits; kube-proxy writes ten decimals)', () => {
  test.each([[1, '1.00000000000'], [2, '0.50000000000'], [3, '0.33333333349'], [5, '0.20000000019'], [7, '0.14285714272']] as const)('1/%i is saved as %s', (n, text) => {
    expect(probabilityText(fraction(1, n))).toBe(text);
  });
  test('1/n comes back as 1/n for every n that a Service can have', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 40_000 }), (n) => {
      expect(snapProbability(probabilityText(fraction(1, n)))).toEqual(fraction(1, n));
    }));
  });
  test('any other probability keeps the kernel\'s own number', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (steps) => {
      const text = (steps / 2 ** 31).toFixed(11);
      expect(probabilityText(snapProbability(text)!)).toBe(probabilityText(fraction(steps, 2 ** 31)));
    }));
  });
});

test('The recent list\'s mask is an address', () => {
  const parsed = parseIptablesSave(filter('-A INPUT -m recent --set --name X'), 'ip');
  expect(parsed.ok && parsed.value[0]!.chains[0]!.rules[0]!.match).toEqual([{ kind: 'recent', op: 'set', name: 'X', side: 'source', mask: ip('255.255.255.255') }]);
});
