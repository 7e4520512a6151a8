import { describe, expect, test } from 'vitest';
import { printFraction } from '../../base/fraction.ts';
import { printRequestShare } from '../../trace/request-share.ts';
import type { Probe } from '../../trace/types.ts';
import type { Sandbox } from '../create-sandbox.ts';
import { openDocuments } from '../testing/open-documents.ts';

const app = (name: string, replicas: number): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec: { replicas: ${replicas}, selector: { matchLabels: { app: ${name} } }, template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: c, image: c, ports: [{ containerPort: 8080 }] }] } } }
---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${name} }, ports: [{ port: 80, targetPort: 8080 }] }
`;
const ingress = (name: string, service: string, annotations = '{}'): string => `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, annotations: ${annotations} }
spec: { rules: [{ host: shop.example, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: ${service}, port: { number: 80 } } } }] } }] }
`;
const canary = ingress('canary', 'web', '{ nginx.ingress.kubernetes.io/canary: "true", nginx.ingress.kubernetes.io/canary-weight: "20" }');
const documents = app('api', 3) + app('web', 1) + ingress('shop', 'api');

async function open(text = ''): Promise<Sandbox> {
  return openDocuments(documents + text);
}
const direct: Probe = { from: 'deployment/web', to: 'service/api', http: { url: 'http://api/', requests: 99 } };
const through: Probe = { from: 'client/internet', to: 'ingress', http: { url: 'http://shop.example/', requests: 100 } };
const told = async (sandbox: Sandbox, probe: Probe): Promise<readonly string[]> =>
  (await sandbox.ask({ probe })).journey.branches.map((branch) => `${printFraction(branch.odds)}: ${branch.http?.requests ? printRequestShare(branch.http.requests) : 'no requests'}`);

describe('many requests on one connection', () => {
  test('HTTP1 without a proxy the connection decides for all of them: conntrack repeats its rewrite (course 13: 99/0/0)', async () => {
    expect(await told(await open(), direct)).toEqual(Array.from({ length: 3 }, () => '1/3: all 99'));
  });
  test('HTTP2 a controller sends each request on by itself, to its backends in turn (ingress-nginx ConfigMap, load-balance: round_robin)', async () => {
    expect(await told(await open(), through)).toEqual(Array.from({ length: 3 }, () => '1/3: 33 or 34 of 100'));
  });
  test('HTTP3 a canary’s weight is drawn for each request, so its share is a mean', async () => {
    expect(await told(await open(canary), through)).toEqual(['4/15: about 27 of 100', '4/15: about 27 of 100', '4/15: about 27 of 100', '1/5: about 20 of 100']);
  });
  test('HTTP4 what the controller answers by itself it answers each time', async () => {
    expect(await told(await open(), { ...through, http: { url: 'http://other.example/', requests: 7 } })).toEqual(['1: all 7']);
  });
  test('HTTP5 the certificate is shown before the first request', async () => {
    expect(await told(await open(), { ...through, http: { url: 'https://shop.example/', requests: 7 } })).toEqual(['1: no requests']);
  });
  test.each<[string, Probe, readonly number[]]>([
    ['HTTP1 a hundred requests on one connection end in one pod', direct, [0, 0, 100]],
    ['HTTP1 so do packets that are no HTTP', { from: 'deployment/web', to: 'service/api', port: 80 }, [0, 0, 100]],
    ['HTTP2 a controller spreads them', through, [33, 33, 34]],
  ])('%s', async (_, probe, expected) => {
    const { bins } = await (await open()).sample({ probe, count: 100, oneConnection: true });
    expect(bins.map(({ count }) => count).toSorted((a, b) => a - b)).toEqual(expected);
    expect(bins.map(({ odds }) => printFraction(odds))).toEqual(['1/3', '1/3', '1/3']);
  });
  test('HTTP3 a sampled canary takes about its share', async () => {
    const { bins } = await (await open(canary)).sample({ probe: through, count: 1000, oneConnection: true });
    expect(bins.map(({ count }) => count).toSorted((a, b) => a - b)[0]).toSatisfy((n: number) => n > 140 && n < 260);
  });
  test('HTTP1 a lost lookup loses all of them', async () => {
    const sandbox = await open('---\napiVersion: podhop.dev/v1alpha1\nkind: Sandbox\nmetadata: { name: s }\nspec: { faults: [{ kind: node-stopped, node: a }, { kind: node-stopped, node: b }] }\n');
    const { bins, order } = await sandbox.sample({ probe: { from: 'deployment/web', to: 'api', port: 80 }, count: 10, oneConnection: true });
    expect(new Set(order).size).toBe(1);
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(10);
  });
});
