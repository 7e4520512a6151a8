import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox } from '../../shared/sandbox/create-sandbox.ts';
import { usePlayback } from '../playback/playback.ts';
import { usePreferences } from '../state/preferences.ts';
import { testHost } from '../state/testing/test-host.ts';
import { attachHost, resetWorld, useWorld } from '../state/use-world.ts';
import { EndpointsByNode } from './EndpointsByNode.tsx';
import { hitsOn, hostsMet } from './hits.ts';
import { resetMany } from './send-many.ts';
import { RulesPanel } from './RulesPanel.tsx';
import { SendMany } from './SendMany.tsx';
import { resetRules } from './use-rules.ts';

const pod = (name: string, node: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, labels: { app: ${name.split('-')[0]} } }\nspec: { nodeName: ${node}, containers: [{ name: c, image: i, ports: [{ containerPort: 8080 }] }] }\n`;
const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec: { type: NodePort, externalTrafficPolicy: Local, selector: { app: api }, ports: [{ name: http, port: 80, targetPort: 8080 }] }\n';
const shop = [{ name: 'shop.yaml', text: [pod('web', 'a'), pod('api-1', 'a'), pod('api-2', 'b'), service].join('---\n') }];

const world = useWorld.getState;

beforeEach(async () => {
  attachHost(testHost(createSandbox()));
  await world().actions.open(shop, 'Shop');
  usePreferences.setState({ reduceMotion: true });
  document.documentElement.dataset['motion'] = 'reduce';
});
afterEach(() => {
  act(() => {
    world().actions.clearStage();
    resetWorld();
    resetRules();
    resetMany();
  });
});

async function ask(): Promise<void> {
  await act(async () => {
    world().actions.setRequest({ from: 'pod/default/web', to: 'service/default/api', port: 80 });
    await world().actions.send();
    usePlayback.getState().pause();
  });
}

const list = (): Promise<HTMLElement> => screen.findByRole('listbox', { name: 'Rules of Node a' });

describe('the rules of a host', () => {
  test('are its real text, and what the packet met is numbered and counted', async () => {
    await ask();
    render(<RulesPanel />);
    await list();
    fireEvent.click(screen.getByRole('button', { name: /^Only what this packet met/ }));
    const shown = within(await list()).getAllByRole('option').map((option) => option.textContent ?? '');
    const hits = hitsOn(world().answer?.journey.branches[0], 'node/a');
    expect(shown.filter((text) => text.startsWith('Stop ')).length).toBe([...hits.keys()].filter((id) => id.includes('/nat/') || id.includes('/filter/') || id.includes('/mangle/')).length);
    expect(shown.some((text) => /^Stop 1\D*1 packets-A PREROUTING .*-j KUBE-SERVICES$/.test(text))).toBe(true);
  });

  test('a search leaves the lines that say it', async () => {
    render(<RulesPanel />);
    await list();
    fireEvent.change(screen.getByRole('searchbox', { name: 'Search the rules' }), { target: { value: 'dnat default/api' } });
    expect(within(await list()).getAllByRole('option').map((option) => option.textContent).filter((text) => text?.includes('-j DNAT')).length).toBe(2);
    fireEvent.change(screen.getByRole('searchbox', { name: 'Search the rules' }), { target: { value: 'nowhere' } });
    expect(screen.getByText('No line fits.')).toBeTruthy();
  });

  test('a line says who asked for it, and where', async () => {
    render(<RulesPanel />);
    await list();
    fireEvent.change(screen.getByRole('searchbox', { name: 'Search the rules' }), { target: { value: 'dnat default/api' } });
    fireEvent.click(within(await list()).getAllByRole('option').find((option) => option.textContent?.includes('-j DNAT') === true)!);
    const chosen = await screen.findByRole('region', { name: 'The chosen line' });
    await waitFor(() => expect(within(chosen).getByRole('button', { name: /shop\.yaml:\d+/ })).toBeTruthy());
  });

  test('arrows walk the lines and Escape lets go', async () => {
    render(<RulesPanel />);
    const box = await list();
    for (let i = 0; i < 2; i++) fireEvent.keyDown(box, { key: 'ArrowDown' });
    expect(within(box).getAllByRole('option').find((option) => option.id === box.getAttribute('aria-activedescendant'))?.textContent).toMatch(/^:INPUT ACCEPT/);
    expect(await screen.findByRole('region', { name: 'The chosen line' })).toBeTruthy();
    fireEvent.keyDown(box, { key: 'Escape' });
    expect(screen.queryByRole('region', { name: 'The chosen line' })).toBeNull();
  });

  test('another host and another listing can be picked', async () => {
    render(<RulesPanel />);
    await list();
    fireEvent.click(screen.getByRole('button', { name: 'Whose rules' }));
    fireEvent.click(screen.getByRole('menuitemradio', { name: 'Node b' }));
    fireEvent.click(screen.getByRole('button', { name: 'Listing' }));
    fireEvent.click(screen.getByRole('menuitemradio', { name: 'ip route' }));
    const box = await screen.findByRole('listbox', { name: 'Rules of Node b' });
    expect(within(box).getAllByRole('option').some((option) => option.textContent?.includes('default via 192.168.56.1') === true)).toBe(true);
  });

  test('the packet is at one host after the other', async () => {
    await ask();
    const branch = world().answer!.journey.branches.find((one) => one.endpoint?.node === 'b');
    expect(hostsMet(branch).filter((id) => id.startsWith('node/'))).toEqual(['node/a', 'node/b']);
  });
});

describe('another proxy mode', () => {
  test('is shown before it is chosen, and then done', async () => {
    render(<RulesPanel />);
    await list();
    fireEvent.click(screen.getByRole('button', { name: 'Proxy mode' }));
    fireEvent.click(screen.getByRole('menuitemradio', { name: 'nftables' }));
    expect(await screen.findByText(/lines go, \d+ lines come/)).toBeTruthy();
    expect(world().opened?.cluster.settings.proxyMode).toBe('iptables');
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Switch to nftables' })));
    await waitFor(() => expect(world().opened?.cluster.settings.proxyMode).toBe('nftables'));
    expect(within(await list()).getAllByRole('option')[0]?.textContent).toBe('table ip kube-proxy {');
  });
});

test('A hundred sends are counted beside the exact odds, and a hundred more are added', async () => {
  await ask();
  render(<SendMany answer={world().answer!} />);
  for (const sent of [100, 200]) {
    await act(async () => fireEvent.click(screen.getByRole('button', { name: /^Send 100/ })));
    await screen.findByText(`${sent} sent`);
    const counts = screen.getAllByRole('listitem').map((item) => (item.querySelector('small')?.textContent?.endsWith(' · 1/2') === true ? item.querySelector('b')?.textContent : null));
    expect([counts.length, counts.reduce((sum, n) => sum + Number(n), 0)]).toEqual([2, sent]);
  }
});

test('HTTP1 A hundred requests on one connection all end in one place; another connection may pick another', async () => {
  await ask();
  render(<SendMany answer={world().answer!} />);
  for (const name of ['100 on one connection', 'On another connection']) {
    await act(async () => fireEvent.click(screen.getByRole('button', { name })));
    await screen.findByText('100 on one');
    expect(screen.getAllByRole('listitem').map((item) => Number(item.querySelector('b')?.textContent)).toSorted((a, b) => a - b)).toEqual([0, 100]);
  }
});

test("A Service's endpoints are told node by node, with the reason for each that is left out", async () => {
  render(<EndpointsByNode service="service/default/api" />);
  const view = await screen.findByRole('region', { name: 'Endpoints by node' });
  expect([...view.querySelectorAll('summary')].map((summary) => summary.textContent)).toEqual(['aanywhere 2 of 2, local 1 of 2', 'banywhere 2 of 2, local 1 of 2', 'canywhere 2 of 2, local 0 of 2']);
  expect(within(view).getAllByText(/it runs on node b/).length).toBe(2);
});
