import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect } from 'vitest';
import { withPatch, withProxyMode } from '../../shared/sandbox/edit-documents.ts';
import { buildWorld, type World } from '../../shared/sandbox/world.ts';
import { readScenario } from '../../shared/scenario/read-scenario.ts';
import type { Patch } from '../../shared/scenario/types.ts';
import type { Probe } from '../../shared/trace/types.ts';
import type { Backend } from './generate-cluster.ts';
import { fromEngine, fromKernel } from './l7/ask-both.ts';
import { certificatesIn } from './l7/certificates.ts';
import { buildWithServers, missingPrograms, type RealServers } from './l7/real-servers.ts';
import { kernelTest, labPool, missingBackend } from './lab-pool.ts';
import type { Lab } from './lab-process.ts';

const scenarios = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const dir = mkdtempSync(path.join(tmpdir(), 'podhop-l7-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const inLab = labPool(1);
const why = missingPrograms();
const certificates = why === null && missingBackend('iptables-nft') === null ? certificatesIn(dir) : null;

/** A scenario's manifests, as given or with the changes of its broken state, in one proxy mode. */
function worldOf(id: string, mode: string, broken: boolean): World {
  const folder = path.join(scenarios, readdirSync(scenarios).find((name) => name.startsWith(id))!);
  const scenario = readScenario(readFileSync(path.join(folder, 'scenario.yaml'), 'utf8'), 'scenario.yaml');
  if (!scenario.ok) throw new Error(`scenario ${id} cannot be read`);
  const patches: readonly Patch[] = broken ? scenario.value.broken!.patch : [];
  const given = withProxyMode(scenario.value.manifests.map((name) => ({ name, text: readFileSync(path.join(folder, name), 'utf8') })), mode);
  const documents = patches.reduce((texts, patch) => {
    const next = withPatch(texts, patch);
    if (!next.ok) throw new Error(next.error.what);
    return next.value;
  }, given);
  return buildWorld(documents, id, 1);
}

type Row = readonly [name: string, probe: Probe];
const get = (from: string, url: string): Probe => ({ from, to: url });
const viaIngress = (url: string): Probe => ({ from: 'client/internet', to: 'ingress', http: { url } });

const tables: readonly (readonly [id: string, title: string, broken: boolean, rows: readonly Row[]])[] = [
  ['015', 'headless Service and StatefulSet', false, [
    ['any of the three pods', get('pod/client', 'http://web:8080/')],
    ['no port is mapped', get('pod/client', 'http://web:80/')],
    ['one pod by its name', get('pod/client', 'http://web-0.web:8080/')],
    ['a pod that is none', get('pod/client', 'http://web-7.web:8080/')],
  ]],
  ['017', 'ExternalName', false, [
    ['the host outside knows no such Host', get('pod/client', 'http://partner/')],
    ['nor has it a certificate for it', get('pod/client', 'https://partner/')],
    ['by its own name', get('pod/client', 'https://api.partner.test/')],
    ['by its own name with a dot at its end', get('pod/client', 'http://api.partner.test./')],
    ['the Service’s port is ignored', get('pod/client', 'http://partner:8443/')],
  ]],
  ['020', 'search list and ndots', false, [
    ['the bare name of another namespace', get('pod/dev/client', 'http://api/')],
    ['with its namespace', get('pod/dev/client', 'http://api.prod/')],
    ['a name outside', get('pod/dev/client', 'https://api.github.com/')],
    ['a name outside on a port that is closed there', get('pod/dev/client', 'http://api.github.com/')],
    ['in full', get('pod/dev/client', 'http://api.prod.svc.cluster.local/')],
    ['in full, with a dot at its end', get('pod/dev/client', 'http://api.prod.svc.cluster.local./')],
  ]],
  ['020', 'search list with one CoreDNS pod lost', true, [
    ['one name is lost half of the time', get('pod/dev/client', 'http://api.prod.svc.cluster.local./')],
    ['found at its second name: after a loss the name as it is decides', get('pod/dev/client', 'http://api.prod/')],
    ['found as it is: a loss in the list changes nothing', get('pod/dev/client', 'https://api.github.com/')],
    ['asked as it is first, for its dots', get('pod/dev/client', 'http://a.b.c.d.e.nobody/')],
  ]],
  ['025', 'Ingress by host and path', false, [
    ['below /api', get('client/internet', 'http://shop.example/api/v1')],
    ['/api itself', get('client/internet', 'http://shop.example/api')],
    ['/apiv2 is not below /api', get('client/internet', 'http://shop.example/apiv2')],
    ['another host', viaIngress('http://other.example/api')],
    ['a Service without endpoints', get('client/internet', 'http://shop.example/cart/1')],
  ]],
  ['025', 'Ingress with a default backend that names no port', true, [
    ['what no rule takes', get('client/internet', 'http://shop.example/apiv2')],
    ['what a rule takes', get('client/internet', 'http://shop.example/api')],
  ]],
  ['026', 'TLS at the controller', false, [
    ['the pod sees the controller', get('client/internet', 'https://shop.example/')],
    ['a name without a certificate', viaIngress('https://other.example/')],
  ]],
  ['026', 'TLS with a Secret of another namespace', true, [
    ['the controller’s own certificate', get('client/internet', 'https://shop.example/')],
  ]],
  ['030', 'egress with DNS', false, [['a name', get('pod/web', 'http://api/')], ['a name that nobody has', get('pod/web', 'http://apj/')]]],
  ['030', 'egress without port 53', true, [['no name can be looked up', get('pod/web', 'http://api/')]]],
];

function table(id: string, title: string, broken: boolean, rows: readonly Row[], backend: Backend): void {
  describe(`${id}, ${title}: ${backend}`, () => {
    const world = worldOf(id, backend === 'nftables' ? 'nftables' : 'iptables', broken);
    let built: Promise<RealServers> | undefined;
    const build = (lab: Lab): Promise<RealServers> => buildWithServers(lab, world, backend, mkdtempSync(path.join(dir, `${id}-`)), certificates!.certificate);
    for (const [name, probe] of rows) {
      kernelTest(why ?? missingBackend(backend), name, () => inLab(async (lab) => {
        const { queryLogs } = await (built ??= build(lab));
        const { tries, dialled, ...engine } = fromEngine(world, probe);
        expect(await fromKernel(lab, world, probe, { tries, dialled }, { dir, authority: certificates!.authority, queryLogs })).toEqual(engine);
      }));
    }
  });
}

for (const backend of ['iptables-nft', 'nftables'] as const) {
  describe('real name server, real web servers, a real resolver', () => {
    for (const [id, title, broken, rows] of tables) table(id, title, broken, rows, backend);
  });
}
