import type { RecordDraft } from '../../core/chain.ts';
import type { Clock } from '../../core/clock.ts';
import { isBusy } from './failure.ts';
import type { Drafts, Written } from './journal-table.ts';

/** Most records of one batch, and most bytes of their bodies. */
const MAX_DRAFTS = 256;
const MAX_BYTES = 1024 * 1024;
/** How long an append is tried again while another process holds the database locked, and how often. Milliseconds. */
const BUSY_MS = 2_000;
const RETRY_MS = 25;

interface Waiting {
  readonly drafts: Drafts;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  /** Once the clock shows this it is told that the database is locked. */
  readonly until: number;
}

/**
 * Writes appends in one transaction, until so many bytes of bodies are written. Throws when it takes none of them;
 * with `shortly` soon where another process holds the database locked.
 */
export type WriteBatch = (appends: readonly Drafts[], maxBytes: number, shortly: boolean) => Written;

/** Gathers with records that wait: they are written when the process exits without waiting for them. */
const waitingAtExit = new Set<Gather>();
let watchesExit = false;

/**
 * Gathers the appends of one turn of the event loop, and writes them together when it ends: one transaction for all of
 * them costs little more than one for each. They are written in the order in which they came. While another process
 * holds the database locked they are tried again by a timer, so that the process does other things meanwhile.
 */
export class Gather {
  readonly #write: WriteBatch;
  readonly #clock: Clock;
  #queue: Waiting[] = [];
  /** Takes back the next attempt that is due. */
  #takeBack: (() => void) | undefined;
  #isEnding = false;

  constructor(write: WriteBatch, clock: Clock) {
    this.#write = write;
    this.#clock = clock;
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** True while a record of this action waits to be written. */
  holds(actionId: string): boolean {
    return this.#queue.some(({ drafts }) => drafts.some((draft) => draft.actionId === actionId));
  }

  /** Resolves once the drafts are committed; rejects when they are not written, none of them. */
  add(drafts: readonly RecordDraft[]): Promise<void> {
    return new Promise((resolve, reject) => this.#add(drafts, resolve, reject));
  }

  /**
   * The same where nobody waits. Without a promise: a program that never lets go of its turn would keep one for every
   * record that it ever wrote.
   */
  addBehind(drafts: readonly RecordDraft[], told: (error?: unknown) => void): void {
    this.#add(drafts, told, (error) => told(error ?? new Error('The record was not written.')));
  }

  #add(drafts: readonly RecordDraft[], resolve: () => void, reject: (error: unknown) => void): void {
    this.#queue.push({ drafts, resolve, reject, until: this.#clock.monotonic() + BUSY_MS });
    this.#schedule(false);
  }

  /**
   * Writes what waits and these drafts, in this order and together. Throws when these are not written; what waited may
   * then wait on.
   */
  writeWith(drafts: readonly RecordDraft[]): void {
    let threw: { readonly error: unknown } | undefined;
    const reject = (error: unknown): void => {
      threw = { error };
    };
    this.#queue.push({ drafts, resolve: () => undefined, reject, until: Number.NEGATIVE_INFINITY });
    this.flush();
    if (threw !== undefined) throw threw.error;
  }

  /** Writes what waits, now; where the database is locked it waits on. Never throws: whoever waits is told. */
  flush(): void {
    let isLocked = false;
    while (this.#queue.length > 0 && !isLocked) isLocked = this.#writeBatch(false);
    this.#takeBack?.();
    this.#takeBack = undefined;
    if (this.#queue.length > 0) this.#schedule(true);
    else waitingAtExit.delete(this);
  }

  /** The same for the last time: nothing waits on. */
  end(): void {
    this.#isEnding = true;
    this.flush();
  }

  /** Has the next batch written in a later turn of the event loop: the next one, or after a while. */
  #schedule(later: boolean): void {
    waitingAtExit.add(this);
    watchExit();
    if (this.#takeBack !== undefined) return;
    const run = (): void => {
      this.#takeBack = undefined;
      // One batch a turn: between two of them the process does other things.
      const isLocked = this.#writeBatch(true);
      if (this.#queue.length > 0) this.#schedule(isLocked);
      else waitingAtExit.delete(this);
    };
    if (later) {
      this.#takeBack = this.#clock.setTimer(RETRY_MS, run);
      return;
    }
    const immediate = setImmediate(run);
    this.#takeBack = () => clearImmediate(immediate);
  }

  /** Writes one batch. True where the database is locked: what has time left waits on. */
  #writeBatch(shortly: boolean): boolean {
    const batch = this.#nextBatch();
    if (batch.length === 0) return false;
    try {
      const { taken, failures } = this.#write(
        batch.map(({ drafts }) => drafts),
        MAX_BYTES,
        shortly,
      );
      this.#queue = this.#queue.slice(taken);
      for (const [index, { resolve, reject }] of batch.slice(0, taken).entries()) {
        if (failures.has(index)) reject(failures.get(index));
        else resolve();
      }
      return false;
    } catch (error) {
      const isLocked = isBusy(error);
      const left = new Set(isLocked ? this.#late() : batch);
      this.#queue = this.#queue.filter((waiting) => !left.has(waiting));
      for (const { reject } of left) reject(error);
      return isLocked;
    }
  }

  /** Those that have waited long enough for a lock. */
  #late(): Waiting[] {
    const now = this.#clock.monotonic();
    return this.#queue.filter(({ until }) => this.#isEnding || !(now < until));
  }

  #nextBatch(): Waiting[] {
    let drafts = 0;
    let count = 0;
    for (const waiting of this.#queue) {
      if (count > 0 && drafts + waiting.drafts.length > MAX_DRAFTS) break;
      drafts += waiting.drafts.length;
      count++;
    }
    return this.#queue.slice(0, count);
  }
}

/** `process.exit()` runs nothing of what is due later, but its listeners. */
function watchExit(): void {
  if (watchesExit) return;
  watchesExit = true;
  process.on('exit', () => {
    for (const gather of waitingAtExit) gather.end();
  });
}
