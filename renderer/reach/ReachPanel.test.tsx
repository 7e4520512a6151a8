import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox } from '../../shared/sandbox/create-sandbox.ts';
import { testHost } from '../state/testing/test-host.ts';
import { attachHost, resetWorld, useWorld } from '../state/use-world.ts';
import { ReachPanel } from './ReachPanel.tsx';
import { followReach, resetReach } from './use-reach.ts';

const pod = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, labels: { app: ${name} } }\nspec: { containers: [{ name: c, image: i, ports: [{ containerPort: 8080 }] }] }\n`;
const deny = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: deny }\nspec: { podSelector: { matchLabels: { app: api } }, policyTypes: [Ingress] }\n';
const shop = [pod('web'), pod('api')].join('---\n');
const world = useWorld.getState;
let stop: () => void;

beforeEach(async () => {
  attachHost(testHost(createSandbox()));
  stop = followReach();
  await world().actions.open([{ name: 'shop.yaml', text: shop }], 'Shop');
});
afterEach(() => {
  act(() => {
    stop();
    resetWorld();
    resetReach();
  });
});

const cell = (name: RegExp): HTMLElement => screen.getByRole('gridcell', { name });

describe('the reach panel', () => {
  test('says of every pair what may pass', async () => {
    render(<ReachPanel />);
    await waitFor(() => cell(/^web to api: everything$/));
    expect(screen.getAllByRole('rowheader').map((head) => head.textContent)).toEqual(['api', 'web', 'Any address']);
  });

  test('marks what an edit closed, and names the policy that decides', async () => {
    render(<ReachPanel />);
    await waitFor(() => cell(/^web to api: everything$/));
    act(() => world().actions.edit('shop.yaml', `${shop}---\n${deny}`));
    await waitFor(() => cell(/^web to api: nothing, closed; was everything$/), { timeout: 3000 });
    expect(screen.getByRole('status').textContent).toBe('The last edit: 2 pairs closed.');
    fireEvent.click(cell(/^web to api/));
    expect(screen.getByText(/selected by default\/deny, which has no ingress rules/)).not.toBeNull();
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Send this packet' })));
    await waitFor(() => expect(world().answer?.journey.verdict).toBe('dropped'));
  });

  test('is one tab stop; arrows walk it and Enter chooses', async () => {
    render(<ReachPanel />);
    await waitFor(() => cell(/^web to api/));
    expect(screen.getAllByRole('gridcell').filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
    act(() => cell(/^web to itself/).focus());
    fireEvent.keyDown(document.activeElement!, { key: 'ArrowLeft' });
    await waitFor(() => expect(document.activeElement).toBe(cell(/^web to api/)));
    fireEvent.keyDown(document.activeElement!, { key: 'Enter' });
    expect(screen.getByRole('heading', { name: 'web → api' })).not.toBeNull();
  });
});
