import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSandbox } from '../../shared/sandbox/create-sandbox.ts';
import { editActions } from './edit-actions.ts';
import { editIdle } from './editing.ts';
import { testHost } from './testing/test-host.ts';
import { textsNow } from './texts-now.ts';
import { attachHost, resetWorld, useWorld } from './use-world.ts';

const pod = (name: string, app: string, node: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, labels: { app: ${app} } }\nspec: { nodeName: ${node}, containers: [{ name: c, image: i, ports: [{ containerPort: 8080 }] }] }\n`;
const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec: { selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }] }\n';
const text = [pod('web', 'web', 'a'), pod('api-1', 'api', 'a'), service].join('---\n');

const world = useWorld.getState;
const { actions } = world();
const nodeOf = (name: string): string | undefined => world().opened?.cluster.pods.find((one) => one.name === name)?.node;
const moved = { kind: 'move-pod', pod: { namespace: 'default', name: 'api-1' }, node: 'b' } as const;

async function ask(): Promise<void> {
  actions.setRequest({ from: 'pod/default/web', to: 'service/default/api', port: 80 });
  await actions.send();
}

beforeEach(async () => {
  attachHost(testHost(createSandbox()));
  await actions.open([{ name: 'shop.yaml', text }], 'Shop');
});
afterEach(() => {
  resetWorld();
  vi.useRealTimers();
});

describe('an edit by hand', () => {
  test('changes the cluster and its text, and says what it did', async () => {
    await actions.applyEdit(moved);
    expect(nodeOf('api-1')).toBe('b');
    expect(world().opened?.documents[0]?.text).toMatch(/nodeName: "?b"?,/);
    expect([world().notice?.title, world().notice?.how, world().changed]).toEqual(['Move api-1 to node b', 'edited', 'edited']);
  });

  test('puts the question on stage again by itself; the packet that was sent stays as it was', async () => {
    await ask();
    const sent = world().answer;
    await actions.applyEdit(moved);
    expect([world().again, world().stale, world().packet]).toEqual([{ after: 'Move api-1 to node b', before: 'delivered' }, false, null]);
    expect(world().answer).not.toBe(sent);
    expect(world().answer?.journey.branches[0]?.endpoint?.node).toBe('b');
    actions.reopen(world().packets[0]!.id);
    expect([world().answer === sent, world().stale, world().again]).toEqual([true, true, null]);
  });

  test('that cannot be done says why and changes nothing', async () => {
    const { opened } = world();
    expect(await actions.applyEdit({ ...moved, node: 'nowhere' })).toBeNull();
    expect([world().opened, world().failure === null]).toEqual([opened, false]);
  });

  test('a preview changes nothing', async () => {
    const { opened } = world();
    const preview = await editActions.previewEdit(moved);
    expect([preview?.kind, world().opened]).toEqual(['effect', opened]);
  });
});

describe('undo and redo', () => {
  test('take back and do again, byte for byte, by name', async () => {
    await actions.applyEdit(moved);
    const after = textsNow(world())[0]?.text;
    expect(world().opened?.undo).toBe('Move api-1 to node b');
    await actions.undo();
    expect([textsNow(world())[0]?.text, world().opened?.redo, world().notice?.how]).toEqual([text, 'Move api-1 to node b', 'undone']);
    await actions.redo();
    expect(textsNow(world())[0]?.text).toBe(after);
  });

  test('with nothing to undo nothing happens', async () => {
    const { opened } = world();
    await actions.undo();
    expect([world().opened, world().failure]).toEqual([opened, null]);
  });

  test('typing is an edit too; one that goes on is one step', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    for (const name of ['api-2', 'api-3']) {
      actions.edit('shop.yaml', `${text}---\n${pod(name, 'api', 'c')}`);
      await vi.advanceTimersByTimeAsync(editIdle);
      await vi.waitFor(() => expect(nodeOf(name)).toBe('c'));
    }
    await actions.undo();
    expect(textsNow(world())[0]?.text).toBe(text);
  });

  test('typing that is not good enough for the cluster is what undo takes back first', async () => {
    actions.edit('shop.yaml', 'kind: [');
    await actions.flushTyping();
    expect([world().draftProblems === null, textsNow(world())[0]?.text]).toEqual([false, 'kind: [']);
    await actions.undo();
    expect([world().draftProblems, textsNow(world())[0]?.text]).toEqual([null, text]);
  });
});

describe('the timeline', () => {
  test('has edits and packets in one line, and starts again from any of them', async () => {
    await actions.applyEdit(moved);
    await ask();
    await actions.applyEdit({ ...moved, node: 'c' });
    expect(world().history.entries.map(({ kind, title }) => [kind, title])).toEqual([['opened', 'Open Shop'], ['edited', 'Move api-1 to node b'], ['packet', expect.stringContaining('api')], ['edited', 'Move api-1 to node c']]);
    expect(world().packets[0]?.entry).toBe(world().history.entries[2]!.id);
    await actions.restartFrom(world().packets[0]!.entry!);
    expect([nodeOf('api-1'), world().history.current]).toEqual(['b', world().packets[0]!.entry]);
  });
});
