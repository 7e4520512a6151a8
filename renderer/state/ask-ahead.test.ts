import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { recordedAnswer, recordedOpened } from '../testing/fixture.ts';
import { askAhead } from './ask-ahead.ts';
import { attachHost, resetWorld, useWorld } from './use-world.ts';
import { emptyRequest } from './world-store.ts';

type Host = Parameters<typeof attachHost>[0];
const ask = vi.fn<Host['engine']['ask']>(async () => recordedAnswer());
const ready = { from: 'pod/shop/web-1', to: 'service/shop/api', port: 80, protocol: 'tcp' } as const;
let stop = (): void => {};

beforeEach(() => {
  vi.useFakeTimers();
  ask.mockClear();
  resetWorld();
  attachHost({ engine: { ask }, onNotice: () => () => {} } as unknown as Host);
  stop = askAhead();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

test('a question that stands ready is asked once it is quiet, not as a moment of the timeline, and nothing of it is shown', async () => {
  useWorld.setState({ opened: recordedOpened(), request: { ...ready, port: 8080 } });
  useWorld.setState({ request: ready });
  await vi.runAllTimersAsync();
  expect(ask.mock.calls).toEqual([[{ probe: { from: 'pod/shop/web-1', to: 'service/shop/api', port: 80, protocol: 'tcp' } }]]);
  expect(useWorld.getState()).toMatchObject({ answer: null, timeline: null, packets: [] });
});

test('nothing is asked of a bar that is not filled in, nor again while an answer is on stage', async () => {
  useWorld.setState({ opened: recordedOpened(), request: { ...emptyRequest, from: 'pod/shop/web-1' } });
  useWorld.setState({ request: ready, answer: recordedAnswer() });
  await vi.runAllTimersAsync();
  expect(ask).not.toHaveBeenCalled();
});
