import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Cluster, Pod } from '../../../shared/model/types.ts';
import type { World } from '../../../shared/sandbox/world.ts';
import type { Backend } from '../generate-cluster.ts';
import type { Lab } from '../lab-process.ts';
import { toLab, type ServedElsewhere } from '../to-lab.ts';
import { nameServerOf } from './name-server.ts';
import { controllerOf, echoing, foreignHost, type CertificateFor } from './web-servers.ts';
import { podId } from '../../../shared/model/describe.ts';

const programs = { nginx: ['-v'], dnsmasq: ['--version'], openssl: ['version'] } as const;

/** Which of the real programs is not installed here, in words; null where all are. With KERNEL_ORACLE=required that is an error. */
export function missingPrograms(): string | null {
  const absent = Object.entries(programs).filter(([name, args]) => spawnSync(name, args).error !== undefined).map(([name]) => name);
  const why = absent.length === 0 ? null : `not installed: ${absent.join(', ')} (Debian: nginx, dnsmasq-base, openssl)`;
  if (why !== null && process.env['KERNEL_ORACLE'] === 'required') throw new Error(`the kernel lab is required here: ${why}`);
  return why;
}

type Role = 'name server' | 'controller' | 'backend';

function roleOf(pod: Pod): Role | null {
  if (pod.phase !== 'Running' || pod.hostNetwork) return null;
  if (pod.labels['k8s-app'] === 'kube-dns') return 'name server';
  if (pod.labels['app'] === 'ingress-controller') return 'controller';
  return pod.ports.some(({ protocol }) => protocol === 'tcp') ? 'backend' : null;
}

/** Where a real program listens instead of the lab's echo servers. */
function takenBy(cluster: Cluster): ServedElsewhere {
  const pods = new Map<string, Role | null>(cluster.pods.map((pod) => [podId(pod), roleOf(pod)]));
  const hosts = new Set(cluster.outsiders.filter(({ dnsNames }) => dnsNames.length > 0).map(({ kind, name }) => `${kind}/${name}`));
  return (netns, socket) => hosts.has(netns.id) || (pods.get(netns.id) === 'name server' ? socket.port === 53 : (pods.get(netns.id) ?? null) !== null);
}

export interface RealServers { /** Files in which the name servers log their questions. */ readonly queryLogs: readonly string[] }

/** Builds this world in the lab and starts real servers in its pods and outside: dnsmasq for CoreDNS, nginx for the Ingress controller and for whoever answers HTTP. */
export async function buildWithServers(lab: Lab, world: World, backend: Backend, dir: string, certificate: CertificateFor): Promise<RealServers> {
  const { cluster, dataplane } = world;
  await lab.call({ op: 'build', spec: toLab(dataplane, backend, { tcp: [], udp: [] }, false, takenBy(cluster)) });
  const folder = (netns: string): string => {
    const own = path.join(dir, netns.replaceAll('/', '_'));
    mkdirSync(own, { recursive: true });
    return own;
  };
  const nginx = async (netns: string, port: number, conf: (dir: string) => string): Promise<void> => {
    const own = folder(netns);
    writeFileSync(path.join(own, 'nginx.conf'), conf(own));
    await lab.call({ op: 'program', netns, argv: ['nginx', '-e', 'stderr', '-c', path.join(own, 'nginx.conf')], log: path.join(own, 'log'), protocol: 'tcp', port });
  };
  const queryLogs: string[] = [];
  const nameServer = async (netns: string): Promise<void> => {
    const own = folder(netns);
    const { hosts, options } = nameServerOf(cluster);
    writeFileSync(path.join(own, 'hosts'), hosts);
    queryLogs.push(path.join(own, 'log'));
    await lab.call({ op: 'program', netns, argv: ['dnsmasq', '-d', '--conf-file=/dev/null', '--user=root', '--no-resolv', '--no-hosts', `--addn-hosts=${path.join(own, 'hosts')}`, '--log-queries', ...options], log: path.join(own, 'log'), protocol: 'udp', port: 53 });
  };
  for (const pod of cluster.pods) {
    const role = roleOf(pod);
    const ports = pod.ports.filter(({ protocol }) => protocol === 'tcp').map(({ port }) => port);
    if (role === 'name server') await nameServer(podId(pod));
    else if (role === 'controller') await nginx(podId(pod), 80, (own) => controllerOf(own, cluster, certificate));
    else if (role === 'backend') await nginx(podId(pod), ports[0]!, (own) => echoing(own, `${pod.namespace}/${pod.name}`, ports));
  }
  for (const { kind, name, dnsNames, ports } of cluster.outsiders) {
    const open = (ports ?? [{ protocol: 'tcp', port: 80 }, { protocol: 'tcp', port: 443 }]).filter(({ protocol }) => protocol === 'tcp').map(({ port }) => port);
    if (dnsNames.length > 0 && open.length > 0) await nginx(`${kind}/${name}`, open[0]!, (own) => foreignHost(own, `${kind}/${name}`, dnsNames, open, certificate));
  }
  return { queryLogs };
}
