import { setTimeout } from 'node:timers/promises';
import { systemClock } from '../../call/system-clock.ts';
import type { AuditEntry } from '../../core/entry.ts';
import { entryToWire } from '../../core/wire-entry.ts';
import { JournalReader } from '../../stores/sqlite/reader.ts';
import { type FilterOptions, readFilter, readLimit } from '../entry-filter.ts';
import { EXIT } from '../exit-codes.ts';
import { Follower } from '../follower.ts';
import { type JournalPlace, journalFile } from '../journal-file.ts';
import { logLine } from '../log-line.ts';
import { jsonLine } from '../output.ts';
import { OutputSink } from '../sink.ts';

/** Which entries are shown, and how. */
export interface LogOptions extends JournalPlace, FilterOptions {
  /** How many of the newest; default 50. */
  readonly limit?: string | undefined;
  /** Whether to go on with what happens from now on. */
  readonly follow?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const DEFAULT_LIMIT = '50';
/** How often a journal is looked at that is followed, in milliseconds. */
const LOOK_MS = 150;
/** Every so many looks, dead writers are looked for too. */
const LOOKS_PER_ROUND = 7;
/** How often in a row it may fail: a database can be locked for a while. */
const MAX_FAILURES = 5;

/** Shows the newest entries, newest last; with `follow` until it is interrupted or nobody reads it any more. */
export async function log(options: LogOptions): Promise<number> {
  const limit = readLimit(options.limit ?? DEFAULT_LIMIT);
  const filter = readFilter(options, systemClock.now());
  const { path } = journalFile(options);
  const reader = new JournalReader({ path, clock: systemClock });
  const out = new Lines(options.json === true);
  try {
    if (options.follow === true) await follow(new Follower(reader, filter), limit, out);
    else await out.write(reader.page({ ...filter, limit }).entries.reverse());
    return EXIT.ok;
  } finally {
    reader.close();
  }
}

/** Prints entries, a line each. */
class Lines {
  readonly #output = new OutputSink();
  readonly #json: boolean;

  constructor(json: boolean) {
    this.#json = json;
  }

  /** Resolves once they are printed, with `false` when nobody reads them any more. */
  async write(entries: readonly AuditEntry[]): Promise<boolean> {
    for (const entry of entries) {
      const line = this.#json ? jsonLine(entryToWire(entry)) : `${logLine(entry, process.stdout.columns)}\n`;
      if (!(await this.#output.write(line))) return false;
    }
    await this.#output.end();
    return !this.#output.isClosed;
  }
}

async function follow(follower: Follower, limit: number, out: Lines): Promise<void> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  try {
    let goesOn = await out.write(follower.before(limit));
    let failures = 0;
    for (let look = 1; goesOn && !stop.signal.aborted; look++) {
      await setTimeout(LOOK_MS, undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) break;
      try {
        goesOn = await out.write(follower.news());
        if (goesOn && look % LOOKS_PER_ROUND === 0) goesOn = await out.write(follower.interrupted());
        failures = 0;
      } catch (error) {
        failures++;
        if (failures >= MAX_FAILURES) throw error;
      }
    }
  } finally {
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  }
}
