import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSandbox } from '../../shared/sandbox/create-sandbox.ts';
import { AddBlock } from '../shell/AddBlock.tsx';
import { MapTools } from '../shell/MapTools.tsx';
import { runCommand } from '../state/commands.ts';
import { useLayout } from '../state/layout.ts';
import { testHost } from '../state/testing/test-host.ts';
import { attachHost, resetWorld, useWorld } from '../state/use-world.ts';
import { Canvas } from './Canvas.tsx';
import { useGesture } from './rewire/gesture-store.ts';

const pod = (name: string, node: string): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, labels: { app: ${name} } }\nspec: { nodeName: ${node}, containers: [{ name: c, image: i, ports: [{ containerPort: 8080 }] }] }\n`;
const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec: { selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }] }\n';
const documents = [{ name: 'shop.yaml', text: [pod('web', 'a'), pod('api', 'a'), pod('db', 'b'), service].join('---\n') }];

const world = useWorld.getState;
const thing = (name: RegExp): HTMLElement => screen.getByRole('button', { name });
const nodes = (): readonly string[] => screen.getAllByRole('button', { name: /^Node / }).map((b) => b.dataset['thing']!);
const title = (): string | undefined => world().notice?.title;

beforeEach(async () => {
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
  localStorage.clear();
  attachHost(testHost(createSandbox()));
  await world().actions.open(documents, 'Shop');
  world().actions.startChoosing('browsing');
});
afterEach(() => {
  cleanup();
  act(() => {
    useGesture.setState({ gesture: null, over: null, menu: null });
    useLayout.setState({ filter: '', filtering: false, focused: false });
    resetWorld();
  });
});

describe('the map is arranged by keys', () => {
  test('Alt and arrows move a node; undo and redo are named; the cluster stays the same object', async () => {
    render(<Canvas />);
    const { cluster } = world().opened!;
    expect(nodes()).toEqual(['node/a', 'node/b', 'node/c']);
    fireEvent.keyDown(thing(/^Node b/), { key: 'ArrowUp', altKey: true });
    await waitFor(() => expect(title()).toBe('Move node b up'));
    expect([nodes(), world().opened!.undo, world().opened!.cluster === cluster, world().stale]).toEqual([['node/b', 'node/a', 'node/c'], 'Move node b up', true, false]);
    await act(async () => { await world().actions.undo(); });
    expect([nodes(), world().opened!.redo]).toEqual([['node/a', 'node/b', 'node/c'], 'Move node b up']);
  });
  test('at the end of its list a thing stays where it is', async () => {
    render(<Canvas />);
    fireEvent.keyDown(thing(/^Node c/), { key: 'ArrowDown', altKey: true });
    await act(async () => {});
    expect([nodes(), world().opened!.undo ?? null]).toEqual([['node/a', 'node/b', 'node/c'], null]);
  });
  test('an arranged map is arranged so when it is opened again, and not after it was tidied up', async () => {
    render(<Canvas />);
    await act(async () => { await world().actions.applyEdit({ kind: 'arrange', thing: 'node/b', at: 'node/a' }); });
    await act(async () => { await world().actions.open(documents, 'Shop'); });
    expect(nodes()).toEqual(['node/b', 'node/a', 'node/c']);
    act(() => { expect(runCommand('tidy-layout')).toBe(true); });
    await waitFor(() => expect(title()).toBe('Tidy up'));
    await act(async () => { await world().actions.open(documents, 'Shop'); });
    expect([nodes(), runCommand('tidy-layout')]).toEqual([['node/a', 'node/b', 'node/c'], false]);
  });
  test('a layout that lies beside the manifests is taken, and is no manifest', async () => {
    render(<Canvas />);
    const layout = { name: 'shop.podhop-layout.json', text: '{"podhopLayout":1,"positions":{"node/b":{"x":0,"y":0},"node/a":{"x":0,"y":1}}}' };
    await act(async () => { await world().actions.open([...documents, layout], 'Other'); });
    expect([nodes(), world().opened!.documents.map(({ name }) => name), world().opened!.problems]).toEqual([['node/b', 'node/c', 'node/a'], ['shop.yaml'], []]);
  });
});

describe('what the map shows', () => {
  test('Z folds the focused node; its count unfolds it', async () => {
    render(<Canvas />);
    fireEvent.keyDown(thing(/^Node b/), { key: 'z' });
    await waitFor(() => expect(title()).toBe('Fold node b'));
    expect(screen.queryByRole('button', { name: /^Pod db,/ })).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: /more pods$/ }));
    await waitFor(() => expect(title()).toBe('Unfold node b'));
    expect(thing(/^Pod db,/)).toBeTruthy();
  });
  test('pods are drawn as one by the menu; a click shows them one by one again', async () => {
    render(<><Canvas /><MapTools /></>);
    fireEvent.click(screen.getByRole('button', { name: 'Group pods' }));
    fireEvent.click(screen.getByRole('menuitemradio', { name: 'Group pods by namespace' }));
    await waitFor(() => expect(title()).toBe('Group by namespace'));
    fireEvent.click(thing(/^default, 2 pods, 2 ready/));
    expect(thing(/^Pod web,/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Show fewer pods' }));
    expect(thing(/^default, 2 pods/)).toBeTruthy();
  });
  test('a filter dims what does not answer, says how many do, and Esc takes it away', () => {
    render(<><Canvas /><MapTools /></>);
    fireEvent.click(screen.getByRole('button', { name: 'Filter the map' }));
    const field = screen.getByRole('textbox', { name: /^Filter/ });
    fireEvent.change(field, { target: { value: 'app=db' } });
    expect([thing(/^Pod db,/).dataset['off'], thing(/^Pod web,/).dataset['off'], thing(/^Node b/).dataset['off'], thing(/^Node a/).dataset['off']]).toEqual([undefined, '', undefined, '']);
    expect(screen.getByText(/^1 of \d+$/)).toBeTruthy();
    fireEvent.keyDown(field, { key: 'Escape' });
    expect(thing(/^Pod web,/).dataset['off']).toBeUndefined();
  });
});

describe('the Add block', () => {
  test('asks for a node, and the new pod is there and selected', async () => {
    render(<><AddBlock /><Canvas /></>);
    fireEvent.click(screen.getByRole('button', { name: 'Add: Pod' }));
    expect(screen.getByText('Choose a node for the new pod')).toBeTruthy();
    await act(async () => { fireEvent.click(thing(/^Node b/), { detail: 0 }); });
    await waitFor(() => expect(world().selection).toEqual({ kind: 'thing', id: 'pod/default/pod' }));
    expect(thing(/^Pod pod, node b/)).toBeTruthy();
  });
  test('an Ingress is put on a Service, and its path sent to another by keys', async () => {
    render(<><AddBlock /><Canvas /></>);
    await act(async () => { await world().actions.applyEdit({ kind: 'add-object', object: { kind: 'service', name: 'web', selector: { app: 'web' }, port: 81 } }); });
    fireEvent.click(screen.getByRole('button', { name: /more Services$/ }));
    fireEvent.click(screen.getByRole('button', { name: 'Add: Ingress' }));
    await act(async () => { fireEvent.click(thing(/^Service api,/), { detail: 0 }); });
    await waitFor(() => expect(world().selection).toEqual({ kind: 'thing', id: 'ingress/default/api/0' }));
    fireEvent.keyDown(thing(/^Ingress api,/), { key: 'c' });
    await act(async () => { fireEvent.click(thing(/^Service web,/), { detail: 0 }); });
    await waitFor(() => expect(thing(/^Ingress api, .*to Service web:81$/)).toBeTruthy());
    expect(title()).toMatch(/^Send .* to web$/);
  });
  test('a node needs no place', async () => {
    render(<><AddBlock /><Canvas /></>);
    fireEvent.click(screen.getByRole('button', { name: 'Add: Node' }));
    await waitFor(() => expect(nodes()).toHaveLength(4));
  });
});
