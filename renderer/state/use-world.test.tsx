import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSandbox } from '../../shared/sandbox/create-sandbox.ts';
import { usePlayback } from '../playback/playback.ts';
import { testHost } from './testing/test-host.ts';
import { editIdle } from './editing.ts';
import { attachHost, resetWorld, useWorld } from './use-world.ts';

const pod = (name: string, app: string, node: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, labels: { app: ${app} } }\nspec: { nodeName: ${node}, containers: [{ name: c, image: i, ports: [{ containerPort: 8080 }] }] }\n`;
const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec: { selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }] }\n';
const shop = [{ name: 'shop.yaml', text: [pod('web', 'web', 'a'), pod('api-1', 'api', 'a'), pod('api-2', 'api', 'b'), service].join('---\n') }];

const world = useWorld.getState;
/** The pods of the manifests; the cluster's own stand beside them. */
const ownPods = (): readonly string[] => (world().opened?.cluster.pods ?? []).filter(({ implied }) => !implied).map(({ name }) => name);
const { actions } = world();

/** Waits for what an action set going. */
const settled = (): Promise<void> => vi.waitFor(() => expect([world().asking, world().opening]).toEqual([false, false]));

beforeEach(async () => {
  attachHost(testHost(createSandbox()));
  await actions.open(shop, 'Shop');
});
afterEach(() => {
  resetWorld();
  vi.useRealTimers();
});

describe('the world', () => {
  test('opening lists the cluster and waits for a source', () => {
    expect(ownPods()).toEqual(['api-1', 'api-2', 'web']);
    expect([world().choosing, world().answer]).toEqual(['source', null]);
  });

  test('two clicks name both ends, and the port is what the destination offers', async () => {
    actions.pick('pod/default/web');
    expect(world().choosing).toBe('destination');
    actions.pick('service/default/api');
    await vi.waitFor(() => expect(world().request).toEqual({ from: 'pod/default/web', to: 'service/default/api', port: 80, protocol: 'tcp' }));
    expect(world().choosing).toBe('browsing');
  });

  test('a Service cannot be the source: a click on it selects it', () => {
    actions.pick('service/default/api');
    expect([world().request.from, world().selection]).toEqual(['', { kind: 'thing', id: 'service/default/api' }]);
  });

  test('sending puts the first branch on stage and keeps the packet', async () => {
    actions.setRequest({ from: 'pod/default/web', to: 'service/default/api', port: 80 });
    await actions.send();
    expect(world().answer?.journey.branches.map(({ odds }) => odds)).toEqual([{ num: 1, den: 2 }, { num: 1, den: 2 }]);
    expect([world().branch, world().packets.length, world().stale]).toEqual([0, 1, false]);
    expect(usePlayback.getState().timeline).toBe(world().timeline);
    actions.playBranch(1);
    expect(world().timeline?.sentence).not.toBe('');
    expect(usePlayback.getState().timeline).toBe(world().timeline);
  });

  test('an incomplete request is not sent', async () => {
    actions.setRequest({ from: 'pod/default/web' });
    await actions.send();
    expect([world().answer, world().packets]).toEqual([null, []]);
  });

  test('an earlier packet comes back as it was, without asking', async () => {
    actions.setRequest({ from: 'pod/default/web', to: 'service/default/api', port: 80 });
    await actions.send();
    const first = world().answer;
    actions.setRequest({ to: 'pod/default/api-1', port: 8080 });
    await actions.send();
    actions.reopen(1);
    expect(world().answer).toBe(first);
    expect(world().request.to).toBe('service/default/api');
  });

  test('an edit that can be read replaces the cluster, and the question is asked again', async () => {
    actions.setRequest({ from: 'pod/default/web', to: 'service/default/api', port: 80 });
    await actions.send();
    vi.useFakeTimers();
    actions.edit('shop.yaml', [shop[0]!.text, pod('api-3', 'api', 'c')].join('---\n'));
    await vi.advanceTimersByTimeAsync(editIdle);
    vi.useRealTimers();
    await vi.waitFor(() => expect(ownPods().length).toBe(4));
    await vi.waitFor(() => expect(world().again?.before).toBe('delivered'));
    expect([world().stale, world().drafts, world().answer?.journey.branches.length]).toEqual([false, {}, 3]);
  });

  test('an edit that cannot be read leaves the last good cluster and says what is wrong', async () => {
    const { opened } = world();
    vi.useFakeTimers();
    actions.edit('shop.yaml', `${shop[0]!.text}---\nkind: [\n`);
    await vi.advanceTimersByTimeAsync(editIdle);
    vi.useRealTimers();
    await vi.waitFor(() => expect(world().draftProblems?.length).toBeGreaterThan(0));
    expect(world().opened).toBe(opened);
  });

  test('what comes from outside is only offered: nothing open is lost before the person says so', async () => {
    const { opened } = world();
    await actions.offer({ documents: [{ name: 'more.yaml', text: pod('db', 'db', 'c') }], title: 'more.yaml' });
    expect([world().incoming?.preview?.objects, world().opened]).toEqual([1, opened]);
    actions.dismissIncoming();
    expect([world().incoming, world().opened]).toEqual([null, opened]);
  });

  test('merging keeps what is open, replacing does not', async () => {
    const more = { documents: [{ name: 'more.yaml', text: pod('db', 'db', 'c') }], title: 'more.yaml' };
    await actions.offer(more);
    await actions.acceptIncoming('merge');
    await settled();
    expect([ownPods().length, world().opened?.title]).toEqual([4, 'Shop']);
    await actions.offer(more);
    await actions.acceptIncoming('replace');
    expect([ownPods().length, world().opened?.title]).toEqual([1, 'more.yaml']);
  });

  test('an object is found in the manifests', async () => {
    await actions.lightUp({ kind: 'Service', namespace: 'default', name: 'api' });
    expect([world().lit?.file, world().lit?.line]).toEqual(['shop.yaml', shop[0]!.text.split('\n').findIndex((line) => line === 'kind: Service')]);
  });
});
