import type { Clock } from '../core/clock.ts';

/**
 * The machine's own time. A timer that is due calls back only after what else was due: when the process was held up for
 * long (a blocking tool, a laptop asleep), an answer that is there is not taken for late.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(ms, fn, isBackground = false) {
    let behind: NodeJS.Immediate | undefined;
    const wait = (): void => {
      behind = setImmediate(fn);
    };
    const timer = setTimeout(wait, Math.min(ms, 2 ** 31 - 1));
    if (isBackground) timer.unref();
    return () => {
      clearTimeout(timer);
      if (behind !== undefined) clearImmediate(behind);
    };
  },
};
