import type { Approval } from '../../core/approval.ts';
import { type Awaitable, isThenable } from '../../core/awaitable.ts';
import type { Clock } from '../../core/clock.ts';
import { ApprovalError } from '../../core/errors.ts';
import { after } from './after.ts';
import { hearOf, type Waiting } from './news.ts';
import { unknownRequest } from './refusal.ts';
import type { Unanswered } from './requests.ts';

/** How often news of other processes are looked for. Two looks and a decision fit into 250 ms. */
const POLL_MS = 100;
/** How long the store may take to end a request whose time is over; the call that waits then goes on without it. */
const GRACE_MS = 1_000;
/** How long an answer of the store is waited for before it is asked again. */
const PATIENCE_MS = 5_000;

/** What {@link Waits} is built on. */
export interface WaitsOptions {
  readonly clock: Clock;
  /** Changes whenever another process changed something. */
  readonly version: () => Awaitable<number>;
  /** A request as it can be relied on. */
  readonly read: (id: string) => Awaitable<Approval | undefined>;
  /** Ends a request that nobody decided on; answers what it is then, which may be decided after all. */
  readonly end: (id: string, as: Unanswered) => Awaitable<Approval | undefined>;
  /** Whether a request's time is over by the clocks that are no one process's. */
  readonly isOverdue: (approval: Approval) => boolean;
}

/** How long, and until when, a request is waited for. */
export interface WaitLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** One call that waits. */
interface Wait extends Waiting {
  readonly id: string;
  readonly deadline: number;
  /** The request as it was read last. */
  known: Approval | undefined;
  isEnding: boolean;
  readonly settle: (approval: Approval) => void;
  readonly fail: (error: unknown) => void;
  /** Undone when the wait is over. */
  readonly ties: (() => void)[];
}

/**
 * The calls of one queue that wait. They are told at once of what this process decides; for the rest there is one timer
 * for all of them, and none when nobody waits. A store that fails is asked again; the deadline holds whatever it does.
 */
export class Waits {
  readonly #options: WaitsOptions;
  readonly #waits = new Set<Wait>();
  /** The store's, when everything was read last; `undefined` where something was not. */
  #version: number | undefined;
  /** When the store was asked for its version, by the monotonic clock; `null` when it has answered. */
  #asked: number | null = null;
  /** When the store is looked at next, by the monotonic clock. */
  #nextLook = 0;
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(options: WaitsOptions) {
    this.#options = options;
  }

  /** Resolves once the request is not pending any more; rejects when it is not there, or the queue is closed. */
  wait(id: string, expiresAt: Date, { timeoutMs, signal }: WaitLimits): Promise<Approval> {
    if (this.#isClosed) return Promise.reject(closedError(id));
    return new Promise((resolve, reject) => {
      const { clock } = this.#options;
      const deadline = clock.monotonic() + timeoutMs;
      const isOver = (): boolean => !(clock.monotonic() < deadline);
      const wait: Wait = {
        id,
        deadline,
        known: undefined,
        isEnding: false,
        ties: [],
        isOver,
        look: () => this.#look(wait),
        settle: (approval) => this.#leave(wait) && resolve(approval),
        fail: (error) => this.#leave(wait) && reject(error),
      };
      if (this.#waits.size === 0) this.#nextLook = clock.monotonic() + POLL_MS;
      this.#waits.add(wait);
      wait.ties.push(hearOf(id, wait));
      const abort = (): void => this.#end(wait, 'cancelled');
      signal?.addEventListener('abort', abort, { once: true });
      wait.ties.push(() => signal?.removeEventListener('abort', abort));
      this.#look(wait);
      if (signal?.aborted === true) abort();
      else if (isOver() || !(clock.now() < expiresAt.getTime())) this.#end(wait, 'expired');
      this.#setTimer();
    });
  }

  /** Ends all waits; their requests stay as they are. */
  close(): void {
    this.#isClosed = true;
    for (const wait of [...this.#waits]) wait.fail(closedError(wait.id));
  }

  /** False where it was left before. */
  #leave(wait: Wait): boolean {
    if (!this.#waits.delete(wait)) return false;
    for (const untie of wait.ties) untie();
    if (this.#waits.size === 0) this.#setTimer();
    return true;
  }

  #look(wait: Wait): void {
    const failed = (): void => {
      this.#version = undefined;
    };
    try {
      const read = after(this.#options.read(wait.id), (approval) => this.#see(wait, approval));
      if (isThenable(read)) read.then(undefined, failed);
    } catch {
      failed();
    }
  }

  #see(wait: Wait, approval: Approval | undefined): void {
    if (approval === undefined) wait.fail(unknownRequest(wait.id));
    else if (approval.state !== 'pending') wait.settle(approval);
    else wait.known = approval;
  }

  #end(wait: Wait, as: Unanswered): void {
    if (wait.isEnding || !this.#waits.has(wait)) return;
    wait.isEnding = true;
    const { known } = wait;
    // Without an answer of the store, nobody approved.
    const giveUp = (error: unknown): void =>
      known === undefined ? wait.fail(error) : wait.settle({ ...known, state: as, shown: null });
    const seen = (ended: Approval | undefined): void =>
      ended === undefined ? wait.fail(unknownRequest(wait.id)) : wait.settle(ended);
    try {
      const ended = this.#options.end(wait.id, as);
      if (isThenable(ended)) {
        const late = (): void => giveUp(new Error('The store gave no answer.'));
        wait.ties.push(this.#options.clock.setTimer(GRACE_MS, late));
        (ended as Promise<Approval | undefined>).then(seen, giveUp);
      } else seen(ended);
    } catch (error) {
      giveUp(error);
    }
  }

  #tick(): void {
    this.#nextLook = this.#options.clock.monotonic() + POLL_MS;
    for (const wait of [...this.#waits]) {
      const { known } = wait;
      if (wait.isOver() || (known !== undefined && this.#options.isOverdue(known)))
        this.#end(wait, 'expired');
    }
    if (this.#waits.size > 0) this.#poll();
    this.#setTimer();
  }

  #poll(): void {
    const now = this.#options.clock.monotonic();
    if (this.#asked !== null && now - this.#asked < PATIENCE_MS) return;
    this.#asked = now;
    const failed = (): void => {
      this.#asked = null;
    };
    try {
      const answer = after(this.#options.version(), (version) => this.#compare(version));
      if (isThenable(answer)) answer.then(undefined, failed);
    } catch {
      failed();
    }
  }

  #compare(version: number): void {
    this.#asked = null;
    if (version === this.#version) return;
    this.#version = version;
    for (const wait of [...this.#waits]) this.#look(wait);
  }

  /** One timer, for the next look or the first deadline, while anybody waits. */
  #setTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#waits.size === 0) {
      this.#version = undefined;
      this.#asked = null;
      return;
    }
    const now = this.#options.clock.monotonic();
    // Not put off by others that begin to wait.
    let ms = this.#nextLook - now;
    for (const { deadline, isEnding } of this.#waits) if (!isEnding) ms = Math.min(ms, deadline - now);
    this.#cancelTimer = this.#options.clock.setTimer(Math.max(0, ms), () => this.#tick());
  }
}

function closedError(id: string): ApprovalError {
  const message = `The guard was closed while its call waited for the approval ${id}.`;
  return new ApprovalError(message, { approvalId: id, problem: 'closed' });
}
