import { describe, expect, test } from 'vitest';
import { siblingsOf } from '../model/edit/arrange.ts';
import type { ClusterEdit } from '../model/edit/types.ts';
import { openDocuments } from './testing/open-documents.ts';

const node = (name: string): string => `apiVersion: v1\nkind: Node\nmetadata: {name: ${name}}\n`;
const pod = (name: string, on: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop}\nspec: {nodeName: ${on}, containers: [{name: main, image: x}]}\n`;
const text = ['a', 'b', 'c'].map(node).concat(pod('p1', 'a'), pod('p2', 'a'), pod('p3', 'b')).join('---\n');

async function opened() {
  const sandbox = await openDocuments([{ name: 'lab.yaml', text }]);
  const orderOf = async (id: string): Promise<readonly string[]> => {
    const { opened: now } = await sandbox.edit({ edit: { kind: 'set-layout', positions: {} } }) as { opened: Awaited<ReturnType<typeof sandbox.open>> };
    await sandbox.undo({});
    return siblingsOf(now.cluster, now.sidecar!.positions, id);
  };
  return { sandbox, orderOf };
}

describe('where things stand on the map is edited beside the documents', () => {
  test('a node takes another’s place; the step has a name, the text is the same, undo puts it back', async () => {
    const { sandbox, orderOf } = await opened();
    const done = await sandbox.edit({ edit: { kind: 'arrange', thing: 'node/c', at: 'node/a' } });
    expect(done.kind === 'done' && [done.title, done.opened.documents[0]!.text]).toEqual(['Move node c up', text]);
    expect(await orderOf('node/a')).toEqual(['node/c', 'node/a', 'node/b']);
    expect((await sandbox.undo({})).title).toBe('Undo move node c up');
    expect(await orderOf('node/a')).toEqual(['node/a', 'node/b', 'node/c']);
  });

  test('what is moved down stands after the one whose place it took', async () => {
    const { sandbox, orderOf } = await opened();
    await sandbox.edit({ edit: { kind: 'arrange', thing: 'node/a', at: 'node/b' } });
    expect(await orderOf('node/a')).toEqual(['node/b', 'node/a', 'node/c']);
  });

  test('a pod’s rank is among its node’s pods, and does not go with it to another node', async () => {
    const { sandbox, orderOf } = await opened();
    await sandbox.edit({ edit: { kind: 'arrange', thing: 'pod/shop/p2', at: 'pod/shop/p1' } });
    expect((await orderOf('pod/shop/p1')).slice(0, 2)).toEqual(['pod/shop/p2', 'pod/shop/p1']);
    const moved = await sandbox.edit({ edit: { kind: 'move-pod', pod: { namespace: 'shop', name: 'p2' }, node: 'b' } });
    expect(moved.kind === 'done' && Object.keys(moved.opened.sidecar!.positions).filter((id) => id.startsWith('pod/shop/'))).toEqual(['pod/shop/p1']);
  });

  test.each<readonly [ClusterEdit, string]>([
    [{ kind: 'arrange', thing: 'pod/shop/p1', at: 'pod/shop/p3' }, 'do not stand in one list'],
    [{ kind: 'arrange', thing: 'node/a', at: 'node/zz' }, 'do not stand in one list'],
    [{ kind: 'arrange', thing: 'node/a', at: 'node/a' }, 'do not stand in one list'],
    [{ kind: 'arrange', thing: 'policy/x', at: 'policy/y' }, 'do not stand in one list'],
  ])('%j is refused', async (edit, why) => {
    const { sandbox } = await opened();
    await expect(sandbox.edit({ edit })).rejects.toThrow(why);
  });

  test('folding, grouping and tidying up are steps with names', async () => {
    const { sandbox } = await opened();
    const steps: readonly (readonly [ClusterEdit, string, object])[] = [
      [{ kind: 'fold', thing: 'node/b', folded: true }, 'Fold node b', { folded: ['node/b'] }],
      [{ kind: 'group-pods', by: 'workload' }, 'Group by workload', { folded: ['node/b'], grouping: 'workload' }],
      [{ kind: 'fold', thing: 'node/b', folded: false }, 'Unfold node b', { grouping: 'workload' }],
      [{ kind: 'group-pods', by: 'none' }, 'Show each pod', {}],
    ];
    for (const [edit, title, expected] of steps) {
      const done = await sandbox.edit({ edit });
      expect(done.kind === 'done' && [done.title, done.opened.sidecar]).toEqual([title, { positions: {}, ...expected }]);
    }
    await sandbox.edit({ edit: { kind: 'arrange', thing: 'node/c', at: 'node/a' } });
    const tidied = await sandbox.edit({ edit: { kind: 'tidy-layout' } });
    expect(tidied.kind === 'done' && [tidied.title, tidied.opened.sidecar]).toEqual(['Tidy up', { positions: {} }]);
  });

  test('taking back, doing again and going back to a step of arranging keeps the cluster and all that was compiled of it', async () => {
    const { sandbox } = await opened();
    const { cluster, dataplane, revision } = sandbox.world()!;
    await sandbox.edit({ edit: { kind: 'arrange', thing: 'node/c', at: 'node/a' } });
    await sandbox.ask({ probe: { from: 'pod/shop/p1', to: 'pod/shop/p2', port: 80 }, remember: true });
    const [first] = (await sandbox.history({})).entries;
    for (const go of [() => sandbox.undo({}), () => sandbox.redo({}), () => sandbox.restartFrom({ entry: first!.id })]) await go();
    expect(sandbox.world()!.cluster).toBe(cluster);
    expect(sandbox.world()!.dataplane).toBe(dataplane);
    expect(sandbox.world()!.revision).toBe(revision + 4);
  });

  test('taking back an edit of the cluster after one of the map builds the cluster that was', async () => {
    const { sandbox } = await opened();
    await sandbox.edit({ edit: { kind: 'arrange', thing: 'node/c', at: 'node/a' } });
    const { cluster } = sandbox.world()!;
    await sandbox.edit({ edit: { kind: 'move-pod', pod: { namespace: 'shop', name: 'p2' }, node: 'b' } });
    await sandbox.undo({});
    expect(sandbox.world()!.cluster).toEqual(cluster);
    await sandbox.undo({});
    expect(sandbox.world()!.cluster).toEqual(cluster);
  });

  test('a question that was answered is not answered anew until the cluster changes', async () => {
    const { sandbox } = await opened();
    const probe = { from: 'pod/shop/p1', to: 'pod/shop/p2', port: 80 };
    const answer = await sandbox.ask({ probe });
    expect(await sandbox.ask({ probe, remember: true })).toBe(answer);
    expect((await sandbox.history({})).entries).toHaveLength(2);
    expect((await sandbox.ask({ probe: { ...probe, port: 81 } })).journey.port).toBe(81);
    await sandbox.edit({ edit: { kind: 'set-ready', pod: { namespace: 'shop', name: 'p2' }, ready: false } });
    expect((await sandbox.ask({ probe })).revision).toBe(answer.revision + 1);
  });

  test('what stands beside the documents comes back with them', async () => {
    const { sandbox } = await opened();
    const sidecar = { positions: { 'node/c': { x: 0, y: -1 } }, folded: ['node/b'], grouping: 'namespace' as const };
    expect((await sandbox.open({ documents: [{ name: 'lab.yaml', text }], title: 'lab.yaml', sidecar })).sidecar).toEqual(sidecar);
  });
});
