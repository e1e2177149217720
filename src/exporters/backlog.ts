import type { AuditEntry } from '../core/entry.ts';

/** How much waits at most, in bytes. */
const MAX_BYTES = 32 * 1024 * 1024;

/** An entry that waits, or what was made of it to be sent. */
interface Waiting<P> {
  entry: AuditEntry | null;
  payload: P | null;
  /** What it takes, in bytes: a guess until it was written down. */
  bytes: number;
}

/** What a backlog is told at its making. */
export interface BacklogOptions<P> {
  readonly maxWaiting: number;
  readonly encode: (entry: AuditEntry) => P | null;
  /** Told of every entry that is lost. */
  readonly lost: (why: string) => void;
}

/** Entries that wait to be sent, oldest first, in bounded memory. They are written down as late as possible. */
export class Backlog<P> {
  readonly #options: BacklogOptions<P>;
  /** What was written down, and perhaps tried already; then what was not. */
  #front: Waiting<P>[] = [];
  readonly #line = new Line<P>();
  #bytes = 0;
  /** How many of the front are being sent: they stay. */
  sending = 0;
  dropped = 0;
  rejected = 0;
  leftOut = 0;

  constructor(options: BacklogOptions<P>) {
    this.#options = options;
  }

  get size(): number {
    return this.#front.length + this.#line.size;
  }

  /** Whether some of it was tried before. */
  get isTried(): boolean {
    return this.#front.length > 0;
  }

  /** Takes an entry, and gives up the oldest where too many wait. */
  push(entry: AuditEntry): void {
    try {
      const item: Waiting<P> = { entry, payload: null, bytes: roughBytes(entry) };
      this.#line.push(item);
      this.#bytes += item.bytes;
    } catch {
      this.#reject();
      return;
    }
    this.makeRoom();
  }

  makeRoom(): void {
    while (this.size > this.#options.maxWaiting || this.#bytes > MAX_BYTES) {
      const oldest = this.sending === 0 && this.#front.length > 0 ? this.#front.shift() : this.#line.shift();
      if (oldest === undefined) return;
      this.#bytes -= oldest.bytes;
      this.dropped++;
      this.#options.lost('too many entries wait, and the oldest are dropped');
    }
  }

  /** What is sent of the first entries: at most `count` of them, and unless it is a single one at most `maxBytes`. */
  nextBatch(count: number, maxBytes: number): P[] {
    const batch: P[] = [];
    let bytes = 0;
    while (batch.length < count) {
      if (batch.length >= this.#front.length && !this.#moveOne()) break;
      const item = this.#front[batch.length];
      if (item === undefined || item.payload === null) continue;
      bytes += item.bytes + 1;
      if (batch.length > 0 && bytes > maxBytes) break;
      batch.push(item.payload);
    }
    return batch;
  }

  /** Lets the first entries go. */
  leave(count: number): void {
    for (const { bytes } of this.#front.splice(0, count)) this.#bytes -= bytes;
  }

  /** Gives everything up; returns how many entries that were. */
  clear(): number {
    const lost = this.size;
    this.dropped += lost;
    this.#front = [];
    while (this.#line.shift() !== undefined);
    this.#bytes = 0;
    return lost;
  }

  /** Writes the oldest entry of the line down and puts it to the front, unless it is left out; false where there is none. */
  #moveOne(): boolean {
    const item = this.#line.shift();
    if (item === undefined) return false;
    this.#bytes -= item.bytes;
    try {
      item.payload = item.entry && this.#options.encode(item.entry);
    } catch {
      this.#reject();
      return true;
    }
    if (item.payload === null) {
      this.leftOut++;
      return true;
    }
    if (typeof item.payload === 'string') item.bytes = Buffer.byteLength(item.payload);
    item.entry = null;
    this.#bytes += item.bytes;
    this.#front.push(item);
    return true;
  }

  #reject(): void {
    this.rejected++;
    this.#options.lost('an entry cannot be written down');
  }
}

/** A list that gives its oldest first, without moving the others at every turn. */
class Line<P> {
  #items: (Waiting<P> | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  push(item: Waiting<P>): void {
    this.#items.push(item);
  }

  shift(): Waiting<P> | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head++;
    if (this.#head >= 1_024 && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    } else {
      // What was given away is not held on to.
      this.#items[this.#head - 1] = undefined;
    }
    return item;
  }
}

/** Names, ids, times, hashes and what else every entry has. */
const ENTRY_BYTES = 1_500;
const MAX_VALUES = 1_000_000;

/** About how much an entry takes, in bytes. Throws for one with more than a million values. */
function roughBytes(entry: AuditEntry): number {
  const { intent, reason, error, parameters, result, evaluatorResults } = entry;
  const left: unknown[] = [intent, reason, error, parameters, result, evaluatorResults];
  let bytes = ENTRY_BYTES;
  for (let seen = 0; left.length > 0; seen++) {
    if (seen > MAX_VALUES) throw new RangeError('an entry has too many values');
    const value = left.pop();
    if (typeof value === 'string') bytes += value.length;
    else if (typeof value !== 'object' || value === null) bytes += 8;
    else {
      for (const [key, part] of Object.entries(value)) {
        bytes += key.length;
        left.push(part);
      }
    }
  }
  return bytes;
}
