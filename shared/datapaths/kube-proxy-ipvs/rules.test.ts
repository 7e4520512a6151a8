import { describe, expect, test } from 'vitest';
import { cidr } from '../../base/cidr.ts';
import { ip } from '../../base/ip.ts';
import { checkNetns } from '../../dataplane/check-dataplane.ts';
import { buildDataplane } from '../../dataplane/build-dataplane.ts';
import { readIptablesSave } from '../../dataplane/text/parse-iptables-save.ts';
import { printIpset } from '../../dataplane/text/print-ipset.ts';
import { joinLines, printIptablesSave } from '../../dataplane/text/print-iptables-save.ts';
import { printIpvsadm } from '../../dataplane/text/print-ipvsadm.ts';
import type { Cluster, Service, Settings } from '../../model/types.ts';
import { compiledNode, endpoint, overallCluster, proxyCluster, service, servicePort, slice } from '../testing/proxy-cases.ts';
import { kubeProxyIpvs } from './index.ts';
import { setNameIn, setNames } from './names.ts';

const one = (over: Partial<Service>, endpoints = [endpoint('10.180.0.1', 'b')], settings: Partial<Settings> = {}): Cluster =>
  proxyCluster([service('ns/svc', '172.30.0.41', over)], [slice('ns/svc', endpoints)], { podNetwork: 'routed', ...settings });
const here = [endpoint('10.180.0.2', 'a')];
const vip = { type: 'LoadBalancer', loadBalancer: [{ ip: ip('1.2.3.4'), hostname: '', ipMode: 'VIP' }] } as const;
const nodePort = { type: 'NodePort', ports: [servicePort({ nodePort: 30080 })] } as const;
const node = (cluster: Cluster) => compiledNode(kubeProxyIpvs, cluster);
const servers = (cluster: Cluster): readonly string[] => printIpvsadm(node(cluster)).map((line) => line.text);
const inSets = (cluster: Cluster): readonly string[] => printIpset(node(cluster)).map((line) => line.text).filter((text) => text.startsWith('add '));
const rules = (cluster: Cluster): readonly string[] => printIptablesSave(node(cluster), 'ip').map((line) => line.text);

describe('virtual servers (syncProxyRules, syncEndpoint)', () => {
  const rows: readonly [name: string, cluster: Cluster, lines: readonly string[]][] = [
    ['KPV1 a cluster IP', one({}), ['-A -t 172.30.0.41:80 -s rr', '-a -t 172.30.0.41:80 -r 10.180.0.1:80 -m -w 1']],
    ['KPV1 without endpoints there is one without real servers', one({}, []), ['-A -t 172.30.0.41:80 -s rr']],
    ['KPV2 internalTrafficPolicy Local, nobody here: the Cluster list was never made', one({ internalTrafficPolicy: 'Local' }), ['-A -t 172.30.0.41:80 -s rr']],
    ['KPV1 a node port stands at every address of the node but loopback', one(nodePort), ['-A -t 172.30.0.41:80 -s rr', '-a -t 172.30.0.41:80 -r 10.180.0.1:80 -m -w 1', '-A -t 192.168.0.2:30080 -s rr', '-a -t 192.168.0.2:30080 -r 10.180.0.1:80 -m -w 1']],
    ['KPV2 externalTrafficPolicy Local sends to who is here', one({ ...nodePort, externalTrafficPolicy: 'Local' }, [endpoint('10.180.0.1', 'b'), ...here]), ['-A -t 172.30.0.41:80 -s rr', '-a -t 172.30.0.41:80 -r 10.180.0.1:80 -m -w 1', '-a -t 172.30.0.41:80 -r 10.180.0.2:80 -m -w 1', '-A -t 192.168.0.2:30080 -s rr', '-a -t 192.168.0.2:30080 -r 10.180.0.2:80 -m -w 1']],
    ['KPV2 and where nobody is here to all, after all', one({ ...nodePort, externalTrafficPolicy: 'Local' }), ['-A -t 172.30.0.41:80 -s rr', '-a -t 172.30.0.41:80 -r 10.180.0.1:80 -m -w 1', '-A -t 192.168.0.2:30080 -s rr', '-a -t 192.168.0.2:30080 -r 10.180.0.1:80 -m -w 1']],
    ['KPV3 affinity is persistence, the scheduler is the configuration\'s', one({ sessionAffinitySeconds: 60 }, [], { ipvsScheduler: 'mh' }), ['-A -t 172.30.0.41:80 -s mh -p 60 -b mh-port']],
  ];
  test.each(rows)('%s', (_name, cluster, lines) => expect(servers(cluster)).toEqual(lines));
});

describe('sets', () => {
  const base = ['add KUBE-CLUSTER-IP 172.30.0.41,tcp:80', 'add KUBE-IPVS-IPS 172.30.0.41'];
  const rows: readonly [name: string, cluster: Cluster, added: readonly string[]][] = [
    ['KPV4 a cluster IP', one({}), []],
    ['KPV5 hairpin is for endpoints on this node, ready or not', one({}, [...here, endpoint('10.180.0.3', 'a', { ready: false }), endpoint('10.180.0.1', 'b')]), ['add KUBE-LOOP-BACK 10.180.0.2,tcp:80,10.180.0.2', 'add KUBE-LOOP-BACK 10.180.0.3,tcp:80,10.180.0.3']],
    ['KPV4 a node port', one(nodePort), ['add KUBE-NODE-PORT-TCP 30080']],
    ['KPV4 a node port that keeps its clients', one({ ...nodePort, externalTrafficPolicy: 'Local' }), ['add KUBE-NODE-PORT-TCP 30080', 'add KUBE-NODE-PORT-LOCAL-TCP 30080']],
    ['KPV8 an external IP that the node has is not bound again', one({ externalIps: [ip('192.168.0.2'), ip('9.9.9.9')] }), ['add KUBE-EXTERNAL-IP 192.168.0.2,tcp:80', 'add KUBE-EXTERNAL-IP 9.9.9.9,tcp:80', 'add KUBE-IPVS-IPS 9.9.9.9']],
    ['KPV7 source ranges', one({ ...vip, loadBalancerSourceRanges: [cidr('203.0.113.0/25')] }), ['add KUBE-LOAD-BALANCER 1.2.3.4,tcp:80', 'add KUBE-LOAD-BALANCER-FW 1.2.3.4,tcp:80', 'add KUBE-LOAD-BALANCER-SOURCE-CIDR 1.2.3.4,tcp:80,203.0.113.0/25', 'add KUBE-IPVS-IPS 1.2.3.4']],
    ['KPV7 source ranges that hold the node', one({ ...vip, loadBalancerSourceRanges: [cidr('192.168.0.0/24')] }), ['add KUBE-LOAD-BALANCER 1.2.3.4,tcp:80', 'add KUBE-LOAD-BALANCER-FW 1.2.3.4,tcp:80', 'add KUBE-LOAD-BALANCER-SOURCE-IP 1.2.3.4,tcp:80,1.2.3.4', 'add KUBE-LOAD-BALANCER-SOURCE-CIDR 1.2.3.4,tcp:80,192.168.0.0/24', 'add KUBE-IPVS-IPS 1.2.3.4']],
  ];
  test.each(rows)('%s', (_name, cluster, added) => expect(inSets(cluster).toSorted()).toEqual([...base, ...added].toSorted()));
  test('KPV10 SCTP node ports stand in a set of addresses, and so in rules and servers of their own', () => {
    const cluster = proxyCluster([service('ns/svc', '172.30.0.41', { type: 'NodePort', ports: [servicePort({ protocol: 'sctp', nodePort: 30080 })] })], [slice('ns/svc', here, { ports: [{ name: 'p80', protocol: 'sctp', port: 80 }] })], { podNetwork: 'routed' });
    expect([inSets(cluster).filter((text) => text.includes('SCTP')), rules(cluster).filter((text) => text.includes('-p sctp')), servers(cluster).filter((text) => text.startsWith('-A'))]).toEqual([
      ['add KUBE-NODE-PORT-SCTP-HASH 192.168.0.2,sctp:30080'],
      [String.raw`-A KUBE-NODE-PORT -p sctp -m comment --comment "Kubernetes nodeport SCTP port for masquerade purpose with type \'hash ip:port\'" -m set --match-set KUBE-NODE-PORT-SCTP-HASH dst,dst -j KUBE-MARK-MASQ`],
      ['-A --sctp-service 172.30.0.41:80 -s rr', '-A --sctp-service 192.168.0.2:30080 -s rr'],
    ]);
  });
  test('KPV4 IPv6 sets have names of their own, 31 characters at most (NewIPSet)', () => {
    expect(setNameIn('KUBE-LOAD-BALANCER-SOURCE-CIDR', 'ip6')).toBe('KUBE-6-LOAD-BALANCER-SOURCE-CID');
    expect(Math.max(...setNames.map((name) => setNameIn(name, 'ip6').length))).toBe(31);
  });
});

describe('rules (writeIptablesRules)', () => {
  const masq = 'Kubernetes service cluster ip + port for masquerade purpose';
  const rows: readonly [name: string, cluster: Cluster, has: string, yes: boolean][] = [
    ['KPV5 a detector: all but pods', one({}), `-A KUBE-SERVICES ! -s 10.0.0.0/8 -m comment --comment "${masq}" -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ`, true],
    ['KPV5 no detector: what comes from a Service address', one({}, here, { detectLocal: { kind: 'none' } }), `-A KUBE-SERVICES -m comment --comment "${masq}" -m set --match-set KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ`, true],
    ['KPV5 masqueradeAll', one({}, here, { masqueradeAll: true }), `-A KUBE-SERVICES -m comment --comment "${masq}" -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ`, true],
    ['nothing is said about an empty set', one({}), '-A KUBE-NODE-PORT -p tcp -m comment --comment "Kubernetes nodeport TCP port for masquerade purpose" -m set --match-set KUBE-NODE-PORT-TCP dst -j KUBE-MARK-MASQ', false],
    ['KPV7 the node may not dial a load balancer address that leaves it out', one({ ...vip, loadBalancerSourceRanges: [cidr('203.0.113.0/25')] }), '-A KUBE-IPVS-OUT-FILTER -s 1.2.3.4/32 -m ipvs --vproto 6 --vaddr 1.2.3.4 --vport 80 -j DROP', true],
    ['KPV7 nor is it stopped where the ranges hold it', one({ ...vip, loadBalancerSourceRanges: [cidr('192.168.0.0/24')] }), '-A KUBE-IPVS-OUT-FILTER -s 1.2.3.4/32 -m ipvs --vproto 6 --vaddr 1.2.3.4 --vport 80 -j DROP', false],
    ['KPV6 Service addresses answer on Service ports only', one({}), '-A KUBE-IPVS-FILTER -m conntrack --ctstate NEW -m set --match-set KUBE-IPVS-IPS dst -j REJECT --reject-with icmp-port-unreachable', true],
  ];
  test.each(rows)('%s', (_name, cluster, text, yes) => expect(rules(cluster).includes(text)).toBe(yes));
  test('KPV9 jumps stand in the order that prepending leaves (iptablesJumpChain)', () => {
    expect(rules(one({})).filter((line) => line.startsWith('-A INPUT') || line.startsWith('-A FORWARD')).map((line) => line.split(' -j ')[1])).toEqual(['KUBE-IPVS-FILTER', 'KUBE-PROXY-FIREWALL', 'KUBE-NODE-PORT', 'KUBE-PROXY-FIREWALL', 'KUBE-FORWARD']);
  });
  test('what is printed reads back as the same text', () => {
    const text = joinLines(printIptablesSave(node(overallCluster()), 'ip'));
    const read = readIptablesSave(text, 'ip', 'a.rules');
    expect([joinLines(printIptablesSave({ tables: read.tables }, 'ip')), read.problems]).toEqual([text, []]);
  });
});

test('Nothing is asked that does not exist, and everything says why it is there', () => {
  const compiled = node(overallCluster());
  expect(checkNetns(compiled, buildDataplane([], () => []))).toEqual([]);
});
