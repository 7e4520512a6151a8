import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Sandbox } from './create-sandbox.ts';
import { diffWorlds } from './diff-worlds.ts';
import { buildWorld, type World } from './world.ts';
import { openDocuments } from './testing/open-documents.ts';

// Room for a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const pod = (name: string, node: string, labels = `app: ${name}`): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, labels: { ${labels} } }\nspec: { nodeName: ${node}, containers: [{ name: c, image: i, ports: [{ containerPort: 8080 }] }] }\n`;
const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec: { selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }] }\n';
const policy = (rules: string): string => `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p }\nspec:\n  podSelector: { matchLabels: { app: api } }\n  ingress:\n${rules}`;
const fromWeb = '  - from:\n    - podSelector: { matchLabels: { app: web } }\n    ports: [{ port: 8080 }]\n';
const fromDb = '  - from:\n    - podSelector: { matchLabels: { app: db } }\n    - podSelector: { matchLabels: { app: later } }\n';
const base = [pod('web', 'a'), pod('api', 'b'), pod('db', 'a'), service].join('---\n');
const documents = (rules: string) => [{ name: 'base.yaml', text: base }, { name: 'policy.yaml', text: policy(rules) }];

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openDocuments(documents(fromWeb + fromDb), 'Shop');
});

describe('coverage', () => {
  const ask = { from: 'pod/web', to: 'service/api', port: 80 };
  test('counts what each question met on all its branches, in policies and in kernels, with the line', async () => {
    const { policyRules, hosts, sent } = await sandbox.coverage({ probes: [ask, ask], netns: 'node/b' });
    expect([sent, policyRules.map(({ field, hits, state, probe, at }) => [field, hits, state, probe, `${at?.file}:${at?.line}`])]).toEqual([2, [
      ['spec.ingress[0]', 2, 'met', null, 'policy.yaml:7'],
      ['spec.ingress[1]', 0, 'unmet', { from: 'pod/default/db', to: 'pod/default/api', protocol: 'tcp', port: 8080 }, 'policy.yaml:10'],
    ]]);
    const b = hosts.find(({ netns }) => netns === 'node/b')!;
    expect(b.total).toBe(Object.values(b.counts).reduce((sum, n) => sum + n, 0));
    expect(b.rules.filter(({ text }) => /default\/p ingress/.test(text)).map(({ hits, state }) => [hits, state])).toEqual([[2, 'met'], [0, 'unmet'], [0, 'matches-nothing']]);
  });
  test('every question that is offered for a kernel rule meets it when it is sent', async () => {
    const { hosts } = await sandbox.coverage({ probes: [ask], netns: 'all' });
    const offered = hosts.flatMap(({ netns, rules }) => rules.flatMap(({ id, probe }) => (probe ? [{ netns, id, probe }] : [])));
    expect(offered.length).toBeGreaterThan(30);
    for (const { netns, id, probe } of offered.filter((_, i) => i % 9 === 0)) {
      const again = await sandbox.coverage({ probes: [probe], netns });
      expect({ probe, id, hits: again.hosts.find((host) => host.netns === netns)!.rules.find((rule) => rule.id === id)!.hits }).toEqual({ probe, id, hits: 1 });
    }
  });
  test('the question offered for a policy rule meets it', async () => {
    const { policyRules } = await sandbox.coverage({ probes: [{ from: 'pod/default/db', to: 'pod/default/api', protocol: 'tcp', port: 8080 }] });
    expect(policyRules.map(({ hits }) => hits)).toEqual([0, 1]);
  });
  test('what cannot be asked is said, and a pod network that does not enforce has no rule to meet', async () => {
    expect((await sandbox.coverage({ probes: [{ from: 'pod/nobody', to: 'pod/api', port: 1 }] })).notSent[0]).toMatch(/^pod\/nobody → pod\/api: .*names no source|no pod/);
    await sandbox.open({ documents: [...documents(fromWeb), { name: 's.yaml', text: 'apiVersion: podhop.dev/v1alpha1\nkind: Sandbox\nspec: { enforcesNetworkPolicy: false }\n' }], title: '' });
    const { policyRules, note } = await sandbox.coverage({ probes: [ask] });
    expect([policyRules.map(({ hits }) => hits), note]).toEqual([[0], expect.stringMatching(/does not enforce/)]);
  });
  test('an unknown host is refused with a sentence', async () => {
    await expect(sandbox.coverage({ probes: [], netns: 'node/none' })).rejects.toThrow('there is no host "node/none"');
  });
});

describe('exposure', () => {
  test('names who could come, those that do not exist among them, with the line that admits them', async () => {
    const { pod: who, ingress, egress, isolated } = await sandbox.exposure({ of: 'pod/api' });
    expect([who, isolated, ingress.map(({ words, now, by }) => [words, now, `${by?.at?.file}:${by?.at?.line}`])]).toEqual(['pod/default/api', { ingress: true, egress: false }, [
      ['any pod with app=web of namespace default', 1, 'policy.yaml:8'], ['any pod with app=db of namespace default', 1, 'policy.yaml:11'], ['any pod with app=later of namespace default', 0, 'policy.yaml:12'],
    ]]);
    expect(egress.map(({ words, by }) => [words, by])).toEqual([['everyone, inside and outside', null]]);
  });
  test('what is no pod is refused with a sentence', async () => {
    await expect(sandbox.exposure({ of: 'node/a' })).rejects.toThrow(/is no pod/);
  });
});

describe('two sides', () => {
  const toApi = { kind: 'probe', probe: { from: 'pod/db', to: 'pod/api', port: 8080 } } as const;
  const pair = (from: string, to: string, port = 8080) => ({ kind: 'pair', from, to, protocol: 'tcp', port }) as const;
  const edit = (rules: string) => sandbox.edit({ edit: { kind: 'edit-yaml', document: 'policy.yaml', text: policy(rules) } });
  test('before and after the last edit: what closed, and both traces', async () => {
    await edit(fromWeb);
    const diff = await sandbox.diffBetween({ before: { kind: 'before-last-edit' }, after: { kind: 'current' } });
    expect([diff.beforeTitle, diff.afterTitle, diff.connections.map(({ src, dst, change }) => [src, dst, change])]).toEqual(['Before the last edit', 'Now', [['default/db[Pod]', 'default/api[Pod]', 'closed']]]);
    const { before, after } = await sandbox.compare({ before: { kind: 'before-last-edit' }, after: { kind: 'current' }, question: toApi });
    expect([before.answer?.journey.verdict, after.answer?.journey.verdict]).toEqual(['delivered', 'dropped']);
  });
  test('any two moments of the timeline, and other documents', async () => {
    await edit(fromWeb);
    await edit(fromDb);
    const [first, second] = (await sandbox.history({})).entries;
    const diff = await sandbox.diffBetween({ before: { kind: 'entry', entry: first!.id }, after: { kind: 'entry', entry: second!.id } });
    expect([diff.beforeTitle, diff.connections.map(({ change }) => change)]).toEqual(['Open Shop', ['closed']]);
    const other = await sandbox.diffBetween({ before: { kind: 'documents', documents: documents(fromWeb + fromDb), title: 'other.yaml' }, after: { kind: 'current' } });
    expect(other.connections.map(({ src, change }) => [src, change])).toEqual([['default/web[Pod]', 'closed']]);
  });
  test('a pair is asked by whoever stands there: workloads, Services, clients outside, addresses at which nobody stands', async () => {
    await edit(fromWeb);
    const ask = async (from: string, to: string, port?: number) => {
      const { before, after } = await sandbox.compare({ before: { kind: 'before-last-edit' }, after: { kind: 'current' }, question: pair(from, to, port) });
      return [before, after].map((side) => side.answer?.journey.verdict ?? side.why);
    };
    expect(await ask('default/db[Pod]', 'default/api[Pod]')).toEqual(['delivered', 'dropped']);
    expect(await ask('default/db[Pod]', 'service/default/api', 80)).toEqual(['delivered', 'dropped']);
    expect(await ask('0.0.0.0-255.255.255.255', 'default/api[Pod]')).toEqual(['dropped', 'dropped']);
    expect(await ask('198.51.100.0-198.51.100.255', 'default/api[Pod]')).toEqual(['dropped', 'dropped']);
    expect(await ask('default/db[Pod]', '198.51.100.0-198.51.100.255')).toEqual(['delivered', 'delivered']);
    expect(await ask('default/none[Deployment]', 'default/api[Pod]')).toEqual(Array(2).fill('There is no running pod of default/none[Deployment]'));
    expect(await ask('{ingress-controller}', 'default/api[Pod]')).toEqual(Array(2).fill('The ingress controller sends nothing by itself: ask for a URL instead'));
  });
  test('where not every call to a Service can be compared, those that policies judge otherwise are', async () => {
    const many = (n: number): string => Array.from({ length: n }, (_, i) => service.replace('name: api', `name: other-${i}`).replace('app: api', 'app: web')).join('---\n');
    const wide = (rules: string) => [{ name: 'many.yaml', text: many(6) }, { name: 'base.yaml', text: base }, { name: 'policy.yaml', text: policy(rules) }];
    const [before, after] = [fromWeb + fromDb, fromWeb].map((rules) => buildWorld(wide(rules), '', 0)) as [World, World];
    const diff = diffWorlds(before, after, 2);
    expect([diff.services.map(({ from, to, change }) => [from, to, change]), diff.questionsLeftOut]).toEqual([[['default/db[Pod]', 'service/default/api', 'closed']], 19]);
  });
  test('without calls only what policies judge is compared', async () => {
    await edit(fromWeb);
    const diff = await sandbox.diffBetween({ before: { kind: 'before-last-edit' }, after: { kind: 'current' }, calls: false });
    expect([diff.connections.length, diff.services, diff.questionsLeftOut]).toEqual([1, [], 3]);
  });
  test('where nothing was edited, nothing can be read, or nobody is named, a sentence says so', async () => {
    await expect(sandbox.diffBetween({ before: { kind: 'before-last-edit' }, after: { kind: 'current' } })).rejects.toThrow('Nothing was edited yet');
    await expect(sandbox.diffBetween({ before: { kind: 'documents', documents: [{ name: 'x', text: 'a: [' }], title: 'x' }, after: { kind: 'current' } })).rejects.toThrow('Nothing in x could be read');
    await expect(sandbox.diffBetween({ before: { kind: 'entry', entry: 99 }, after: { kind: 'current' } })).rejects.toThrow('This moment is no longer kept');
    const { before, after } = await sandbox.compare({ before: { kind: 'documents', documents: [{ name: 'x', text: pod('web', 'a') }], title: 'x' }, after: { kind: 'current' }, question: toApi });
    expect([before.why, after.why]).toEqual([expect.stringMatching(/db/), null]);
  });
});
