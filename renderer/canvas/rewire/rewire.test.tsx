import { act, fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ClusterEdit } from '../../../shared/model/edit/types.ts';
import { recordedOpened } from '../../testing/fixture.ts';
import { pictureCluster } from '../../testing/fixture-cluster.ts';
import { resetWorld, useWorld } from '../../state/use-world.ts';
import { Canvas } from '../Canvas.tsx';
import { useGesture } from './gesture-store.ts';

/** What reached the store, in order; the engine itself has its own tests. */
let done: ClusterEdit[] = [];

beforeEach(() => {
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
  resetWorld();
  useGesture.setState({ gesture: null, over: null, menu: null });
  done = [];
  const { actions } = useWorld.getState();
  useWorld.setState({ opened: recordedOpened(pictureCluster()), opening: false, actions: { ...actions, applyEdit: async (edit) => { done.push(edit); return null; }, previewEdit: async () => null } });
  render(<Canvas />);
});

const thing = (name: RegExp): HTMLElement => screen.getByRole('button', { name });
const key = (element: Element, name: string, more = {}): boolean => fireEvent.keyDown(element, { key: name, ...more });
const now = (): Element => document.activeElement ?? document.body;
const focus = (name: RegExp): void => act(() => thing(name).focus());

describe('by keyboard', () => {
  test('M, arrows and Enter move a pod; only nodes that can take it are walked over', async () => {
    focus(/^Pod api-1,/);
    key(now(), 'm');
    expect(screen.getByText('Choose a node for api-1')).toBeTruthy();
    key(now(), 'ArrowDown');
    expect(now().getAttribute('aria-label')).toMatch(/^Node b/);
    expect(useGesture.getState().over).toBe('node/b');
    await act(async () => { fireEvent.click(now(), { detail: 0 }); });
    expect(done).toEqual([{ kind: 'move-pod', pod: { namespace: 'shop', name: 'api-1' }, node: 'b' }]);
    expect(useGesture.getState().gesture).toBeNull();
  });
  test('Esc gives a gesture up and changes nothing', () => {
    focus(/^Pod api-1,/);
    key(now(), 'm');
    key(now(), 'ArrowDown');
    key(now(), 'Escape');
    expect([useGesture.getState().gesture, done]).toEqual([null, []]);
  });
  test('Delete and Backspace delete what has the focus', async () => {
    focus(/^Pod web-2,/);
    await act(async () => { key(now(), 'Delete'); });
    focus(/^Service api,/);
    await act(async () => { key(now(), 'Backspace'); });
    expect(done).toEqual([{ kind: 'delete-object', target: { kind: 'Pod', namespace: 'shop', name: 'web-2' } }, { kind: 'delete-object', target: { kind: 'Service', namespace: 'shop', name: 'api' } }]);
  });
  test('Shift+F10 opens the thing’s menu; letters find, Enter runs, the focus comes back', async () => {
    focus(/^Node c,/);
    key(now(), 'F10', { shiftKey: true });
    expect(screen.getByRole('menu', { name: 'Node c' })).toBeTruthy();
    key(now(), 'd');
    expect(now().textContent).toMatch(/^Drain/);
    await act(async () => { fireEvent.click(now()); });
    expect(done).toEqual([{ kind: 'drain', node: 'c' }]);
    expect(now().getAttribute('aria-label')).toMatch(/^Node c/);
  });
  test('W asks what stands between two things', async () => {
    focus(/^Pod web-1,/);
    key(now(), 'w');
    focus(/^Pod db-0,/);
    fireEvent.click(now(), { detail: 0 });
    expect(screen.getAllByRole('menuitem').map((m) => m.textContent)).toEqual(['Let web-1 reach db-0', 'Keep web-1 away from db-0', 'Put a Service in front of db-0']);
    await act(async () => { fireEvent.click(screen.getByRole('menuitem', { name: 'Keep web-1 away from db-0' })); });
    expect(done.map(({ kind }) => kind)).toEqual(['deny']);
  });
});

describe('by pointer', () => {
  test('the right button opens the same commands', () => {
    fireEvent.contextMenu(thing(/^Pod api-1,/));
    expect(screen.getAllByRole('menuitem').map((m) => m.textContent?.replace(/(S|D|M|C|W|Del)$/, ''))).toEqual(expect.arrayContaining(['Move to another node…', 'Mark not ready', 'Duplicate', 'Delete']));
  });
  test('a question of the engine is asked where the gesture ended', async () => {
    const { actions } = useWorld.getState();
    useWorld.setState({ actions: { ...actions, applyEdit: async (edit) => {
      done.push(edit);
      return edit.kind === 'connect-service' && edit.by === undefined ? { kind: 'choose', question: 'By the pod’s labels or the Service’s selector?', alternatives: [{ title: 'Give web-1 the label app=api', edit: { ...edit, by: 'labels' } }, { title: 'Change the selector', edit: { ...edit, by: 'selector' } }] } : null;
    } } });
    focus(/^Service api,/);
    key(now(), 'c');
    focus(/^Pod web-1,/);
    await act(async () => { fireEvent.click(now(), { detail: 0 }); });
    expect(screen.getByRole('menu', { name: 'By the pod’s labels or the Service’s selector?' })).toBeTruthy();
    await act(async () => { fireEvent.click(screen.getByRole('menuitem', { name: 'Give web-1 the label app=api' })); });
    expect(done.at(-1)).toEqual({ kind: 'connect-service', service: { namespace: 'shop', name: 'api' }, pod: { namespace: 'shop', name: 'web-1' }, by: 'labels' });
  });
});
