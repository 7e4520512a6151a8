import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSandbox } from '../../shared/sandbox/create-sandbox.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { testHost } from '../state/testing/test-host.ts';
import { attachHost, resetWorld, useWorld } from '../state/use-world.ts';
import { EditFields } from './EditFields.tsx';

const web = 'apiVersion: v1\nkind: Pod\nmetadata: { name: web, labels: { app: web } }\nspec: { nodeName: a, containers: [{ name: c, image: i }] }\n';
const nodes = ['a', 'b'].map((name) => `apiVersion: v1\nkind: Node\nmetadata: { name: ${name} }\n`);
const world = useWorld.getState;
const labelNow = (): string | undefined => world().opened?.cluster.pods[0]?.labels['app'];
const undoOn = (target: Element): boolean => fireEvent.keyDown(target, { key: 'z', code: 'KeyZ', ctrlKey: true });

function Fields() {
  useShortcuts();
  const cluster = useWorld((state) => state.opened?.cluster);
  return cluster === undefined ? null : <EditFields cluster={cluster} id="pod/default/web" />;
}

beforeEach(async () => {
  attachHost(testHost(createSandbox()));
  await world().actions.open([{ name: 'web.yaml', text: [web, ...nodes].join('---\n') }], 'Web');
  render(<Fields />);
});
afterEach(() => act(() => resetWorld()));

test('after Enter in a field, Ctrl+Z in it takes the edit back', async () => {
  const field = screen.getByLabelText('Label app');
  fireEvent.change(field, { target: { value: 'shop' } });
  fireEvent.keyDown(field, { key: 'Enter' });
  await waitFor(() => expect(labelNow()).toBe('shop'));
  expect(undoOn(field)).toBe(false);
  await waitFor(() => expect([labelNow(), world().opened?.undo ?? null]).toEqual(['web', null]));
});

test('while something is typed in a field, Ctrl+Z is the field’s own', async () => {
  const field = screen.getByLabelText('Label app');
  fireEvent.change(field, { target: { value: 'shop' } });
  fireEvent.keyDown(field, { key: 'Enter' });
  await waitFor(() => expect(labelNow()).toBe('shop'));
  fireEvent.change(field, { target: { value: 'shops' } });
  expect(undoOn(field)).toBe(true);
  expect(labelNow()).toBe('shop');
});

test('after a choice, Ctrl+Z on it takes the edit back', async () => {
  const choice = screen.getByLabelText('Node');
  fireEvent.change(choice, { target: { value: 'b' } });
  await waitFor(() => expect(world().opened?.cluster.pods[0]?.node).toBe('b'));
  expect(undoOn(choice)).toBe(false);
  await waitFor(() => expect(world().opened?.cluster.pods[0]?.node).toBe('a'));
});
