import type { Ip, IpFamily } from '../../base/ip.ts';
import type { Socket } from '../../dataplane/netns.ts';
import { indexCluster } from '../../model/index-cluster.ts';
import { proxyEndpoints } from '../../model/proxy-endpoints.ts';
import { primaryIp, proxyFamilies } from '../../model/proxy-node.ts';
import { proxiedPorts } from '../../model/service-ports.ts';
import type { Cluster } from '../../model/types.ts';
import { proxySockets } from '../proxy-sockets.ts';
import { checkProxy, sayService, serviceOrigin, sourceRangesProblems } from '../proxy-words.ts';
import { ranks } from '../ranks.ts';
import type { Datapath } from '../types.ts';
import { buildTables } from './build-tables.ts';
import { by, type Proxied } from './names.ts';

const firstProxyPort = 40_000;
const numbered = (cluster: Cluster): readonly Proxied[] => proxyFamilies(cluster).flatMap((family) => proxiedPorts(cluster, family)).map((port, i) => ({ port, proxyPort: firstProxyPort + i }));

/** The process that takes a Service port's connections: it knows the ready endpoints, wherever they are, and no policy or hint (userspace/roundrobin.go). */
function proxySocket(cluster: Cluster, { port, proxyPort }: Proxied): Socket {
  const { ready } = proxyEndpoints(indexCluster(cluster), port.service, port.service.ports[port.index]!, port.family);
  return {
    protocol: port.protocol, port: proxyPort, app: 'proxy', config: { service: port.name, endpoints: ready.map((endpoint) => endpoint.key).join(',') },
    origin: serviceOrigin(by, port, `kube-proxy itself takes connections to ${sayService(port)} here and opens its own to an endpoint`),
  };
}

const ofFamily = (list: readonly Proxied[], family: IpFamily): readonly Proxied[] => list.filter(({ port }) => port.family === family);

/** Services by kube-proxy in userspace mode, as it was until v1.25: rules lead every connection into a process, which opens its own (README.md). */
export const kubeProxyUserspace: Datapath = {
  id: by,
  provides: ['services'],
  check: (cluster) => [...checkProxy(cluster), ...sourceRangesProblems(cluster, 'userspace')],
  compile(host, cluster) {
    if (host.kind !== 'node') return null;
    const { node } = host;
    const all = numbered(cluster);
    const tables = proxyFamilies(cluster).flatMap((family) => {
      const hostIp: Ip | null = primaryIp(node, family);
      return hostIp === null ? [] : buildTables(family, hostIp, ofFamily(all, family));
    });
    return { rank: ranks.services, parts: [{ netns: host.id, tables, sockets: [...proxySockets(by, node, cluster, 'all'), ...all.map((one) => proxySocket(cluster, one))] }] };
  },
};
