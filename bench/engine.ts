import { existsSync, readFileSync } from 'node:fs';
import { compileDataplane } from '../shared/datapaths/index.ts';
import type { Dataplane } from '../shared/dataplane/netns.ts';
import { joinLines, printIptablesSave } from '../shared/dataplane/text/print-iptables-save.ts';
import { printNft } from '../shared/dataplane/text/print-nft.ts';
import { emptyState, send, sendNaively } from '../shared/engine/send.ts';
import { readManifests } from '../shared/kube/read-manifests.ts';
import { buildCluster } from '../shared/model/build-cluster.ts';
import type { Cluster } from '../shared/model/types.ts';
import type { Flow } from '../shared/trace/types.ts';
import { generatedYaml } from './generated-cluster.ts';
import { milliseconds, perSecond, row, type Row } from './measure.ts';

const boutique = '../shared/manifests/online-boutique.yaml';

function flowTo(cluster: Cluster, podName: string, serviceName: string, port: number): Flow {
  const pod = cluster.pods.find((one) => one.name.startsWith(podName));
  const service = cluster.services.find((one) => one.name === serviceName);
  if (!pod?.ips[0] || !service?.clusterIps[0]) throw new Error(`no ${podName} or ${serviceName} in this cluster`);
  return { from: `pod/${pod.namespace}/${pod.name}`, packet: { src: pod.ips[0], dst: service.clusterIps[0], ttl: 64, l4: { proto: 'tcp', sport: 41_870, dport: port, flags: 'syn' } } };
}

interface Loaded { readonly cluster: Cluster; readonly dataplane: Dataplane }

function load(text: string): Loaded {
  const { cluster } = buildCluster(readManifests([{ name: 'bench.yaml', text }]));
  return { cluster, dataplane: compileDataplane(cluster) };
}

function sampled(dataplane: Dataplane, flow: Flow, label: string): Row {
  let seed = 0;
  const state = emptyState(0);
  return row(label, 'traces/s', perSecond(() => { send(dataplane, flow, state, { mode: 'sample', seed: seed++ }); }));
}

const all = (dataplane: Dataplane, flow: Flow, label: string): Row =>
  row(label, 'questions/s', perSecond(() => { send(dataplane, flow, emptyState(0), { mode: 'all' }); }));

function firstTrace(text: string, pod: string, service: string, port: number, label: string): Row {
  return row(label, 'ms', milliseconds(() => {
    const { cluster, dataplane } = load(text);
    send(dataplane, flowTo(cluster, pod, service, port), emptyState(0), { mode: 'all' });
  }));
}

function onlineBoutique(): readonly Row[] {
  if (!existsSync(boutique)) return [row('Online Boutique', `not measured: no ${boutique} beside the project`, 0)];
  const text = readFileSync(boutique, 'utf8');
  const { cluster, dataplane } = load(text);
  const flow = flowTo(cluster, 'frontend', 'cartservice', 7070);
  return [
    sampled(dataplane, flow, 'Online Boutique, pod → ClusterIP, one sampled branch, full steps, forward and reply'),
    all(dataplane, flow, 'Online Boutique, pod → ClusterIP, all branches'),
    firstTrace(text, 'frontend', 'cartservice', 7070, 'Online Boutique, text → first trace'),
  ];
}

function large(): readonly Row[] {
  const text = generatedYaml({ services: 1000, endpointsPerService: 10, nodes: 100 });
  const readOnly = milliseconds(() => { buildCluster(readManifests([{ name: 'bench.yaml', text }])); });
  const { cluster, dataplane } = load(text);
  const flow = flowTo(cluster, 'client', 'service-00500', 80);
  return [
    row(`1,000 Services, 10,000 endpoints, 100 nodes: ${(text.length / 1e6).toFixed(1)} MB of YAML → Cluster`, 'ms', readOnly),
    firstTrace(text, 'client', 'service-00500', 80, '  text → first trace, all 10 branches'),
    row('  a trace in it, all 10 branches', 'ms', milliseconds(() => { send(dataplane, flow, emptyState(0), { mode: 'all' }); }, 50)),
    sampled(dataplane, flow, '  one sampled branch'),
  ];
}

// Services and slices together stay below the reader's limit of 20,000 objects.
const MOST = 9990;
type Mode = 'iptables' | 'nftables';

/** Indexed evaluation against a plain walk through the same rules, in the same run. */
function growth(mode: Mode): readonly Row[] {
  return [10, 100, 1000, MOST].flatMap((services) => {
    const text = `${generatedYaml({ services, endpointsPerService: 10, nodes: 3 })}---\napiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ${mode}\n`;
    const { cluster, dataplane } = load(text);
    const flow = flowTo(cluster, 'client', `service-${String(services - 1).padStart(5, '0')}`, 80);
    const run = (f: typeof send) => { let seed = 0; return perSecond(() => { f(dataplane, flow, emptyState(0), { mode: 'sample', seed: seed++ }); }); };
    const [indexed, naive] = [run(send), run(sendNaively)];
    return [row(`${mode}, ${services} Services: indexed`, 'traces/s', indexed), row(`${mode}, ${services} Services: naive linear walk`, 'traces/s', naive), row('  ratio', '×', indexed / naive)];
  });
}

const inMode = (mode: Mode): Cluster => {
  const text = `${generatedYaml({ services: MOST, endpointsPerService: 10, nodes: 3 })}---\napiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ${mode}\n`;
  return buildCluster(readManifests([{ name: 'bench.yaml', text }])).cluster;
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** A node's rules from scratch and as the mode's own tool prints them. A copy of the cluster shares no object with what was compiled before. */
function compiled(mode: Mode): readonly Row[] {
  const cluster = inMode(mode);
  const times = Array.from({ length: 6 }, () => {
    const copy = structuredClone(cluster);
    const start = performance.now();
    const netns = compileDataplane(copy).netns('node/node-00000')!;
    const between = performance.now();
    const text = joinLines(mode === 'iptables' ? printIptablesSave(netns, 'ip') : printNft(netns));
    // reads a character, or the text would stay a plan of its pieces
    if (text.charCodeAt(0) === 0) throw new Error('no text');
    const end = performance.now();
    return { compile: between - start, print: end - between, both: end - start };
  });
  const figure = (of: keyof (typeof times)[number]): number => median(times.slice(1).map((time) => time[of]));
  return [
    row(`${mode}, ${MOST} Services × 10 endpoints: compile one node from scratch`, 'ms', figure('compile')), row('  print what it holds', 'ms', figure('print')),
    row('  both', 'ms', figure('both'), { most: 2000 }), row('  both, the first time in this process', 'ms', times[0]!.both),
  ];
}

/** One Service after another gets another port: the new rules of a node, against a compile of the same cluster from scratch in the same run. */
function recompiled(mode: Mode): readonly Row[] {
  let cluster = inMode(mode);
  const compile = (of: Cluster): number => {
    const start = performance.now();
    compileDataplane(of).netns('node/node-00000');
    return performance.now() - start;
  };
  compile(cluster);
  let n = 0;
  const edited = milliseconds(() => {
    const at = (n++ * 977) % MOST;
    cluster = { ...cluster, services: cluster.services.map((service, i) => (i === at ? { ...service, ports: service.ports.map((port) => ({ ...port, port: 1000 + n })) } : service)) };
    return compile(cluster);
  }, 25);
  // a copy shares no object with what was compiled before
  const whole = milliseconds(() => compile(structuredClone(cluster)), 3);
  return [row(`${mode}, ${MOST} Services × 10 endpoints: a node's new rules after one edited Service`, 'ms', edited, { most: 5 }), row('  all of them from scratch', 'ms', whole), row('  ratio', '×', whole / edited)];
}

export const engineBenches: Readonly<Record<string, () => readonly Row[]>> = {
  boutique: onlineBoutique,
  large,
  'growth-iptables': () => growth('iptables'),
  'growth-nftables': () => growth('nftables'),
  compile: () => [...compiled('iptables'), ...compiled('nftables')],
  recompile: () => [...recompiled('iptables'), ...recompiled('nftables')],
};

