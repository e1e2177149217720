import { systemClock } from '../../call/system-clock.ts';
import type { AuditEntry } from '../../core/entry.ts';
import { entryToWire } from '../../core/wire-entry.ts';
import { JournalReader } from '../../stores/sqlite/reader.ts';
import { type FilterOptions, readFilter, readLimit } from '../entry-filter.ts';
import { EXIT } from '../exit-codes.ts';
import { Follower } from '../follower.ts';
import { type JournalPlace, journalFile } from '../journal-file.ts';
import { Lines } from '../lines.ts';
import { logLine } from '../log-line.ts';
import { lookOn } from '../look-on.ts';
import { jsonLine } from '../output.ts';

/** Which entries are shown, and how. */
export interface LogOptions extends JournalPlace, FilterOptions {
  /** How many of the newest; default 50. */
  readonly limit?: string | undefined;
  /** Whether to go on with what happens from now on. */
  readonly follow?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const DEFAULT_LIMIT = '50';

/** Shows the newest entries, newest last; with `follow` until it is interrupted or nobody reads it any more. */
export async function log(options: LogOptions): Promise<number> {
  const limit = readLimit(options.limit ?? DEFAULT_LIMIT, ' `plyra-guard audit export` writes them all.');
  const filter = readFilter(options, systemClock.now());
  const { path } = journalFile(options);
  const reader = new JournalReader({ path, clock: systemClock });
  const out = new Lines<AuditEntry>((entry) =>
    options.json === true ? jsonLine(entryToWire(entry)) : `${logLine(entry, process.stdout.columns)}\n`,
  );
  try {
    if (options.follow === true) await follow(new Follower(reader, filter), limit, out);
    else await out.write(reader.page({ ...filter, limit }).entries.reverse());
    return EXIT.ok;
  } finally {
    reader.close();
  }
}

function follow(follower: Follower, limit: number, out: Lines<AuditEntry>): Promise<void> {
  return lookOn({
    first: () => out.write(follower.before(limit)),
    next: async (isThorough) => {
      const goesOn = await out.write(follower.news());
      // Dead writers are looked for now and then.
      return goesOn && isThorough ? out.write(follower.interrupted()) : goesOn;
    },
  });
}
