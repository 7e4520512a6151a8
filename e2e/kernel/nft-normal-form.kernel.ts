import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { cidr } from '../../shared/base/cidr.ts';
import { ip } from '../../shared/base/ip.ts';
import type { Table } from '../../shared/dataplane/rules.ts';
import { parseNft } from '../../shared/dataplane/text/parse-nft.ts';
import { joinLines } from '../../shared/dataplane/text/print-iptables-save.ts';
import { printNft } from '../../shared/dataplane/text/print-nft.ts';
import { compileDataplane } from '../../shared/datapaths/index.ts';
import { kubeProxyNftables } from '../../shared/datapaths/kube-proxy-nftables/index.ts';
import { compiledNode, endpoint, overallCluster, proxyCluster, proxyNode, service, servicePort, slice } from '../../shared/datapaths/testing/proxy-cases.ts';
import { readManifests } from '../../shared/kube/read-manifests.ts';
import { buildCluster } from '../../shared/model/build-cluster.ts';
import type { Cluster, Settings } from '../../shared/model/types.ts';
import { inNewNetns } from './new-netns.ts';

/** Loads a ruleset in a network namespace of its own and lists it. */
function loadedAndListed(ruleset: string): { readonly ok: boolean; readonly out: string } {
  const { status, out, err } = inNewNetns('nft -f /dev/stdin && nft list ruleset', ruleset);
  return { ok: status === 0, out: status === 0 ? out : err };
}

const everyPort = [servicePort({ nodePort: 30080 }), servicePort({ name: 'dns', protocol: 'udp', port: 53, nodePort: 30053 }), servicePort({ name: 's', protocol: 'sctp', port: 99, nodePort: 30099 })];
const ports = everyPort.map(({ name, protocol, port }) => ({ name, protocol, port }));

/** A dual-stack Service of every kind at once, and one without endpoints. */
const dual = (settings: Partial<Settings>): Cluster => ({
  ...proxyCluster([
    service('ns/svc', '172.30.0.41', {
      type: 'LoadBalancer', clusterIps: [ip('172.30.0.41'), ip('fd00:96::41')], sessionAffinitySeconds: 100, externalTrafficPolicy: 'Local', healthCheckNodePort: 32000, externalIps: [ip('192.168.99.1'), ip('2001:db8::1')],
      loadBalancer: [{ ip: ip('1.2.3.4'), hostname: '', ipMode: 'VIP' }, { ip: ip('2001:db8::99'), hostname: '', ipMode: 'VIP' }], loadBalancerSourceRanges: [cidr('203.0.113.0/25'), cidr('192.168.0.0/24'), cidr('2001:db8:1::/64'), cidr('fd00:1::/64')], ports: everyPort,
    }),
    service('ns/none', '172.30.0.42', { clusterIps: [ip('172.30.0.42'), ip('fd00:96::42')] }),
  ], [
    slice('ns/svc', [endpoint('10.180.0.1', 'a'), endpoint('10.180.0.2', 'b'), endpoint('10.180.0.3', 'b')], { ports }), slice('ns/svc', [endpoint('fd00:10::1', 'b'), endpoint('fd00:10::2', 'b')], { ports, name: 'svc-6' }),
  ], { podSubnets: [cidr('10.0.0.0/8'), cidr('fd00:10::/56')], serviceSubnets: [cidr('172.30.0.0/16'), cidr('fd00:96::/112')], detectLocal: { kind: 'cluster-cidr', cidrs: [cidr('10.0.0.0/8'), cidr('fd00:10::/56')] }, ...settings }),
  nodes: [{ ...proxyNode, addresses: [ip('192.168.0.2'), ip('fd00:1::2')] }],
});

const tablesOf = (cluster: Cluster): readonly Table[] => compiledNode(kubeProxyNftables, cluster).tables;
const boutique = fileURLToPath(new URL('../../../shared/manifests/online-boutique.yaml', import.meta.url));
const proxyMode = '---\napiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: nftables\nclusterCIDR: 10.244.0.0/16\n';
const cases: readonly [string, readonly Table[]][] = [
  ['upstream\'s overall test', tablesOf(overallCluster())], ['node ports everywhere', tablesOf(overallCluster({ nodePortAddresses: ['0.0.0.0/0'] }))],
  ['dual stack, every kind of Service', tablesOf(dual({}))], ['pods told by their bridge', tablesOf(dual({ detectLocal: { kind: 'bridge-interface', name: 'cbr0' } }))], ['pods told by a prefix', tablesOf(dual({ detectLocal: { kind: 'interface-prefix', name: 'veth' } }))],
  ...(existsSync(boutique) ? [['Online Boutique, the whole node', compileDataplane(buildCluster(readManifests([{ name: 'b.yaml', text: `${readFileSync(boutique, 'utf8')}${proxyMode}` }])).cluster).netns('node/a')!.tables] as [string, readonly Table[]]] : []),
];

const tried = loadedAndListed('table ip t {\n}\n');
if (!tried.ok && process.env['KERNEL_ORACLE'] === 'required') throw new Error(`nft is required here: ${tried.out}`);

test.skipIf(!tried.ok).each(cases)(`nft lists what was loaded from our print, to the letter: %s${tried.ok ? '' : ` (skipped: ${tried.out.trim()})`}`, (_name, tables) => {
  const text = joinLines(printNft({ tables }));
  expect(text).not.toBe('');
  expect(loadedAndListed(text)).toEqual({ ok: true, out: text });
});

test.each(cases)('what was printed is read back as the same text, rule by rule understood: %s', (_name, tables) => {
  const text = joinLines(printNft({ tables }));
  const parsed = parseNft(text);
  const bare = parsed.ok ? parsed.value.map((table) => ({ ...table, chains: table.chains.map((chain) => ({ ...chain, rules: chain.rules.map(({ text: _read, ...rule }) => rule) })) })) : [];
  expect(joinLines(printNft({ tables: bare }))).toBe(text);
});
