import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox } from '../../shared/sandbox/create-sandbox.ts';
import { CompareDialog } from '../compare/CompareDialog.tsx';
import { resetCompare } from '../compare/use-compare.ts';
import { thingAtLine } from '../editor/thing-at-line.ts';
import { Inspector } from '../inspect/Inspector.tsx';
import { EditNotice } from '../shell/EditNotice.tsx';
import { runCommand } from '../state/commands.ts';
import { useLayout } from '../state/layout.ts';
import { testHost } from '../state/testing/test-host.ts';
import { attachHost, resetWorld, useWorld } from '../state/use-world.ts';
import { resetExposure } from './ExposureView.tsx';
import { ReachPanel } from './ReachPanel.tsx';
import { resetCoverage } from './use-coverage.ts';
import { followReach, resetReach } from './use-reach.ts';

const pod = (name: string, namespace = 'default'): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: ${namespace}, labels: { app: ${name} } }\nspec: { nodeName: a, containers: [{ name: c, image: i, ports: [{ containerPort: 8080 }] }] }\n`;
const policy = (apps: readonly string[]): string => `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p }\nspec:\n  podSelector: { matchLabels: { app: api } }\n  ingress:\n${apps.map((app) => `  - from:\n    - podSelector: { matchLabels: { app: ${app} } }\n`).join('')}`;
const shop = (...apps: readonly string[]): string => [pod('web'), pod('api'), pod('db'), pod('far', 'other'), policy(apps)].join('---\n');
const world = useWorld.getState;
let stop: () => void;

beforeEach(async () => {
  attachHost(testHost(createSandbox()));
  stop = followReach();
  await world().actions.open([{ name: 'shop.yaml', text: shop('web', 'db', 'later') }], 'Shop');
});
afterEach(() => {
  act(() => {
    stop();
    resetWorld();
    resetReach();
    resetCoverage();
    resetExposure();
    resetCompare();
    useLayout.setState({ drawerOpen: false, panel: 'manifests', dialog: null });
  });
});

const show = (title: string): void => void fireEvent.click(screen.getByRole('tab', { name: title }));

describe('changes', () => {
  test('before any edit it says so; after one, what closed opens both traces with the first hop that differs', async () => {
    render(<><ReachPanel /><CompareDialog /></>);
    show('Changes');
    await waitFor(() => screen.getByText(/^Nothing was edited yet/));
    act(() => world().actions.edit('shop.yaml', shop('web', 'later')));
    const row = await screen.findByRole('button', { name: /Closed.*db → api.*By policy/ }, { timeout: 4000 });
    expect(screen.getByText('0 open, 1 closes, 0 change otherwise.')).not.toBeNull();
    await act(async () => fireEvent.click(row));
    const table = await screen.findByRole('table');
    expect(within(table).getAllByRole('columnheader').map((head) => head.textContent)).toEqual([expect.stringMatching(/^Before.*Delivered/), expect.stringMatching(/^After.*Dropped/)]);
    expect(screen.getByText(/^The ways part at node a, hop 2\.$/i)).not.toBeNull();
    expect(within(table).getByRole('button', { name: /^1 hop the same: db/ })).not.toBeNull();
    expect(within(table).getByRole('row', { name: 'The first hop that differs' }).querySelectorAll('.differs').length).toBe(2);
  });

  test('the notice has a chip that opens it', async () => {
    render(<EditNotice />);
    await waitFor(() => expect(world().opened).not.toBeNull());
    await act(async () => void (await new Promise((done) => setTimeout(done, 50))));
    act(() => world().actions.edit('shop.yaml', shop('web', 'later')));
    const chip = await screen.findByRole('button', { name: /1 pair closed: show them/ }, { timeout: 4000 });
    fireEvent.click(chip);
    expect([useLayout.getState().drawerOpen, useLayout.getState().panel]).toEqual([true, 'reach']);
  });

  test('two moments of the timeline can be chosen', async () => {
    render(<ReachPanel />);
    act(() => world().actions.edit('shop.yaml', shop('web', 'later')));
    await waitFor(() => expect(world().history.entries.length).toBe(2), { timeout: 4000 });
    show('Changes');
    fireEvent.click(screen.getByRole('button', { name: 'Compare to' }));
    fireEvent.click(screen.getByRole('menuitemradio', { name: 'Open Shop' }));
    await waitFor(() => screen.getByText('Nobody can reach more or less than before.'));
  });
});

describe('coverage', () => {
  test('counts the packets of this session, says why a rule was not met, and sends the one that would meet it', async () => {
    render(<ReachPanel />);
    show('Coverage');
    await waitFor(() => screen.getByText('0 of 3 rules met by 0 questions.'));
    expect(screen.getByText('Nobody is meant by its from today.')).not.toBeNull();
    await act(async () => fireEvent.click(screen.getByRole('button', { name: /^Send db → api:8080/ })));
    await waitFor(() => screen.getByText('1 of 3 rules met by 1 question.'));
    expect(world().answer?.journey.verdict).toBe('delivered');
    fireEvent.click(screen.getByRole('button', { name: 'Only what was not met' }));
    expect(screen.getAllByRole('listitem').map((row) => row.textContent)).toEqual([expect.stringContaining('ingress[0]'), expect.stringContaining('ingress[2]')]);
  });

  test("lists a node's kernel rules with their counts", async () => {
    render(<ReachPanel />);
    show('Coverage');
    await waitFor(() => screen.getByText(/of 3 rules/));
    fireEvent.click(screen.getByRole('button', { name: 'Whose rules' }));
    fireEvent.click(screen.getByRole('menuitemradio', { name: /Kernel rules of node a/i }));
    await waitFor(() => screen.getByText(/^0 of \d\d rules met by 0 questions\.$/));
    expect(screen.getByText(/^-A FORWARD -m comment --comment "network policies" -j PODHOP-POLICY$/)).not.toBeNull();
  });
});

describe('exposure', () => {
  test('names who could come, also pods that do not exist yet, each with its line', async () => {
    render(<ReachPanel />);
    act(() => world().actions.select({ kind: 'thing', id: 'pod/default/api' }));
    show('Exposure');
    const side = await screen.findByRole('region', { name: 'Could reach api' });
    expect(within(side).getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      expect.stringMatching(/^any pod with app=web of namespace default.*1 pod today: web.*ingress\[0\]\.from\[0\]/),
      expect.stringMatching(/app=db.*1 pod today: db/),
      expect.stringMatching(/app=later.*Nobody today/),
    ]);
    fireEvent.click(within(side).getByRole('button', { name: /ingress\[2\]/ }));
    expect([world().lit?.file, useLayout.getState().panel]).toEqual(['shop.yaml', 'manifests']);
  });

  test('is a command', () => {
    act(() => void runCommand('exposure'));
    expect(useLayout.getState()).toMatchObject({ drawerOpen: true, panel: 'reach' });
  });
});

describe('the grid by namespace', () => {
  test('counts pairs, and a cell opens up into its workloads', async () => {
    render(<ReachPanel />);
    fireEvent.click(await screen.findByRole('button', { name: 'By namespace' }));
    fireEvent.click(screen.getByRole('gridcell', { name: 'other to default: 2 of 3 pairs may connect' }));
    await waitFor(() => screen.getByRole('gridcell', { name: 'far to api: nothing' }));
    expect(screen.getAllByRole('rowheader').map((head) => head.textContent)).toEqual(['api', 'db', 'web', 'far']);
  });

  test('Enter on the chosen cell sends its packet', async () => {
    render(<ReachPanel />);
    const cell = await screen.findByRole('gridcell', { name: 'web to api: everything' });
    fireEvent.click(cell);
    await act(async () => fireEvent.keyDown(cell, { key: 'Enter' }));
    await waitFor(() => expect(world().answer?.journey.verdict).toBe('delivered'));
  });
});

describe('a policy in the inspector', () => {
  test('says what it means in one sentence, whom it selects, and where it surprises', async () => {
    const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec: { selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }] }\n';
    await act(async () => void (await world().actions.open([{ name: 'shop.yaml', text: [shop(), service, policy(['web']).replace('name: p', 'name: q') + '    ports: [{ port: 80 }]\n'].join('---\n') }], 'Shop')));
    render(<Inspector selection={{ kind: 'thing', id: 'policy/default/q' }} />);
    expect(screen.getByText('Every pod with app=api of namespace default accepts connections from any pod with app=web of namespace default on TCP 80, and no others (besides what other policies allow).')).not.toBeNull();
    expect(within(screen.getByRole('list', { name: 'Hints' })).getByText(/80 is the port of Service default\/api, but policies see the pod's own port, which is 8080: write 8080/)).not.toBeNull();
    expect(screen.getByRole('button', { name: 'api' })).not.toBeNull();
    expect(screen.queryByRole('button', { name: 'Send from here' })).toBeNull();
  });

  test('its line in the manifests selects it, and choosing a source never names it', () => {
    const { opened } = world();
    const at = opened!.cluster.policies[0]!.at!;
    expect(thingAtLine(opened!.cluster, at.file, at.line)).toBe('policy/default/p');
    act(() => {
      world().actions.startChoosing('source');
      world().actions.pick('policy/default/p');
    });
    expect([world().request.from, world().selection]).toEqual(['', { kind: 'thing', id: 'policy/default/p' }]);
  });
});
