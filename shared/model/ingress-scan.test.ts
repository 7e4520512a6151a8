import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildRouteTable, findRoute, whyNot } from './ingress-match.ts';
import { scanRoutes } from './testing/scan-routes.ts';
import type { Ingress, IngressRule } from './types.ts';

const element = fc.constantFrom('a', 'b', 'aa', 'c');
const path = fc.tuple(fc.array(element, { maxLength: 4 }), fc.boolean()).map(([parts, slash]) => `/${parts.join('/')}${slash && parts.length > 0 ? '/' : ''}`);
const host = fc.constantFrom('', 'shop.example', 'www.shop.example', '*.shop.example', '*.example');
const rule = fc.record({ host, path: fc.oneof(path, fc.constant('')), pathType: fc.constantFrom<IngressRule['pathType']>('Exact', 'Prefix', 'ImplementationSpecific') }).map((one): IngressRule => ({ ...one, target: { service: 's', port: 80 }, at: null }));
const ingresses = fc.array(fc.array(rule, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 }).map((all) => all.map((rules, i): Ingress => ({ namespace: 'n', name: `i${i}`, className: null, backends: [], rules, defaultBackend: null, tls: [], annotations: {}, created: '', at: null, implied: false })));

test('ING9 the indexed search finds the rule that a look at every rule finds, and every other rule can say why it lost', () => {
  fc.assert(fc.property(ingresses, fc.constantFrom('', 'shop.example', 'www.shop.example', 'x.shop.example', 'a.b.shop.example', 'other'), path, (all, asked, target) => {
    const table = buildRouteTable(all);
    const answer = findRoute(table, asked, target);
    expect(answer.kind === 'rule' ? answer.route : null).toEqual(scanRoutes(table, asked, target));
    for (const route of table.all) expect(whyNot(answer, route, asked, target) === null).toBe(answer.kind === 'rule' && answer.route.order === route.order);
  }), { numRuns: 2000 });
});
