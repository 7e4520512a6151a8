import { apps, meta, type Chooser, type Manifest } from './chooser.ts';

const selector = (random: Chooser): Manifest => (random.chance(0.3) ? {} : { matchLabels: { app: random.pick(apps) } });

function peer(random: Chooser): Manifest {
  if (random.chance(0.6)) return { podSelector: selector(random) };
  return { ipBlock: random.pick([{ cidr: '0.0.0.0/0', except: ['10.244.1.0/24'] }, { cidr: '203.0.113.0/24' }, { cidr: '192.0.2.80/32' }, { cidr: '192.168.56.0/24', except: ['192.168.56.12/32'] }, { cidr: '10.244.0.0/16' }, { cidr: '10.244.0.0/16', except: ['10.244.2.0/24', '10.244.1.2/32'] }, { cidr: '0.0.0.0/0', except: ['192.168.56.0/24', '10.0.0.0/8'] }]) };
}

const port = (random: Chooser): Manifest => random.pick<Manifest>([{ port: 'http' }, { port: 'dns', protocol: 'UDP' }, { protocol: 'TCP', port: 8000, endPort: 8002 }, { protocol: 'UDP' }, { protocol: 'UDP', port: 9000, endPort: 9002 }, { port: 443 }]);

function rule(random: Chooser, side: 'from' | 'to'): Manifest {
  const list = <T>(make: () => T): T[] => Array.from({ length: 1 + random.below(2) }, make);
  return { ...(random.chance(0.8) ? { [side]: list(() => peer(random)) } : {}), ...(random.chance(0.5) ? { ports: list(() => port(random)) } : {}) };
}

/** One random NetworkPolicy. */
export function policy(random: Chooser, index: number): Manifest {
  const rules = (side: 'from' | 'to') => Array.from({ length: random.below(3) }, () => rule(random, side));
  const types = random.pick([['Ingress'], ['Ingress'], ['Egress'], ['Ingress', 'Egress']]);
  return {
    apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: meta(`n${index}`),
    spec: { podSelector: selector(random), policyTypes: types, ...(types.includes('Ingress') ? { ingress: rules('from') } : {}), ...(types.includes('Egress') ? { egress: rules('to') } : {}) },
  };
}
