import { existsSync, readFileSync } from 'node:fs';
import { ask } from '../shared/sandbox/ask.ts';
import { createSandbox } from '../shared/sandbox/create-sandbox.ts';
import { buildRouteTable, findRoute, type RouteTable } from '../shared/model/ingress-match.ts';
import { scanRoutes } from '../shared/model/testing/scan-routes.ts';
import type { Ingress, IngressRule } from '../shared/model/types.ts';
import { milliseconds, row, type Row } from './measure.ts';

const HOSTS = 200;
const boutique = '../shared/manifests/online-boutique.yaml';
const shop = `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop }
spec:
  rules: [{ host: shop.example, http: { paths: [
    { path: /, pathType: Prefix, backend: { service: { name: frontend, port: { number: 80 } } } },
    { path: /cart, pathType: Prefix, backend: { service: { name: cartservice, port: { number: 7070 } } } }] } }]
`;

/** One URL from a pod and from outside: lookups, the connection and the controller's own, every branch. */
async function question(): Promise<readonly Row[]> {
  if (!existsSync(boutique)) return [row('Online Boutique with an Ingress', `not measured: no ${boutique} beside the project`, 0)];
  const sandbox = createSandbox();
  await sandbox.open({ documents: [{ name: 'boutique.yaml', text: readFileSync(boutique, 'utf8') + shop }], title: 'bench' });
  const world = sandbox.world()!;
  return ['client/internet', 'deployment/loadgenerator'].flatMap((from) => {
    const probe = { from, to: 'http://shop.example/cart/checkout?now=1' };
    const { journey } = ask(world, probe);
    const legs = journey.branches.reduce((sum, branch) => sum + branch.legs.length, 0);
    const again = milliseconds(() => { ask(world, probe); }, 200);
    // another revision of the same cluster has remembered nothing of its connections yet
    const first = milliseconds(() => { ask({ ...world }, probe); }, 50);
    return [
      row(`Online Boutique with an Ingress, a URL from ${from}: ${journey.branches.length} branch(es), ${legs} legs, ${journey.verdict}`, 'ms', first),
      row(`and asked again`, 'ms', again),
    ];
  });
}

/** Rules spread over the hosts; paths of one to sixteen elements that share their beginnings. */
function tableOf(rules: number): RouteTable {
  const byHost = Array.from({ length: Math.min(HOSTS, rules) }, (): IngressRule[] => []);
  for (let i = 0; i < rules; i++) {
    const h = i % byHost.length;
    const n = Math.floor(i / byHost.length);
    const stem = Array.from({ length: (n % 16) + 1 }, (_, depth) => (depth === 0 ? `app${n >> 4}` : `part${depth}`));
    byHost[h]!.push({ host: `host${h}.example`, path: `/${stem.join('/')}`, pathType: n % 5 === 0 ? 'Exact' : 'Prefix', target: { service: 's', port: 80 }, at: null });
  }
  return buildRouteTable(byHost.map((list, h): Ingress => ({ namespace: 'n', name: `i${h}`, className: null, backends: [], rules: list, defaultBackend: null, tls: [], annotations: {}, created: '', at: null, implied: false })));
}

const pathOf = (length: number): string => `/app0/${Array.from({ length: length - 1 }, (_, i) => `part${i + 1}`).join('/')}`;
const ROUNDS = 20_000;

/** Microseconds of one match, each time of another host. */
function each(rounds: number, hosts: number, match: (host: string) => unknown): number {
  return (milliseconds(() => { for (let i = 0; i < rounds; i++) match(`host${i % hosts}.example`); }, 5) * 1000) / rounds;
}

function matching(): readonly Row[] {
  return [10, 100, 1000, 10_000].flatMap((rules) => {
    const table = tableOf(rules);
    const hosts = Math.min(HOSTS, rules);
    return [1, 4, 16].flatMap((length) => {
      const target = pathOf(length);
      const ours = each(ROUNDS, hosts, (host) => findRoute(table, host, target));
      const naive = each(Math.max(100, Math.floor(ROUNDS / rules) * 10), hosts, (host) => scanRoutes(table, host, target));
      return [row(`${rules.toLocaleString('en')} rules on ${hosts} hosts, a path of ${length} element(s)`, 'µs', ours), row('the same by a look at every rule, times slower', '×', naive / ours)];
    });
  });
}

export const l7Benches = { l7: async (): Promise<readonly Row[]> => [...(await question()), ...matching()] };
