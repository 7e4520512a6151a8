import { apps, meta, type Chooser, type Manifest } from './chooser.ts';

function ports(random: Chooser, type: string, index: number): Manifest[] {
  const nodePort = (n: number) => (type === 'ClusterIP' ? {} : { nodePort: n });
  const tcp = { name: 'http', port: 80, protocol: 'TCP', targetPort: 'http', ...nodePort(30_100 + index) };
  const udp = { name: 'dns', port: 53, protocol: 'UDP', targetPort: 'dns', ...nodePort(30_200 + index) };
  // The same numbers under the other protocol are another port.
  const same = { name: 'same', port: 80, protocol: 'UDP', targetPort: 'dns', ...nodePort(30_100 + index) };
  return [tcp, ...(random.chance(0.3) ? [udp] : []), ...(random.chance(0.15) ? [same] : [])];
}

/** Endpoints written by hand: pods' addresses, one that nobody has, one outside; each ready, serving, terminating or none of it. */
function slice(random: Chooser, name: string): Manifest {
  const addresses = ['10.244.1.2', '10.244.2.2', '10.244.3.2', '10.244.1.200', '192.0.2.80'].filter(() => random.chance(0.5));
  const endpoint = (address: string) => ({
    addresses: [address], ...(random.chance(0.7) ? { nodeName: random.pick(['a', 'b', 'c']) } : {}),
    conditions: random.pick([{ ready: true }, { ready: true }, { ready: false, serving: true, terminating: true }, { ready: false }]),
  });
  return {
    apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: meta(`${name}-hand`, { 'kubernetes.io/service-name': name }), addressType: 'IPv4',
    ports: [{ name: 'http', protocol: 'TCP', port: 8000 + random.below(4) }, { name: 'dns', protocol: 'UDP', port: 9000 + random.below(4) }], endpoints: addresses.map(endpoint),
  };
}

/** One random Service, with the hand-made endpoints of one that selects nothing. */
export function services(random: Chooser, index: number, dual: boolean): readonly Manifest[] {
  const type = random.pick(['ClusterIP', 'ClusterIP', 'NodePort', 'LoadBalancer']);
  const external = type !== 'ClusterIP';
  const handMade = random.chance(0.12);
  const service = {
    apiVersion: 'v1', kind: 'Service', metadata: meta(`s${index}`),
    spec: {
      type,
      ...(dual ? { ipFamilyPolicy: 'PreferDualStack' } : {}),
      ...(handMade ? {} : { selector: { app: random.pick([...apps, 'nobody']) } }),
      ports: ports(random, type, index),
      ...(random.chance(0.2) ? { internalTrafficPolicy: 'Local' } : {}),
      ...(external && random.chance(0.4) ? { externalTrafficPolicy: 'Local' } : {}),
      ...(random.chance(0.15) ? { externalIPs: [`192.168.77.${10 + index}`] } : {}),
      ...(type === 'LoadBalancer' && random.chance(0.3) ? { loadBalancerSourceRanges: [random.pick(['203.0.113.0/24', '10.244.0.0/16', '198.18.0.0/15', '192.168.56.0/28'])] } : {}),
      ...(random.chance(0.08) ? { sessionAffinity: 'ClientIP' } : {}),
      ...(random.chance(0.1) ? { trafficDistribution: random.pick(['PreferSameNode', 'PreferSameZone']) } : {}),
      ...(random.chance(0.1) ? { publishNotReadyAddresses: true } : {}),
    },
  };
  return handMade ? [service, slice(random, `s${index}`)] : [service];
}
