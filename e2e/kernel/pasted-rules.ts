/** A rule put first in its chain on node1, as `TABLE LINE`; several are put in the order given. A new chain is written `TABLE :NAME`. */
export interface Pasted { readonly name: string; readonly rules: readonly string[] }

const forward = (name: string, ...rules: readonly string[]): Pasted => ({ name, rules: rules.map((rule) => `filter -A FORWARD ${rule}`) });
const prerouting = (name: string, ...rules: readonly string[]): Pasted => ({ name, rules: rules.map((rule) => `nat -A PREROUTING ${rule}`) });

/** What may stand in the rules of a real node: matches and targets that the evaluator knows. A connection is judged by its first packet and the answer to it, so a rule of chance stands for new connections only: with every later packet tossed for, a real one would stall half open. */
export const pasted: readonly Pasted[] = [
  forward('iprange, source', '-m iprange --src-range 10.244.1.10-10.244.1.20 -j DROP'),
  forward('iprange, not destination', '-m iprange ! --dst-range 10.244.1.0-10.244.1.255 -j DROP'),
  forward('multiport, destinations', '-p tcp -m multiport --dports 53,8080 -j REJECT --reject-with icmp-port-unreachable'),
  forward('multiport, a range of either side', '-p tcp -m multiport --ports 8000:8079,8081:9000 -j DROP'),
  forward('not this port', '-p tcp -m tcp ! --dport 8080 -j DROP'),
  forward('source port range', '-p tcp -m tcp --sport 1:1023 -j DROP'),
  forward('addrtype', '-m addrtype --dst-type LOCAL -j DROP', '-m addrtype ! --src-type LOCAL -j REJECT --reject-with icmp-host-prohibited'),
  forward('frames that stay on the bridge', '-m physdev --physdev-is-bridged -j DROP'),
  forward('in by a port of the bridge', '-m physdev --physdev-in veth+ -j DROP'),
  forward('in by the bridge', '-i cbr0 -j DROP'),
  forward('out by the uplink', '-o eth0 -j DROP'),
  forward('not in by the bridge', '! -i cbr0 -j DROP'),
  forward('a SYN', '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP'),
  forward('a SYN-ACK', '-p tcp -m tcp --tcp-flags SYN,ACK SYN,ACK -j DROP'),
  forward('new connections reset', '-p tcp -m conntrack --ctstate NEW -j REJECT --reject-with tcp-reset'),
  forward('NATed connections', '-m conntrack --ctstate DNAT -j DROP'),
  forward('connections that are not NATed', '-m conntrack ! --ctstate DNAT -j DROP'),
  forward('masqueraded replies', '-m conntrack --ctstate SNAT -j DROP'),
  forward('answers', '-m conntrack --ctdir REPLY -j DROP'),
  forward('the original destination', '-p tcp -m conntrack --ctorigdst 10.96.0.12/32 -j DROP'),
  forward('the answer\'s source', '-p tcp -m conntrack --ctreplsrc 10.244.1.10/32 -j DROP'),
  forward('state RELATED,ESTABLISHED only', '-m state --state RELATED,ESTABLISHED -j ACCEPT', '-j DROP'),
  forward('kube-proxy\'s mark', '-m mark --mark 0x4000/0x4000 -j DROP'),
  forward('no mark', '-m mark ! --mark 0x4000/0x4000 -j REJECT --reject-with icmp-port-unreachable'),
  forward('one new connection in four', '-m conntrack --ctstate NEW -m statistic --mode random --probability 0.25 -j DROP'),
  forward('three in four', '-m conntrack --ctstate NEW -m statistic --mode random ! --probability 0.25 -j DROP'),
  forward('not TCP', '! -p tcp -j DROP'),
  forward('multiport, none of these', '-p tcp -m multiport ! --dports 53,80,8000:8079 -j DROP'),
  forward('anything of TCP but a SYN', '-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -j DROP'),
  forward('neither new nor established', '-m conntrack ! --ctstate NEW,ESTABLISHED -j DROP', '-m conntrack ! --ctstate NEW -j ACCEPT', '-s 10.244.1.20/32 -j DROP'),
  forward('iprange, neither of both', '-m iprange ! --src-range 10.244.1.10-10.244.1.11 ! --dst-range 10.244.2.0-10.244.2.255 -j DROP'),
  forward('routed frames alone', '-m physdev --physdev-is-in ! --physdev-is-bridged -j DROP'),
  forward('unicast on both sides', '-m addrtype --src-type UNICAST --dst-type UNICAST -j REJECT --reject-with icmp-net-prohibited'),
  forward('RETURN in a base chain ends with its policy', '-s 10.244.1.20/32 -j RETURN', '-j DROP'),
  forward('only UDP', '-p udp -j DROP'),
  forward('admin prohibited', '-d 10.244.1.10/32 -p tcp -j REJECT --reject-with icmp-admin-prohibited'),
  forward('jump, return and goto', '-j P1', '-s 10.244.1.20/32 -g P2', '-d 10.244.2.0/24 -j DROP'),
  prerouting('DNAT of a pod\'s address', '-d 10.244.2.10/32 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.244.1.11:8080'),
  prerouting('DNAT of an address that nobody has', '-d 10.96.77.7/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.244.2.10:8080'),
  prerouting('REDIRECT to a port that is closed', '-d 10.244.2.10/32 -p tcp -m tcp --dport 8080 -j REDIRECT --to-ports 9'),
  prerouting('REDIRECT to the API server', '-d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 6443'),
  prerouting('ACCEPT before kube-proxy', '-d 10.96.0.10/32 -j ACCEPT'),
  { name: 'DNAT of the node\'s own', rules: ['nat -A OUTPUT -d 10.244.1.10/32 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.244.2.10:8080'] },
  { name: 'the node\'s own, redirected to itself', rules: ['nat -A OUTPUT -d 10.96.0.12/32 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 6443'] },
  { name: 'ACCEPT before any masquerade', rules: ['nat -A POSTROUTING -j ACCEPT'] },
  { name: 'the node\'s own, marked after its route was chosen', rules: ['mangle -A OUTPUT -d 10.244.0.0/16 -j MARK --set-xmark 0x4000/0x4000'] },
  { name: 'the node\'s own, untracked', rules: ['raw -A OUTPUT -d 10.96.0.0/16 -j CT --notrack'] },
  { name: 'SNAT', rules: ['nat -A POSTROUTING -s 10.244.1.20/32 -j SNAT --to-source 192.168.50.11'] },
  { name: 'SNAT to an address that leads nowhere', rules: ['nat -A POSTROUTING -s 10.244.1.0/24 -d 10.244.2.0/24 -j SNAT --to-source 10.9.9.9'] },
  { name: 'plain MASQUERADE between nodes', rules: ['nat -A POSTROUTING -d 10.244.2.0/24 -j MASQUERADE'] },
  { name: 'marked early, masqueraded late', rules: ['mangle -A PREROUTING -j MARK --set-xmark 0x4000/0x4000'] },
  { name: 'marked in FORWARD', rules: ['mangle -A FORWARD -s 10.244.1.20/32 -j MARK --set-xmark 0x4000/0x4000'] },
  { name: 'the connection\'s mark, saved and restored', rules: ['mangle -A PREROUTING -m conntrack --ctdir REPLY -m connmark --mark 0x7 -j DROP', 'mangle -A PREROUTING -s 10.244.1.20/32 -j CONNMARK --set-xmark 0x7/0xffffffff'] },
  { name: 'untracked: no NAT', rules: ['raw -A PREROUTING -s 10.244.1.20/32 -j CT --notrack'] },
  { name: 'dropped in raw', rules: ['raw -A PREROUTING -d 10.96.0.0/16 -j DROP'] },
  { name: 'dropped in mangle POSTROUTING', rules: ['mangle -A POSTROUTING -d 10.244.1.10/32 -j DROP'] },
  { name: 'the node\'s own, rejected in OUTPUT', rules: ['filter -A OUTPUT -d 10.244.1.10/32 -p tcp -j REJECT --reject-with icmp-port-unreachable'] },
  { name: 'dropped in INPUT', rules: ['filter -A INPUT -p tcp -m tcp --dport 6443 -j DROP'] },
  { name: 'logged on the way', rules: ['filter -A FORWARD -j LOG --log-prefix "way "', 'filter -A FORWARD -d 10.244.1.10/32 -j DROP'] },
];

/** The text of iptables-save with rules put first in their chains; tables and chains are added where they are missing. */
export function paste(saved: string, rules: readonly string[]): string {
  const tables = new Map(saved.split(/(?<=^COMMIT$)\n/m).filter((part) => part.trim() !== '').map((part) => [/^\*(\S+)/m.exec(part)![1]!, `${part.trim()}\n`]));
  for (const [table, hooks] of Object.entries({ raw: ['PREROUTING', 'OUTPUT'], mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'], nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'], filter: ['INPUT', 'FORWARD', 'OUTPUT'] })) {
    const mine = rules.filter((rule) => rule.startsWith(`${table} `)).map((rule) => rule.slice(table.length + 1));
    if (mine.length === 0) continue;
    const text = tables.get(table) ?? `*${table}\n${hooks.map((hook) => `:${hook} ACCEPT [0:0]\n`).join('')}COMMIT\n`;
    const chains = mine.some((rule) => rule.includes('P1')) ? [':P1 - [0:0]', ':P2 - [0:0]', '-A P1 -s 10.244.1.20/32 -j RETURN', '-A P1 -d 10.244.1.10/32 -j DROP', '-A P2 -d 10.244.1.10/32 -j DROP'] : [];
    const lines = [...text.split('\n').filter((line) => line.startsWith(':')), ...chains.filter((line) => line.startsWith(':')), ...mine, ...chains.filter((line) => line.startsWith('-')), ...text.split('\n').filter((line) => line.startsWith('-'))];
    tables.set(table, `*${table}\n${lines.join('\n')}\nCOMMIT\n`);
  }
  return [...tables.values()].join('');
}
