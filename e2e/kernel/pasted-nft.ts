/** A table of nftables on node1 beside what is there already: the body of `table inet guard`. */
export interface Listed { readonly name: string; readonly body: string }

const chain = (name: string, hook: string, ...rules: readonly string[]): string => `\tchain ${name} {\n\t\t${[hook, ...rules].join('\n\t\t')}\n\t}\n`;
const forwarded = 'type filter hook forward priority filter - 5; policy accept;';
const forward = (name: string, ...rules: readonly string[]): Listed => ({ name, body: chain('forward', forwarded, ...rules) });
const withSet = (name: string, set: readonly string[], ...rules: readonly string[]): Listed => ({ name, body: `\tset s {\n\t\t${set.join('\n\t\t')}\n\t}\n${chain('forward', forwarded, ...rules)}` });
const prerouting = (name: string, ...rules: readonly string[]): Listed => ({ name, body: chain('pre', 'type nat hook prerouting priority dstnat - 5; policy accept;', ...rules) });

/** What may stand in the listing of a real node that `nft` set up. */
export const listed: readonly Listed[] = [
  withSet('a set of ranges that are no prefixes', ['type ipv4_addr', 'flags interval', 'elements = { 10.244.1.11-10.244.1.21, 203.0.113.0/24 }'], 'ip saddr @s drop'),
  withSet('outside a set of ranges', ['type ipv4_addr', 'flags interval', 'elements = { 10.244.1.11-10.244.1.21, 10.244.2.0/25 }'], 'ip saddr != @s drop'),
  withSet('pairs of an address and a port, with ranges in both', ['type ipv4_addr . inet_service', 'flags interval', 'elements = { 10.244.1.10 . 8000-8100, 10.244.2.8/29 . 1-9000 }'], 'ip daddr . tcp dport @s reject with tcp reset'),
  withSet('triples', ['type ipv4_addr . inet_proto . inet_service', 'elements = { 10.244.2.10 . udp . 8053, 10.244.1.10 . tcp . 8080 }'], 'ip daddr . meta l4proto . th dport @s drop'),
  withSet('a set of ports with ranges, negated', ['type inet_service', 'flags interval', 'elements = { 8000-8052, 8054-8079, 443 }'], 'meta l4proto tcp th dport != @s drop'),
  withSet('names of interfaces', ['type ifname', 'elements = { "eth0", "cbr1" }'], 'oifname @s drop'),
  forward('ports in a nameless set', 'tcp dport { 22, 8000-8100 } drop'),
  forward('not these ports', 'tcp dport != { 80, 443 } reject with tcp reset'),
  forward('pairs in a nameless set', 'ip saddr . ip daddr { 10.244.1.20 . 10.244.1.10, 10.244.2.0/24 . 10.244.1.0/28 } drop'),
  forward('greater and less', 'tcp dport >= 8080 drop', 'udp dport < 9000 drop'),
  forward('a range of ports, and not one', 'tcp dport 8000-8079 drop', 'tcp dport != 8080-9000 drop'),
  forward('a verdict by protocol', 'ip protocol vmap { udp : drop, tcp : accept }', 'drop'),
  forward('a verdict by network, ranges', 'ip daddr vmap { 10.244.1.0/24 : accept, 10.244.2.0-10.244.2.10 : drop }', 'tcp dport 443 reject'),
  forward('a verdict by pair', 'ip daddr . tcp dport vmap { 10.244.1.10 . 8080 : drop, 10.244.2.10 . 8080 : accept }', 'meta l4proto tcp reject with tcp reset'),
  { name: 'jump and goto by a map, and what comes after', body: `${chain('one', 'ip saddr 10.244.1.20 return', 'drop')}${chain('two', 'ip saddr 10.244.2.0/24 drop')}${chain('forward', forwarded, 'ip daddr vmap { 10.244.1.10 : jump one, 10.244.2.10 : goto two }', 'tcp dport 8080 reject with tcp reset')}` },
  forward('answers alone pass', 'ct state vmap { established : accept, related : accept, invalid : drop }', 'ip saddr 10.244.1.20 drop'),
  forward('new ones', 'ct state new ip daddr 10.244.1.10 reject'),
  forward('not what is new', 'ct state != new drop'),
  forward('neither new nor established', 'ct state { new, established } accept', 'drop'),
  forward('NATed by DNAT', 'ct status dnat drop'),
  forward('answers by direction', 'ct direction reply ip saddr 10.244.1.10 drop'),
  forward('any transport\'s port', 'meta l4proto { tcp, udp } th dport 8053 drop'),
  forward('kube-proxy\'s mark in a mask', 'meta mark & 0x00004000 == 0x00004000 drop'),
  forward('kube-proxy\'s mark alone', 'meta mark 0x00004000 reject'),
  forward('from bridge to bridge', 'iifname "cbr0" oifname "cbr0" drop'),
  forward('a prefix of interface names', 'iifname "cb*" drop'),
  forward('not from the uplink', 'iifname != "eth0" drop'),
  forward('one of these interfaces', 'oifname { "eth0", "eth1" } reject'),
  forward('destinations that are local', 'fib daddr type local drop', 'fib saddr type != local reject with icmpx admin-prohibited'),
  forward('a SYN', 'tcp flags syn / fin,syn,rst,ack drop'),
  forward('a SYN, the old way', 'tcp flags & (fin | syn | rst | ack) == syn reject'),
  forward('only IPv4', 'meta nfproto ipv4 drop'),
  forward('rejects with host-unreachable', 'ip daddr 10.244.1.10 reject with icmp host-unreachable'),
  forward('counted, logged, dropped', 'ip daddr 10.244.1.10 counter packets 0 bytes 0 log prefix "way " drop comment "why not"'),
  forward('one new connection in four', 'ct state new numgen random mod 4 vmap { 0 : drop }'),
  forward('three in four', 'ct state new numgen random mod 4 < 3 drop'),
  { name: 'accepted by one chain, dropped by the next of the same hook', body: `${chain('early', 'type filter hook forward priority filter - 10; policy accept;', 'accept')}${chain('late', forwarded, 'ip daddr 10.244.1.10 drop')}` },
  { name: 'a policy of drop, with what may pass', body: chain('forward', 'type filter hook forward priority filter + 20; policy drop;', 'ct state established,related accept', 'ip saddr 10.244.1.0/24 accept') },
  { name: 'the node\'s own', body: chain('output', 'type filter hook output priority filter; policy accept;', 'ip daddr 10.244.1.10 tcp dport 8080 reject', 'ip daddr 10.96.0.14 drop') },
  { name: 'into the node', body: chain('input', 'type filter hook input priority filter; policy accept;', 'tcp dport 6443 drop') },
  prerouting('DNAT before kube-proxy', 'ip daddr 10.96.0.10 tcp dport 80 dnat ip to 10.244.2.10:8080'),
  { name: 'DNAT after kube-proxy\'s: too late for what has it', body: chain('pre', 'type nat hook prerouting priority dstnat + 5; policy accept;', 'ip daddr { 10.96.0.12, 10.96.77.7 } tcp dport 80 dnat ip to 10.244.2.10:8080') },
  prerouting('DNAT by a map', 'tcp dport 80 dnat ip to ip daddr map { 10.96.77.7 : 192.0.2.80, 10.96.0.12 : 10.244.2.10 }'),
  prerouting('DNAT by a map of pairs', 'meta l4proto tcp dnat ip to ip daddr . tcp dport map { 10.96.77.7 . 80 : 10.244.2.10 . 8080 }'),
  prerouting('DNAT by a map of one protocol\'s ports: the other protocol is not meant', 'dnat ip to udp dport map { 80 : 192.0.2.80 }'),
  forward('fields of IPv6 are not those of IPv4', 'ip6 nexthdr tcp drop', 'ip6 saddr != fd00::1 drop', 'icmpv6 type != 1 reject'),
  prerouting('redirected', 'ip daddr 10.96.0.10 tcp dport 80 redirect to :6443'),
  { name: 'SNAT and masquerade', body: chain('post', 'type nat hook postrouting priority srcnat - 5; policy accept;', 'ip saddr 10.244.1.20 snat ip to 192.168.50.11', 'ip daddr 10.244.2.0/24 masquerade') },
  { name: 'untracked', body: chain('raw', 'type filter hook prerouting priority raw; policy accept;', 'ip saddr 10.244.1.20 notrack') },
  { name: 'marked early, masqueraded late', body: chain('mangle', 'type filter hook prerouting priority mangle; policy accept;', 'ip saddr 10.244.1.20 meta mark set meta mark | 0x00004000') },
  { name: 'the connection\'s mark, saved and restored', body: chain('mangle', 'type filter hook prerouting priority mangle; policy accept;', 'ct direction reply ct mark 0x00000007 drop', 'ip saddr 10.244.1.20 ct mark set 0x00000007') },
];

/** The listing that stands beside kube-proxy's rules. */
export const listing = ({ body }: Listed): string => `table inet guard {\n${body}}\n`;
