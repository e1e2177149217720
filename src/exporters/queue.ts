import { systemClock } from '../call/system-clock.ts';
import type { Clock } from '../core/clock.ts';
import type { AuditEntry } from '../core/entry.ts';
import type { ExporterCounts } from '../core/exporter-counts.ts';
import { pauseMs } from '../webhook/retry.ts';
import { Backlog } from './backlog.ts';
import type { Delivery } from './delivery.ts';

/** How many entries wait at most; of more the oldest go. */
const MAX_WAITING = 10_000;
const MAX_BATCH = 500;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** How long the first entry of a batch waits for others. */
const LINGER_MS = 1_000;
/** The longest pause between two attempts, unless the receiver asks for more. */
const LONGEST_PAUSE_MS = 30_000;
/** How long `flush` and `close` wait; less than the guard waits for them. */
const FLUSH_MS = 4_000;
/** While somebody waits, an attempt is made at least as often. */
const FLUSHING_PAUSE_MS = 1_000;

/** What every exporter takes, beside its own options. */
export interface QueueSettings {
  /** Entries that wait at most while the receiver is down; of more the oldest are dropped. Default 10,000 (and 32 MB). */
  readonly maxWaiting?: number | undefined;
  /** Time, for tests. Default: the machine's. */
  readonly clock?: Clock | undefined;
}

/** How a queue delivers. */
export interface QueueOptions<P> extends QueueSettings {
  /** In metrics and warnings. */
  readonly name: string;
  /** Where to, in the words of a warning: without path, query and user, which may be secret. */
  readonly target: string;
  /** Makes of an entry what is sent, a text as a rule. Throws for one that cannot be; `null` leaves it out. */
  readonly encode: (entry: AuditEntry) => P | null;
  /** Delivers one batch, oldest first. Never called again before it has settled. */
  readonly send: (batch: readonly P[], signal: AbortSignal) => Promise<Delivery>;
  readonly maxBatch?: number | undefined;
  /** Bytes of a batch of texts, in UTF-8 with one byte between them; a single one may be longer. */
  readonly maxBatchBytes?: number | undefined;
  readonly lingerMs?: number | undefined;
  /** 0 to 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Told once in an outage. Never throws. Default: a process warning. */
  readonly warn?: ((message: string) => void) | undefined;
}

/**
 * Entries on their way to one receiver, oldest first, one batch after the other. `push` answers at once and never throws;
 * entries are written down and sent in the background. A batch is tried again until it gets through; meanwhile the oldest
 * entries go where too many wait. Nothing in here keeps the process alive but a `flush` or `close` that is waited for.
 */
export class ExportQueue<P> {
  readonly #options: QueueOptions<P>;
  readonly #clock: Clock;
  readonly #maxBatch: number;
  readonly #maxWaiting: number;
  readonly #backlog: Backlog<P>;
  /** Entries in the next batch at most: less than usual while the receiver rejects batches. */
  #batchSize: number;
  #failedInARow = 0;
  #isTold = false;
  #cancelTimer: () => void = () => undefined;
  /** When the timer fires; `null` while none is set. */
  #wakesAt: number | null = null;
  /** Whether the timer is a pause behind a failure. */
  #isResting = false;
  #isRunning = false;
  /** What the receiver asked for with `Retry-After`; as the monotonic clock counts. */
  #notBefore = Number.NEGATIVE_INFINITY;
  /** How many wait for a flush. */
  #flushing = 0;
  #flushedInVain = false;
  readonly #onSettled = new Set<() => void>();
  readonly #closing = new AbortController();
  #closed: Promise<void> | undefined;
  #accepted = 0;
  #delivered = 0;
  #failures = 0;

  constructor(options: QueueOptions<P>) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#maxBatch = options.maxBatch ?? MAX_BATCH;
    this.#maxWaiting = options.maxWaiting ?? MAX_WAITING;
    this.#batchSize = this.#maxBatch;
    this.#backlog = new Backlog({
      maxWaiting: this.#maxWaiting,
      encode: options.encode,
      lost: (why) => this.#tell(why),
    });
  }

  get counts(): ExporterCounts {
    const { dropped, rejected, size } = this.#backlog;
    return { delivered: this.#delivered, dropped, rejected, failures: this.#failures, waiting: size };
  }

  push(entry: AuditEntry): void {
    this.#accepted++;
    if (this.#closing.signal.aborted) {
      this.#backlog.dropped++;
      return;
    }
    this.#flushedInVain = false;
    this.#backlog.push(entry);
    this.#schedule();
  }

  /** Tries at once, and resolves when all that was handed over so far is delivered or lost, or after 4 s. Never rejects. */
  async flush(): Promise<void> {
    const upTo = this.#accepted;
    if (this.#settled >= upTo) return;
    this.#flushing++;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.#settled >= upTo) done();
      };
      const done = (): void => {
        cancel();
        this.#onSettled.delete(look);
        resolve();
      };
      const late = (): void => {
        this.#flushedInVain = true;
        done();
      };
      const cancel = this.#clock.setTimer(FLUSH_MS, late);
      this.#onSettled.add(look);
      if (this.#clock.monotonic() >= this.#notBefore) void this.#sendAll();
    });
    this.#flushing--;
  }

  /** Flushes, and gives up what has not got through then. What is pushed later is dropped. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    if (!this.#flushedInVain) await this.flush();
    this.#closing.abort();
    this.#cancelTimer();
    const lost = this.#backlog.clear();
    this.#tellSettled();
    if (lost === 0) return;
    this.#tell(`${lost} ${lost === 1 ? 'entry' : 'entries'} did not get through before it was closed`);
  }

  get #settled(): number {
    const { leftOut, dropped, rejected } = this.#backlog;
    return this.#delivered + leftOut + dropped + rejected;
  }

  /** Has the next batch sent: soon where it is full, else a moment later. */
  #schedule(): void {
    if (this.#isRunning || this.#isResting || this.#backlog.size === 0) return;
    if (this.#backlog.size >= this.#maxBatch) this.#wakeIn(0);
    else if (this.#wakesAt === null) this.#wakeIn(this.#options.lingerMs ?? LINGER_MS);
  }

  #wakeIn(ms: number): void {
    const at = this.#clock.monotonic() + ms;
    if (this.#wakesAt !== null && this.#wakesAt <= at) return;
    this.#cancelTimer();
    this.#wakesAt = at;
    this.#cancelTimer = this.#clock.setTimer(ms, () => void this.#sendAll(), true);
  }

  /** Sends what makes full batches, or all while somebody waits for that. Never rejects. */
  async #sendAll(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#cancelTimer();
    this.#wakesAt = null;
    this.#isResting = false;
    do {
      await this.#sendNext();
      this.#tellSettled();
    } while (!this.#isResting && this.#backlog.size > 0 && (this.#flushing > 0 || this.#hasBatch));
    this.#isRunning = false;
    this.#backlog.makeRoom();
    this.#schedule();
  }

  /** Whether there is a batch that need not wait for more entries. */
  get #hasBatch(): boolean {
    return this.#backlog.isTried || this.#backlog.size >= this.#maxBatch;
  }

  async #sendNext(): Promise<void> {
    const batch = this.#backlog.nextBatch(this.#batchSize, this.#options.maxBatchBytes ?? MAX_BATCH_BYTES);
    if (batch.length === 0) return;
    this.#backlog.sending = batch.length;
    let delivery: Delivery;
    try {
      delivery = await this.#options.send(batch, this.#closing.signal);
    } catch (error) {
      delivery = { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
    }
    this.#backlog.sending = 0;
    // Closed meanwhile: everything was counted.
    if (!this.#closing.signal.aborted) this.#settle(delivery, batch.length);
  }

  #settle(delivery: Delivery, count: number): void {
    if (delivery.kind === 'taken') {
      this.#backlog.leave(count);
      this.#delivered += count;
      this.#failedInARow = 0;
      this.#isTold = false;
      this.#batchSize = Math.min(this.#maxBatch, this.#batchSize * 2);
      return;
    }
    this.#failures++;
    if (delivery.kind === 'rejected' && count > 1) {
      this.#batchSize = Math.ceil(count / 2);
      return;
    }
    this.#failedInARow++;
    if (delivery.kind === 'rejected') {
      this.#backlog.leave(1);
      this.#backlog.rejected++;
    }
    if (delivery.kind !== 'failed' || this.#failedInARow > 1) this.#tell(delivery.why);
    this.#rest(delivery.kind === 'failed' ? (delivery.retryAfter ?? null) : null);
  }

  #rest(retryAfter: string | null): void {
    const { random = Math.random } = this.#options;
    const facts = { now: this.#clock.now(), retryAfter, random: random(), longestMs: LONGEST_PAUSE_MS };
    const pause = pauseMs(this.#failedInARow, facts);
    this.#isResting = true;
    if (retryAfter !== null) this.#notBefore = this.#clock.monotonic() + pause;
    const isHasty = this.#flushing > 0 && retryAfter === null;
    this.#wakeIn(isHasty ? Math.min(pause, FLUSHING_PAUSE_MS) : pause);
  }

  #tellSettled(): void {
    for (const look of [...this.#onSettled]) look();
  }

  /** Once, until something got through. */
  #tell(why: string): void {
    if (this.#isTold) return;
    this.#isTold = true;
    const { name, target, warn = warnProcess } = this.#options;
    warn(
      `The exporter \`${name}\` does not deliver to ${target}: ${why}. Up to ${this.#maxWaiting} entries wait; of more ` +
        'the oldest are dropped and counted. Calls go on.',
    );
  }
}

function warnProcess(message: string): void {
  process.emitWarning(message, { type: 'PlyraGuardWarning', code: 'PLYRA_EXPORTER' });
}
