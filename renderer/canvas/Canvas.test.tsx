import { act, fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { usePlayback } from '../playback/playback.ts';
import { resetWorld, useWorld } from '../state/use-world.ts';
import { buildTimeline } from '../scene/timeline.ts';
import { recordedAnswer, recordedOpened } from '../testing/fixture.ts';
import { pictureCluster, wideCluster } from '../testing/fixture-cluster.ts';
import { Canvas } from './Canvas.tsx';

const answer = recordedAnswer();

/** jsdom has no 2D canvas; the packets are tested as data in PacketLayer.test.ts. */
beforeEach(() => {
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
  usePlayback.getState().load(null);
  resetWorld();
});

function open(cluster = pictureCluster()): void {
  useWorld.setState({ opened: recordedOpened(cluster), opening: false });
  render(<Canvas />);
}

function send(branch = 1): void {
  const timeline = buildTimeline(answer.journey, branch, answer.glossary);
  act(() => {
    usePlayback.getState().load(timeline);
    useWorld.setState({ answer, branch, timeline });
  });
}

const seek = (kind: string): void => act(() => {
  const { timeline, seek: go } = usePlayback.getState();
  go(timeline!.moments.findIndex((m) => m.kind === kind));
});
const thing = (name: string): HTMLElement => screen.getByRole('button', { name });
const web1 = 'Pod web-1, node a, ready, 10.244.1.12';
const api2 = 'Pod api-2, node b, ready, 10.244.2.21, under a policy';

test('nothing open: the picture in hairlines and what to do', () => {
  render(<Canvas />);
  expect(screen.getByText('Open a scenario, or drop manifests here.')).toBeTruthy();
});

describe('an open cluster', () => {
  test('every pod, node, Service and outside machine is a button with its words', () => {
    open();
    const names = screen.getAllByRole('button').map((b) => b.getAttribute('aria-label'));
    expect(names).toEqual(expect.arrayContaining([web1, api2, 'Pod web-3, node c, not ready, 10.244.3.16', 'Node a, ready, 192.168.56.11, 3 pods', 'Service api, ClusterIP, 10.96.14.7:80', 'Client internet, outside, 203.0.113.10']));
  });
  test('all things share one tab stop, and arrows move it by geometry', () => {
    open();
    const stops = (): (string | null)[] => screen.getAllByRole('button').filter((b) => b.tabIndex === 0 && b.dataset['thing'] !== undefined).map((b) => b.getAttribute('aria-label'));
    expect(stops().length).toBe(1);
    act(() => thing(api2).focus());
    fireEvent.keyDown(thing(api2), { key: 'ArrowDown' });
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Pod web-2, node b, ready, 10.244.2.15');
    expect(stops()).toEqual(['Pod web-2, node b, ready, 10.244.2.15']);
    fireEvent.keyDown(document.activeElement!, { key: 'Home' });
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Service api, ClusterIP, 10.96.14.7:80');
  });
  test('S and D on a focused thing name source and destination, and the things say so', () => {
    open();
    fireEvent.keyDown(thing(web1), { key: 's' });
    fireEvent.keyDown(thing(api2), { key: 'D' });
    expect([useWorld.getState().request.from, useWorld.getState().request.to]).toEqual(['pod/shop/web-1', 'pod/shop/api-2']);
    expect([thing(web1).dataset['chosen'], thing(api2).dataset['chosen']]).toEqual(['source', 'destination']);
  });
  test('a click does what is being chosen; shift-click is the destination', () => {
    open();
    act(() => useWorld.setState({ choosing: 'source' }));
    fireEvent.click(thing(web1));
    fireEvent.click(thing(api2), { shiftKey: true });
    expect([useWorld.getState().request.from, useWorld.getState().request.to]).toEqual(['pod/shop/web-1', 'pod/shop/api-2']);
  });
  test('a count unfolds to all pods of its row, and folds again', () => {
    open(wideCluster(3, 24));
    const pods = (): number => screen.getAllByRole('button').filter((b) => b.getAttribute('aria-label')?.startsWith('Pod ') === true).length;
    expect(pods()).toBe(9);
    fireEvent.click(screen.getAllByRole('button', { name: 'Show 5 more pods' })[0]!);
    expect(pods()).toBe(14);
    fireEvent.click(screen.getByRole('button', { name: 'Show fewer pods' }));
    expect(pods()).toBe(9);
  });
});

describe('a request on stage', () => {
  test('what no branch touches steps back, but not while choosing', () => {
    open();
    send();
    const coredns = 'Pod coredns-1, node a, ready, 10.244.1.2';
    expect([thing(coredns).dataset['off'], thing(api2).dataset['off'], thing('Service api, ClusterIP, 10.96.14.7:80').dataset['lit']]).toEqual(['', undefined, '']);
    act(() => useWorld.setState({ choosing: 'source' }));
    expect(thing(coredns).dataset['off']).toBeUndefined();
  });
  test('the header is rewritten for all to see: the old address struck through, the new one lit', () => {
    open();
    send();
    seek('rewrite');
    expect([document.querySelector('.header-card s')?.textContent, document.querySelector('.header-card .lit')?.textContent]).toEqual(['10.96.14.7:80', '10.244.2.21:8080']);
  });
  test('odds stand beside every end', () => {
    open();
    send();
    expect([...document.querySelectorAll('.ticket')].map((t) => t.textContent)).toEqual(['1/3', '1/3', '1/3']);
  });
  test('the fate is a word and an icon at the pod, only once it is known', () => {
    open();
    send();
    expect(thing(api2).textContent).not.toContain('Delivered');
    seek('fate');
    expect(thing(api2).textContent).toContain('Delivered');
    expect(document.querySelector('[data-line="fated"]')?.getAttribute('d')).toMatch(/^M/);
  });
});
