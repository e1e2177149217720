import type { RateFact } from '../../core/facts.ts';
import type { CompiledLimits } from '../compiled-limits.ts';
import type { LimitCall } from '../limiter.ts';
import { BoundedCounters } from './bounded-counters.ts';
import { RateWindows } from './rate-windows.ts';
import { RecentCalls } from './recent-calls.ts';
import type { SlidingWindow } from './sliding-window.ts';

const RECENT_MS = 305_000;

/** The rate windows and the recent calls of one process, and the clock that they go by. */
export class ProcessWindows {
  readonly #clock: () => number;
  #last = 0;
  readonly #rates: RateWindows;
  readonly #recent: BoundedCounters<RecentCalls>;

  /** `clock` gives milliseconds, of which only the steps forward count. At most `maxNames` names in each group. */
  constructor(clock: () => number, maxNames: number) {
    this.#clock = clock;
    this.#rates = new RateWindows(maxNames);
    this.#recent = new BoundedCounters({
      max: maxNames,
      make: () => new RecentCalls(),
      idle: (_calls, at, touched) => at - touched > RECENT_MS,
      eager: true,
    });
  }

  /** Counters in memory. For tests of flat memory. */
  get size(): number {
    return this.#rates.size + this.#recent.size;
  }

  /** Never goes back, and stands still while the clock is out of its mind: then windows stay full, not empty. */
  now(): number {
    const now = this.#clock();
    if (now > this.#last && now < Number.POSITIVE_INFINITY) this.#last = now;
    return this.#last;
  }

  configure(rates: CompiledLimits['rates']): void {
    this.#rates.configure(rates);
  }

  /** Every rate window that covers a call, as it stands. */
  rates(call: LimitCall, now: number): readonly RateFact[] {
    return this.#rates.facts(call, now);
  }

  /** Calls of an agent in the last five minutes; never fewer than there were. */
  rateLast5Min(agentId: string, now: number): number {
    return this.#recent.peek(agentId, now)?.count(now) ?? 0;
  }

  /** The first window that covers a call and has no room for it. */
  full(call: LimitCall, now: number): RateFact | undefined {
    return this.#rates.full(call, now);
  }

  /** Counts a call everywhere. */
  add(call: LimitCall, now: number): CountedCall {
    const windows = this.#rates.add(call, now);
    const recent = this.#recent.open(call.agentId, now);
    recent.add(now);
    return new CountedCall(windows, recent, now);
  }
}

/** Where a call was counted, so that it can be taken back. */
export class CountedCall {
  readonly #windows: readonly SlidingWindow[];
  readonly #recent: RecentCalls;
  readonly #at: number;

  constructor(windows: readonly SlidingWindow[], recent: RecentCalls, at: number) {
    this.#windows = windows;
    this.#recent = recent;
    this.#at = at;
  }

  /** Takes the call back. To be called once. */
  undo(): void {
    for (const window of this.#windows) window.remove(this.#at);
    this.#recent.remove(this.#at);
  }
}
