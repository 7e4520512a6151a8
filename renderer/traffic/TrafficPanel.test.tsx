import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox } from '../../shared/sandbox/create-sandbox.ts';
import { TracePanel } from '../inspect/TracePanel.tsx';
import { commandById, runCommand } from '../state/commands.ts';
import { useLayout } from '../state/layout.ts';
import { testHost } from '../state/testing/test-host.ts';
import { attachHost, resetWorld, useWorld } from '../state/use-world.ts';
import { TrafficToggle } from './TrafficToggle.tsx';
import { trafficControls, useTraffic } from './traffic.ts';

const pod = (name: string, node: string): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, labels: { app: ${name.split('-')[0]} } }\nspec: { nodeName: ${node}, containers: [{ name: c, image: i, ports: [{ containerPort: 8080 }] }] }\n`;
const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec: { selector: { app: api }, ports: [{ name: http, port: 80, targetPort: 8080 }] }\n';
const shop = [{ name: 'shop.yaml', text: [pod('web', 'a'), pod('api-1', 'a'), pod('api-2', 'b'), service].join('---\n') }];
const world = useWorld.getState;

beforeEach(async () => {
  attachHost(testHost(createSandbox()));
  await world().actions.open(shop, 'Shop');
  await act(async () => world().actions.setRequest({ from: 'pod/default/web', to: 'service/default/api', port: 80 }));
});
afterEach(() => {
  cleanup();
  act(() => {
    trafficControls.clear();
    resetWorld();
    useLayout.setState({ trafficOpen: false });
  });
});

const sent = (): number => useTraffic.getState().pairs[0]?.tally.sent ?? 0;
const panel = (): HTMLElement => screen.getByRole('complementary', { name: 'Traffic' });
/** Starts the question of the bar and waits until some of it is counted. */
async function flow(): Promise<void> {
  render(<><TracePanel /><TrafficToggle /></>);
  act(() => { runCommand('traffic-flow'); });
  await waitFor(() => expect(sent()).toBeGreaterThan(1), { timeout: 10_000 });
}

describe('traffic', () => {
  test('one command starts the question of the bar and shows its pair, its fates and its exact odds', async () => {
    await flow();
    const bars = within(panel()).getByRole('list', { name: /^Where requests of web → api:80 ended/ });
    expect(within(bars).getAllByRole('listitem').map((item) => [item.querySelector('.bar-name')?.textContent, item.querySelector('small i')?.textContent])).toEqual([['api-1', '1/2'], ['api-2', '1/2']]);
    expect(within(panel()).getByRole('list', { name: 'Pairs' }).textContent).toMatch(/^web → api:805\/s\d+delivered0dropped0refused0timeout$/);
    expect(screen.getByRole('button', { name: 'Traffic 5/s' }).getAttribute('aria-expanded')).toBe('true');
  });
  test('it can be paused, goes on, and is stopped; the command says which', async () => {
    await flow();
    expect(commandById('traffic-flow').now?.()).toBe('Pause traffic');
    fireEvent.click(within(panel()).getByRole('button', { name: 'Pause' }));
    expect([useTraffic.getState().status, commandById('traffic-flow').now?.(), screen.getByRole('button', { name: 'Traffic paused' }).textContent]).toEqual(['paused', 'Start traffic', 'Traffic paused']);
    fireEvent.click(within(panel()).getByRole('button', { name: 'Go on' }));
    fireEvent.click(within(panel()).getByRole('button', { name: 'Stop' }));
    expect([useTraffic.getState().status, sent(), within(panel()).getByRole('button', { name: 'Start' }).textContent]).toEqual(['off', 0, 'Start']);
  });
  test('rates go up and down in steps, and the first and last step say so', async () => {
    await flow();
    const more = within(panel()).getByRole('button', { name: /^More requests a second/ });
    for (let i = 0; i < 5; i++) fireEvent.click(more);
    expect([useTraffic.getState().pairs[0]!.rate, more.getAttribute('aria-disabled')]).toEqual([50, 'true']);
    fireEvent.click(within(panel()).getByRole('button', { name: /^Fewer requests a second/ }));
    expect(useTraffic.getState().pairs[0]!.rate).toBe(20);
  });
  test('another question is added, chosen and taken out; without pairs it is off', async () => {
    await flow();
    await act(async () => world().actions.setRequest({ to: 'pod/default/api-1', port: 81 }));
    fireEvent.click(within(panel()).getByRole('button', { name: 'web → api-1:81' }));
    await waitFor(() => expect(within(panel()).getByRole('region', { name: 'Shares of web → api-1:81' }).textContent).toContain('Refused'), { timeout: 10_000 });
    for (const title of ['web → api:80', 'web → api-1:81']) fireEvent.click(within(panel()).getByRole('button', { name: `Take ${title} out of the traffic` }));
    expect([useTraffic.getState().status, useTraffic.getState().pairs]).toEqual(['off', []]);
  });
  test('an edit shows in the shares with its name; another cluster ends the traffic', async () => {
    await flow();
    await act(async () => { await world().actions.applyEdit({ kind: 'delete-object', target: { kind: 'Pod', namespace: 'default', name: 'api-2' } }); });
    await waitFor(() => expect(within(panel()).getByRole('region', { name: /^Shares/ }).textContent).toMatch(/api-1\d+1Share over time Delete Pod api-2/), { timeout: 10_000 });
    await act(async () => { await world().actions.open(shop, 'Another'); });
    expect([useTraffic.getState().status, useTraffic.getState().pairs]).toEqual(['off', []]);
  });
  test('closing the panel leaves what flows, and the dock leads back to it', async () => {
    await flow();
    fireEvent.click(within(panel()).getByRole('button', { name: 'Close traffic' }));
    expect([screen.queryByRole('complementary', { name: 'Traffic' }), useTraffic.getState().status]).toEqual([null, 'flowing']);
    fireEvent.click(screen.getByRole('button', { name: 'Traffic 5/s' }));
    expect(panel()).toBeDefined();
  });
});
