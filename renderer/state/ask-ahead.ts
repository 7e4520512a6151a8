import { rehearse } from './rehearse.ts';
import { isComplete, toProbe } from './request-words.ts';
import { currentHost, useWorld } from './use-world.ts';
import type { WorldStore } from './world-store.ts';

/** ms of quiet before the engine is asked. */
const quiet = 150;

/** Whether what stands in the bar could be sent as it is, and nothing was asked of this cluster yet. */
const isReady = ({ opened, opening, asking, answer, request }: WorldStore): boolean => opened !== null && !opening && !asking && answer === null && request.port !== null && isComplete(request);

/**
 * Asks the question that stands ready in the bar before it is sent: the engine then has built the rules that it needs, and Send is
 * answered at once, and this thread has gone through drawing it. The answer is not kept, and the question is no moment of the timeline: what is shown is what was asked at Send.
 * Returns the way to stop.
 */
export function askAhead(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const leave = useWorld.subscribe((now, before) => {
    if (now.request === before.request && now.opened === before.opened && now.answer === before.answer) return;
    clearTimeout(timer);
    if (!isReady(now)) return;
    timer = setTimeout(() => {
      const { request, opened } = useWorld.getState();
      if (!isReady(useWorld.getState()) || opened === null) return;
      // a question that cannot be asked says so when it is sent
      currentHost().engine.ask({ probe: toProbe(request) }).then((answer) => rehearse(answer, opened.cluster), () => {});
    }, quiet);
  });
  return () => {
    clearTimeout(timer);
    leave();
  };
}
