import { describe, expect, test } from 'vitest';
import { withCounters } from './counters.ts';
import { lineChanges } from './line-changes.ts';
import { openApiLab, webToApi as probe } from './testing/api-lab.ts';

describe('sampled sends', () => {
  test('each is counted once, beside the exact odds, which they approach', async () => {
    const { bins, order } = await (await openApiLab()).sample({ probe, count: 300, seed: 7 });
    expect(bins.map(({ branches, odds }) => ({ branches, odds }))).toEqual([0, 1, 2].map((i) => ({ branches: [i], odds: { num: 1, den: 3 } })));
    expect([order.length, bins.reduce((sum, { count }) => sum + count, 0)]).toEqual([300, 300]);
    // Three standard deviations of 300 draws at 1/3 are 24.5.
    expect(bins.every(({ count }) => Math.abs(count - 100) < 25)).toBe(true);
    expect(bins.map(({ count }, bin) => order.filter((one) => one === bin).length === count)).toEqual([true, true, true]);
  });
  test('the same seed gives the same answer, another seed another', async () => {
    const sandbox = await openApiLab();
    const orders = await Promise.all([1, 1, 2].map(async (seed) => (await sandbox.sample({ probe, count: 40, seed })).order.join('')));
    expect([orders[0] === orders[1], orders[0] === orders[2]]).toEqual([true, false]);
  });
  test('with ClientIP affinity all follow the first', async () => {
    const { bins } = await (await openApiLab(', sessionAffinity: ClientIP')).sample({ probe, count: 50 });
    expect(bins.map(({ count }) => count).toSorted((a, b) => b - a)).toEqual([50, 0, 0]);
  });
  test('branches that end alike are one bin', async () => {
    const { bins } = await (await openApiLab()).sample({ probe: { ...probe, port: 81 }, count: 5 });
    expect(bins.map(({ odds, count }) => ({ odds, count }))).toEqual([{ odds: { num: 1, den: 1 }, count: 5 }]);
  });
  test('a name that does not exist ends before any packet, every time', async () => {
    expect((await (await openApiLab()).sample({ probe: { ...probe, to: 'nobody' }, count: 3 })).order).toEqual([0, 0, 0]);
  });
});

describe('hit counters', () => {
  test('[RN6] every rule that a packet met counts it, and no other', async () => {
    const sandbox = await openApiLab();
    const { sent, notSent, counters } = await sandbox.counters({ probes: Array.from({ length: 30 }, () => probe) });
    const { lines } = await sandbox.rules({ netns: 'node/a', format: 'iptables-save' });
    const shown = withCounters(lines, counters['node/a'] ?? {}).map(({ text }) => text);
    expect([sent, notSent]).toEqual([30, []]);
    expect(shown.find((line) => line.includes('-A KUBE-SERVICES') && line.includes('"default/api cluster IP"') && line.includes('-j KUBE-SVC'))).toMatch(/^\[30:0\] -A KUBE-SERVICES /);
    const chosen = shown.map((line) => /^\[(\d+):0\] -A KUBE-SEP-\S+ .*-j DNAT/.exec(line)?.[1]).filter((n) => n !== undefined && n !== '0').map(Number);
    expect([chosen.length, chosen.reduce((sum, n) => sum + n, 0)]).toEqual([3, 30]);
    expect(shown.filter((line) => line.startsWith('-A'))).toEqual([]);
    expect(shown.some((line) => /^:FORWARD ACCEPT \[\d+:0\]$/.test(line))).toBe(true);
  });
  test('a question that cannot be asked is said and the others count', async () => {
    const { sent, notSent } = await (await openApiLab()).counters({ probes: [{ ...probe, from: 'pod/nobody' }, { ...probe, to: 'nobody' }, probe] });
    expect([sent, notSent.length, notSent[0]]).toEqual([1, 2, expect.stringContaining('pod/nobody')]);
  });
  test('outside iptables the count is a comment', () => expect(withCounters([{ text: '\t\tmasquerade', rule: 'r' }, { text: '\t\tdrop', rule: 's' }], { r: 2 }).map(({ text }) => text)).toEqual(['\t\tmasquerade # packets 2', '\t\tdrop']));
});

describe('a preview of another proxy mode', () => {
  test('says what goes and what comes, chain by chain, and changes nothing', async () => {
    const sandbox = await openApiLab();
    const preview = await sandbox.previewMode({ mode: 'nftables', netns: 'node/a' });
    const places = preview.chains.map(({ where }) => where);
    expect([preview.from, preview.mode, places.includes('iptables nat KUBE-SERVICES'), places.includes('nft ip kube-proxy chain services')]).toEqual(['iptables', 'nftables', true, true]);
    expect(preview.chains.find(({ where }) => where === 'iptables nat KUBE-SERVICES')?.added).toEqual([]);
    expect(preview.removed + preview.added).toBe(preview.chains.reduce((sum, { removed, added }) => sum + removed.length + added.length, 0));
    expect(sandbox.world()?.cluster.settings.proxyMode).toBe('iptables');
  });
  test('of the mode that it is in already is empty', async () => {
    const { removed, added, chains } = await (await openApiLab()).previewMode({ mode: 'iptables', netns: 'node/a' });
    expect({ removed, added, chains }).toEqual({ removed: 0, added: 0, chains: [] });
  });
  test('is true: what it kept and added is what the other mode then prints', async () => {
    const sandbox = await openApiLab();
    const preview = await sandbox.previewMode({ mode: 'nftables', netns: 'node/b' });
    await sandbox.edit({ edit: { kind: 'set-proxy-mode', mode: 'nftables' } });
    const { lines } = await sandbox.rules({ netns: 'node/b', format: 'nft' });
    const printed = new Set(lines.map(({ text }) => text.trim()));
    expect(preview.chains.filter(({ where }) => where.startsWith('nft ')).flatMap(({ added }) => added).filter((line) => !printed.has(line))).toEqual([]);
    expect((await sandbox.previewMode({ mode: 'iptables', netns: 'node/b' })).removed).toBe(preview.added);
  });
  test('of a host that does not exist is refused', async () => await expect((await openApiLab()).previewMode({ mode: 'ipvs', netns: 'node/z' })).rejects.toThrow('there is no host "node/z"'));
});

describe('lines that change', () => {
  test.each([
    ['nothing', 'a b c', 'a b c', '', '', 3],
    ['one in the middle', 'a b c', 'a x c', 'b', 'x', 2],
    ['one that moved', 'a b c d', 'b c a d', 'a', 'a', 3],
    ['everything', 'a b', 'c d', 'a b', 'c d', 0],
    ['from nothing', '', 'a', '', 'a', 0],
  ])('%s', (_name, before, after, removed, added, kept) => {
    const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');
    expect(lineChanges(words(before), words(after))).toEqual({ removed: words(removed), added: words(added), kept });
  });
});

describe("a Service's endpoints, seen from each node", () => {
  test('externalTrafficPolicy Local: each node uses its own from outside and says where the others run', async () => {
    const { service: name, ports } = await (await openApiLab(', type: NodePort, externalTrafficPolicy: Local')).endpointsOf({ service: 'default/api' });
    const [port] = ports;
    expect([name, ports.length, port?.internalPolicy, port?.externalPolicy, port?.fromOutside]).toEqual(['service/default/api', 1, 'Cluster', 'Local', true]);
    for (const { node, lists } of port!.nodes) {
      const [cluster, local] = lists;
      expect([cluster?.list, cluster?.used.length, cluster?.leftOut, local?.list]).toEqual(['cluster', 3, [], 'local']);
      expect(local?.used.every((one) => one.node === node)).toBe(true);
      expect(local?.leftOut.map((one) => one.why)).toEqual(local?.leftOut.map((one) => `it runs on node ${one.node}`));
      expect((local?.used.length ?? 0) + (local?.leftOut.length ?? 0)).toBe(3);
    }
  });
  test('a pod that is not ready is left out, and why', async () => {
    const sick = 'apiVersion: v1\nkind: Pod\nmetadata: { name: sick, labels: { app: api } }\nspec: { containers: [{ name: c, image: i }] }\nstatus: { phase: Running, conditions: [{ type: Ready, status: "False" }] }\n';
    const { ports } = await (await openApiLab('', sick)).endpointsOf({ service: 'service/default/api' });
    expect(ports[0]?.nodes[0]?.lists[0]?.leftOut.map(({ pod, why }) => ({ pod, why }))).toEqual([{ pod: 'default/sick', why: 'it is not ready' }]);
  });
  test('of a Service that does not exist is refused', async () => await expect((await openApiLab()).endpointsOf({ service: 'nobody' })).rejects.toThrow('there is no Service nobody'));
});

test('A rule is explained by its id, also where no journey met it', async () => {
  const sandbox = await openApiLab();
  const { lines } = await sandbox.rules({ netns: 'node/c', format: 'iptables-save' });
  const line = lines.find(({ text }) => text.includes('"default/api cluster IP"') && text.includes('-j KUBE-SVC'))!;
  const { explained } = await sandbox.explain({ netns: 'node/c', id: line.rule! });
  expect({ text: explained?.text, for: explained?.for, file: explained?.at?.file }).toEqual({ text: line.text, for: { kind: 'Service', namespace: 'default', name: 'api' }, file: '2.yaml' });
  expect(await sandbox.explain({ netns: 'node/c', id: 'ip/nat/NOWHERE/1' })).toEqual({ explained: null });
});
