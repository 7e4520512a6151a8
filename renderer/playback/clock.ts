/** Longest step a frame may take, in ms: a window that was hidden goes on where it stood instead of leaping. */
const longestFrame = 100;

export interface Clock {
  /** Calls `tick` with the ms since the last frame, every frame, until it answers false or `stop` is called. */
  run(tick: (elapsed: number) => boolean): void;
  stop(): void;
}

/** The only real clock of the product: the screen's frames. Nothing runs while nothing moves. */
export function createFrameClock(): Clock {
  let handle: number | null = null;
  let before: number | null = null;
  const stop = (): void => {
    if (handle !== null) cancelAnimationFrame(handle);
    handle = null;
    before = null;
  };
  const run = (tick: (elapsed: number) => boolean): void => {
    stop();
    const frame = (now: number): void => {
      const elapsed = before === null ? 0 : Math.min(longestFrame, now - before);
      before = now;
      handle = requestAnimationFrame(frame);
      if (!tick(elapsed)) stop();
    };
    handle = requestAnimationFrame(frame);
  };
  return { run, stop };
}
