import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox } from '../../shared/sandbox/create-sandbox.ts';
import { TracePanel } from '../inspect/TracePanel.tsx';
import { usePlayback } from '../playback/playback.ts';
import { useLayout } from '../state/layout.ts';
import { usePreferences } from '../state/preferences.ts';
import { testHost } from '../state/testing/test-host.ts';
import { attachHost, resetWorld, useWorld } from '../state/use-world.ts';
import { Dock } from './Dock.tsx';
import { LiveRegions } from './LiveRegions.tsx';
import { Outline } from './Outline.tsx';
import { Palette } from './Palette.tsx';
import { PreviewDialog } from './PreviewDialog.tsx';
import { RequestBar } from './RequestBar.tsx';
import { useShortcuts } from './use-shortcuts.ts';

const pod = (name: string, node: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, labels: { app: ${name.split('-')[0]} } }\nspec: { nodeName: ${node}, containers: [{ name: c, image: i, ports: [{ containerPort: 8080 }] }] }\n`;
const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec: { selector: { app: api }, ports: [{ name: http, port: 80, targetPort: 8080 }] }\n';
const shop = [{ name: 'shop.yaml', text: [pod('web', 'a'), pod('api-1', 'a'), pod('api-2', 'b'), service].join('---\n') }];

const world = useWorld.getState;

function Keys() {
  useShortcuts();
  return null;
}

beforeEach(async () => {
  attachHost(testHost(createSandbox()));
  await world().actions.open(shop, 'Shop');
});
afterEach(() => {
  act(() => {
    world().actions.clearStage();
    resetWorld();
    useLayout.setState({ dialog: null });
    usePreferences.setState({ singleKeys: true });
  });
});

/** Asks web → api:80 and waits for the trace. */
async function ask(): Promise<void> {
  await act(async () => {
    world().actions.setRequest({ from: 'pod/default/web', to: 'service/default/api', port: 80 });
    await world().actions.send();
    usePlayback.getState().pause();
  });
}

describe('the request bar', () => {
  const field = (name: string): HTMLInputElement => screen.getByRole('combobox', { name });

  test('typing finds, Enter takes, and the port is offered', async () => {
    render(<RequestBar />);
    act(() => field('From').focus());
    fireEvent.change(field('From'), { target: { value: 'we' } });
    expect(screen.getAllByRole('option').map((option) => option.getAttribute('aria-selected'))).toEqual(['true', 'false']);
    fireEvent.keyDown(field('From'), { key: 'Enter' });
    expect(document.activeElement).toBe(field('To'));
    fireEvent.change(field('To'), { target: { value: 'api' } });
    fireEvent.keyDown(field('To'), { key: 'Enter' });
    await waitFor(() => expect(field('Port and protocol').value).toBe(':80 TCP'));
    expect([field('From').value, field('To').value]).toEqual(['web', 'api']);
    expect(document.activeElement).toBe(screen.getByRole('button', { name: /Send/ }));
  });

  test('what is typed counts for Ctrl+Enter too, with the port that it offers', async () => {
    render(<><Keys /><RequestBar /></>);
    await act(async () => world().actions.setRequest({ from: 'pod/default/web' }));
    fireEvent.change(field('To'), { target: { value: 'api' } });
    fireEvent.keyDown(field('To'), { key: 'Enter', ctrlKey: true });
    await waitFor(() => expect(world().answer?.journey.probe).toEqual({ from: 'pod/default/web', to: 'service/default/api', port: 80, protocol: 'tcp' }));
  });

  test('an address that is nobody here can be asked for as it was typed', () => {
    render(<RequestBar />);
    fireEvent.change(field('To'), { target: { value: '192.0.2.80' } });
    const options = screen.getAllByRole('option');
    expect(options.at(-1)?.textContent).toContain('192.0.2.80');
    fireEvent.click(options.at(-1)!);
    expect(world().request.to).toMatch(/192\.0\.2\.80|host\/internet/);
  });

  test('Esc leaves the field as it was', () => {
    render(<RequestBar />);
    fireEvent.change(field('From'), { target: { value: 'api' } });
    fireEvent.keyDown(field('From'), { key: 'Escape' });
    expect([screen.queryAllByRole('option'), field('From').value, world().request.from]).toEqual([[], '', '']);
  });

  test('Enter in an opened list of which nothing was typed changes nothing, even a URL that is no choice of it', async () => {
    render(<RequestBar />);
    await act(async () => world().actions.setRequest({ from: 'pod/default/web', to: 'http://shop.example/cart' }));
    fireEvent.click(field('To'));
    fireEvent.keyDown(field('To'), { key: 'Enter' });
    expect([screen.queryAllByRole('option'), world().request.to]).toEqual([[], 'http://shop.example/cart']);
  });

  test('the arrows enter the list of a field whose value is no choice at its first and at its last', async () => {
    render(<RequestBar />);
    await act(async () => world().actions.setRequest({ to: 'http://shop.example/cart' }));
    const chosen = (): number => screen.getAllByRole('option').findIndex((option) => option.getAttribute('aria-selected') === 'true');
    fireEvent.click(field('To'));
    fireEvent.keyDown(field('To'), { key: 'ArrowDown' });
    expect(chosen()).toBe(0);
    fireEvent.keyDown(field('To'), { key: 'Escape' });
    fireEvent.click(field('To'));
    fireEvent.keyDown(field('To'), { key: 'ArrowUp' });
    expect(chosen()).toBe(screen.getAllByRole('option').length - 1);
  });

  test('a port that is not offered can be typed', async () => {
    render(<RequestBar />);
    await act(async () => world().actions.setRequest({ from: 'pod/default/web', to: 'service/default/api' }));
    fireEvent.change(field('Port and protocol'), { target: { value: '81' } });
    fireEvent.keyDown(field('Port and protocol'), { key: 'Enter' });
    expect([world().request.port, world().request.protocol]).toEqual([81, 'tcp']);
    fireEvent.change(field('Port and protocol'), { target: { value: 'ping' } });
    fireEvent.keyDown(field('Port and protocol'), { key: 'Enter' });
    expect([world().request.port, world().request.protocol]).toEqual([null, 'icmp']);
  });
});

describe('the outline', () => {
  const row = (name: RegExp): HTMLElement => screen.getByRole('treeitem', { name });
  const press = (key: string): void => void fireEvent.keyDown(document.activeElement!, { key });

  test('is one tab stop; arrows walk it, left and right close and open', () => {
    render(<Outline />);
    expect(screen.getAllByRole('treeitem').filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
    act(() => row(/^Node a/).focus());
    press('ArrowDown');
    expect(document.activeElement?.textContent).toBe('api-1');
    press('ArrowLeft');
    expect(document.activeElement?.textContent).toBe('Node a');
    press('ArrowLeft');
    expect(screen.queryByRole('treeitem', { name: /^api-1/ })).toBeNull();
    press('ArrowRight');
    expect(row(/^api-1/)).not.toBeNull();
    press('End');
    expect(document.activeElement?.textContent).toBe('Internet');
  });

  test('S and D name source and destination, unless single keys are off', () => {
    render(<Outline />);
    act(() => row(/^web/).focus());
    press('ArrowDown');
    press('ArrowUp');
    press('s');
    expect(world().request.from).not.toBe('');
    act(() => usePreferences.setState({ singleKeys: false }));
    press('d');
    expect(world().request.to).toBe('');
  });
});

describe('the trace', () => {
  test('lists every step in order and marks the one the packet is at', async () => {
    render(<TracePanel />);
    await ask();
    act(() => usePlayback.getState().seek(0));
    const steps = within(screen.getByRole('list', { name: 'Steps' })).getAllByRole('listitem');
    expect(steps.length).toBe(world().timeline?.moments.length);
    expect(steps.filter((step) => step.getAttribute('aria-current') === 'step')).toHaveLength(1);
    fireEvent.click(within(steps[3]!).getByRole('button'));
    expect(usePlayback.getState().moment).toBe(3);
  });

  test('at the rewrite shows the rule, why it is there, and the way to the line', async () => {
    render(<TracePanel />);
    await ask();
    const rewrite = world().timeline!.moments.find(({ kind }) => kind === 'rewrite')!;
    act(() => usePlayback.getState().seek(rewrite.index));
    const current = screen.getByRole('listitem', { current: 'step' });
    expect(current.querySelector('.rule')?.textContent).toContain('--to-destination');
    expect(current.querySelector('s')?.textContent).toContain(':80');
    fireEvent.click(within(current).getByRole('button'));
    await waitFor(() => expect([world().lit?.file, useLayout.getState().drawerOpen]).toEqual(['shop.yaml', true]));
  });

  test('a click on a branch plays that one', async () => {
    render(<TracePanel />);
    await ask();
    fireEvent.click(within(screen.getByRole('group', { name: 'Branches' })).getAllByRole('button')[1]!);
    expect([world().branch, usePlayback.getState().moment]).toEqual([1, 0]);
  });

  test('a selected thing is inspected, and Esc goes back', async () => {
    render(<><Keys /><TracePanel /></>);
    act(() => world().actions.select({ kind: 'thing', id: 'service/default/api' }));
    expect(screen.getByRole('complementary').textContent).toContain('kubectl get endpointslices -n default');
    fireEvent.keyDown(window, { key: 'Escape' });
    // the first Esc ends choosing, which opening began
    fireEvent.keyDown(window, { key: 'Escape' });
    expect(world().selection).toBeNull();
  });
});

describe('keys', () => {
  test('step, play and send from anywhere but a text field', async () => {
    render(<><Keys /><RequestBar /><Dock /></>);
    await act(async () => world().actions.setRequest({ from: 'pod/default/web', to: 'service/default/api', port: 80 }));
    fireEvent.keyDown(screen.getByRole('combobox', { name: 'To' }), { key: 'Enter', ctrlKey: true });
    await waitFor(() => expect(world().answer).not.toBeNull());
    act(() => {
      usePlayback.getState().pause();
      usePlayback.getState().seek(2);
    });
    fireEvent.keyDown(document.body, { key: 'ArrowRight' });
    expect(usePlayback.getState().moment).toBe(3);
    fireEvent.keyDown(screen.getByRole('combobox', { name: 'To' }), { key: 'ArrowLeft' });
    expect(usePlayback.getState().moment).toBe(3);
    act(() => usePreferences.setState({ singleKeys: false }));
    fireEvent.keyDown(document.body, { key: 'p' });
    expect(usePlayback.getState().status).not.toBe('playing');
  });

  test('the slider says where the packet is', async () => {
    render(<Dock />);
    await ask();
    act(() => usePlayback.getState().seek(1));
    const slider = screen.getByRole('slider', { name: 'Step' });
    expect(slider.getAttribute('aria-valuetext')).toMatch(/^Step 2 of \d+, /);
    fireEvent.keyDown(slider, { key: 'PageDown' });
    expect(usePlayback.getState().moment).toBe(world().timeline!.marks.find(({ moment }) => moment > 1)!.moment);
  });
});

test('the verdict is told once, at the end', async () => {
  render(<LiveRegions />);
  await ask();
  expect(screen.getByRole('alert').textContent).toBe('');
  act(() => usePlayback.getState().last());
  await waitFor(() => expect(usePlayback.getState().status).toBe('ended'));
  expect(screen.getByRole('alert').textContent).toMatch(/^Delivered\. web → api:80\. /);
});

test('the palette finds a pod and a command', () => {
  // jsdom lays nothing out
  Object.assign(Element.prototype, { scrollIntoView: () => {} });
  render(<Palette />);
  fireEvent.change(screen.getByPlaceholderText(/A command/), { target: { value: 'api-2' } });
  fireEvent.click(screen.getByText('api-2'));
  expect(world().selection).toEqual({ kind: 'thing', id: 'pod/default/api-2' });
});

test('the preview counts what is ready and names each problem with its place', async () => {
  await act(() => world().actions.offer({ documents: [{ name: 'x.yaml', text: `${pod('db', 'c')}---\napiVersion: v1\nkind: Service\nmetadata: { name: x }\nspec: { ports: [{ port: 99999 }] }\n` }], title: 'x.yaml' }));
  render(<PreviewDialog incoming={world().incoming!} />);
  const text = screen.getByRole('dialog').textContent;
  expect(text).toMatch(/\d objects? ready/);
  expect(text).toMatch(/x\.yaml:\d+:\d+/);
});
