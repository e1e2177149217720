import type { RecordDraft } from '../../core/chain.ts';
import type { Drafts, Written } from './journal-table.ts';

/** Most records of one batch, and most bytes of their bodies. */
const MAX_DRAFTS = 256;
const MAX_BYTES = 1024 * 1024;

interface Waiting {
  readonly drafts: Drafts;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Writes appends in one transaction, until so many bytes of bodies are written. Throws when it takes none of them. */
export type WriteBatch = (appends: readonly Drafts[], maxBytes: number) => Written;

/** Gathers with records that wait: they are written when the process exits without waiting for them. */
const waitingAtExit = new Set<Gather>();
let watchesExit = false;

/**
 * Gathers the appends of one turn of the event loop, and writes them together when it ends: one transaction for all of
 * them costs little more than one for each. They are written in the order in which they came.
 */
export class Gather {
  readonly #write: WriteBatch;
  #queue: Waiting[] = [];
  #isDue = false;

  constructor(write: WriteBatch) {
    this.#write = write;
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
    return new Promise((resolve, reject) => {
      this.#queue.push({ drafts, resolve, reject });
      this.#schedule();
    });
  }

  /** Writes what waits and these drafts, in this order and together. Throws when these are not written. */
  writeWith(drafts: readonly RecordDraft[]): void {
    let threw: { readonly error: unknown } | undefined;
    const reject = (error: unknown): void => {
      threw = { error };
    };
    this.#queue.push({ drafts, resolve: () => undefined, reject });
    this.flush();
    if (threw !== undefined) throw threw.error;
  }

  /** Writes all that waits, now. Never throws: whoever waits is told. */
  flush(): void {
    while (this.#queue.length > 0) this.#writeBatch();
    waitingAtExit.delete(this);
  }

  #schedule(): void {
    waitingAtExit.add(this);
    watchExit();
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      // One batch a turn: between two of them the process does other things.
      this.#writeBatch();
      if (this.#queue.length > 0) this.#schedule();
      else waitingAtExit.delete(this);
    });
  }

  #writeBatch(): void {
    const batch = this.#nextBatch();
    if (batch.length === 0) return;
    try {
      const { taken, failures } = this.#write(
        batch.map(({ drafts }) => drafts),
        MAX_BYTES,
      );
      this.#queue = this.#queue.slice(taken);
      for (const [index, { resolve, reject }] of batch.slice(0, taken).entries()) {
        if (failures.has(index)) reject(failures.get(index));
        else resolve();
      }
    } catch (error) {
      this.#queue = this.#queue.slice(batch.length);
      for (const { reject } of batch) reject(error);
    }
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
    for (const gather of waitingAtExit) gather.flush();
  });
}
