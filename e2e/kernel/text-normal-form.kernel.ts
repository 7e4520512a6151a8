import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { joinLines, printIptablesSave } from '../../shared/dataplane/text/print-iptables-save.ts';
import { parseIptablesSave } from '../../shared/dataplane/text/parse-iptables-save.ts';
import { printIpset } from '../../shared/dataplane/text/print-ipset.ts';
import type { Dataplane } from '../../shared/dataplane/netns.ts';
import { compileDataplane } from '../../shared/datapaths/index.ts';
import { readManifests } from '../../shared/kube/read-manifests.ts';
import { buildCluster } from '../../shared/model/build-cluster.ts';
import { inNewNetns, withoutCounters } from './new-netns.ts';

type Family = 'ip' | 'ip6';
type Backend = 'nft' | 'legacy';
const command = (family: Family, backend: Backend, verb: string): string => `${family}tables-${backend}-${verb}`;

/** The legacy tool lists tables in the order they were first used. */
const byTable = (text: string): string => text.split(/(?<=^COMMIT\n)/m).toSorted().join('');

function missing(family: Family, backend: Backend): string | null {
  const tried = inNewNetns(`${command(family, backend, 'restore')} && ${command(family, backend, 'save')}`, '*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n');
  return tried.status === 0 ? null : tried.err.trim().split('\n')[0] || `exit ${tried.status}`;
}

function savedAgain(family: Family, backend: Backend, text: string, sets: string): string {
  const load = sets === '' ? '' : `printf '%s' "$SETS" | ipset restore -exist && `;
  const run = inNewNetns(`${load}${command(family, backend, 'restore')} && ${command(family, backend, 'save')}`, text, { SETS: sets });
  if (run.status !== 0) throw new Error(`${command(family, backend, 'restore')}: ${run.err}`);
  return withoutCounters(run.out);
}

const shared = fileURLToPath(new URL('../../../shared/manifests/', import.meta.url));
const own = `
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { type: LoadBalancer, externalTrafficPolicy: Local, sessionAffinity: ClientIP, loadBalancerSourceRanges: [203.0.113.0/24], externalIPs: [198.51.100.99], selector: { app: web }, ports: [{ name: http, port: 80, targetPort: 8080 }, { name: dns, port: 53, protocol: UDP }, { name: sig, port: 3868, protocol: SCTP }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { replicas: 7, selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: c, image: i, ports: [{ containerPort: 8080, hostPort: 8888 }] }] } } }
---
apiVersion: v1
kind: Service
metadata: { name: nobody }
spec: { type: NodePort, selector: { app: nobody }, ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: some }
spec: { podSelector: { matchLabels: { app: web } }, policyTypes: [Ingress, Egress], ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 8080 }] }], egress: [{ to: [{ ipBlock: { cidr: 192.0.2.0/24, except: [192.0.2.80/32] } }] }] }
`;
const dual = 'apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nnetworking: { podSubnet: "10.244.0.0/16,fd00:10:244::/56", serviceSubnet: "10.96.0.0/12,fd00:10:96::/108" }\n---';

const inMode = (mode: string): string => `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ${mode}\nclusterCIDR: "10.244.0.0/16,fd00:10:244::/56"\n---\n`;
// A source range that leaves the node out brings `-m ipvs`, for which not every kernel has the module.
const unranged = own.replace('loadBalancerSourceRanges: [203.0.113.0/24]', 'loadBalancerSourceRanges: [192.168.56.0/24]');

const compiled = (name: string, text: string): Dataplane => compileDataplane(buildCluster(readManifests([{ name, text }])).cluster);
const cases: readonly [string, Dataplane][] = [
  ['every kind of Service', compiled('own.yaml', own)],
  ['the same in dual stack', compiled('dual.yaml', `${dual}${own.replaceAll('kind: Service\nmetadata: { name: web }\nspec: {', 'kind: Service\nmetadata: { name: web }\nspec: { ipFamilyPolicy: PreferDualStack,')}`)],
  ['ipvs mode in dual stack', compiled('ipvs.yaml', `${dual}${inMode('ipvs')}${unranged.replaceAll('kind: Service\nmetadata: { name: web }\nspec: {', 'kind: Service\nmetadata: { name: web }\nspec: { ipFamilyPolicy: PreferDualStack,')}`)],
  ['userspace mode', compiled('userspace.yaml', `${inMode('userspace')}${own}`)],
  ...['online-boutique.yaml', 'guestbook.yaml'].filter((name) => existsSync(shared + name)).map((name): [string, Dataplane] => [name, compiled(name, readFileSync(shared + name, 'utf8'))]),
];

describe.each([['ip', 'nft'], ['ip', 'legacy'], ['ip6', 'nft'], ['ip6', 'legacy']] as const)('save(restore(print)) = print: %s, %s back end', (family, backend) => {
  const why = missing(family, backend);
  if (why !== null && process.env['KERNEL_ORACLE'] === 'required') throw new Error(`${command(family, backend, 'restore')} is required here: ${why}`);
  test.skipIf(why !== null).each(cases)(`%s${why === null ? '' : ` (skipped: ${why})`}`, (_name, dataplane) => {
    for (const id of dataplane.ids.filter((ns) => /^(node|lb)\//.test(ns))) {
      const netns = dataplane.netns(id)!;
      const text = joinLines(printIptablesSave(netns, family));
      if (text === '') continue;
      const again = savedAgain(family, backend, text, joinLines(printIpset(netns)));
      const inOrder = backend === 'legacy' ? byTable : (it: string): string => it;
      expect(inOrder(again)).toBe(inOrder(text));
    }
  });
  test('what was printed is read back as the same text', () => {
    for (const [, dataplane] of cases) {
      for (const id of dataplane.ids.filter((ns) => /^(node|lb)\//.test(ns))) {
        const text = joinLines(printIptablesSave(dataplane.netns(id)!, family));
        const parsed = parseIptablesSave(text, family);
        expect(parsed.ok && joinLines(printIptablesSave({ tables: parsed.value.map((table) => ({ ...table, chains: table.chains.map((chain) => ({ ...chain, rules: chain.rules.map(({ text: _read, ...rule }) => rule) })) })) }, family))).toBe(text);
      }
    }
  });
});
