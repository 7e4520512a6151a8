import type { Ip } from '../../base/ip.ts';
import type { VirtualServer } from '../../dataplane/netns.ts';
import type { Settings } from '../../model/types.ts';
import { sayEndpoint, sayService, serviceOrigin } from '../proxy-words.ts';
import { by } from './names.ts';
import { realEndpoints, type PortView } from './port-view.ts';

interface Asked { readonly ip: Ip; readonly port: number; readonly what: string; readonly onlyLocal: boolean; readonly field?: string }

function originOf(view: PortView, { ip, port, what, field }: Asked, empty: boolean): VirtualServer['origin'] {
  const says = sayService(view.port);
  if (!empty) return serviceOrigin(by, view.port, `${says} answers on its ${what} ${ip}, port ${port}/${view.port.protocol}`, field);
  if (!view.hasEndpoints) return serviceOrigin(by, view.port, `${says} has no ready endpoint anywhere, so its virtual server at ${ip} has nobody to send to and the kernel refuses`, undefined, 'no-endpoints');
  return serviceOrigin(by, view.port, `${says} keeps traffic to its ${what} on the node it arrived at (traffic policy Local) and this node has no endpoint, so its virtual server at ${ip} has nobody to send to and the kernel refuses`, field, 'no-local-endpoints');
}

function buildServer(view: PortView, asked: Asked, { ipvsScheduler }: Settings): VirtualServer {
  const { port } = view;
  const real = realEndpoints(view, asked.onlyLocal);
  return {
    protocol: port.protocol, ip: asked.ip, port: asked.port, scheduler: ipvsScheduler,
    ...(port.affinitySeconds === null ? {} : { persistentSeconds: port.affinitySeconds }), ...(ipvsScheduler === 'mh' ? { schedulerFlags: ['mh-port'] } : {}),
    real: real.map((endpoint) => ({ ip: endpoint.ip, port: endpoint.port, weight: 1, origin: serviceOrigin(by, port, sayEndpoint(port, endpoint)) })),
    origin: originOf(view, asked, real.length === 0),
  };
}

/** The virtual servers of one Service port on one node: cluster IP, external IPs, load balancer addresses, and its node port at each address. */
export function virtualServersOf(view: PortView, nodePortIps: readonly Ip[], settings: Settings): readonly VirtualServer[] {
  const { port } = view;
  const external = (ip: Ip, what: string, field: string): Asked => ({ ip, port: port.port, what, field, onlyLocal: port.externalLocal });
  const asked: readonly Asked[] = [
    { ip: port.clusterIp, port: port.port, what: 'cluster IP', onlyLocal: port.internalLocal, ...(port.internalLocal ? { field: 'spec.internalTrafficPolicy' } : {}) },
    ...port.externalIps.map((ip) => external(ip, 'external IP', 'spec.externalIPs')),
    ...port.vips.map((ip) => external(ip, 'load balancer address', 'status.loadBalancer')),
    ...(port.nodePort === 0 ? [] : nodePortIps.map((ip): Asked => ({ ip, port: port.nodePort, what: 'node port at', onlyLocal: port.externalLocal }))),
  ];
  return asked.map((one) => buildServer(view, one, settings));
}

/** Of servers with the same address, protocol and port the first stays: the kernel has one. */
export function distinctServers(servers: readonly VirtualServer[]): readonly VirtualServer[] {
  const seen = new Set<string>();
  return servers.filter(({ protocol, ip, port }) => !seen.has(`${protocol} ${ip} ${port}`) && seen.add(`${protocol} ${ip} ${port}`) !== undefined);
}
