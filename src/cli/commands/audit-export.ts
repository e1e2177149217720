import { systemClock } from '../../call/system-clock.ts';
import { didYouMean } from '../../core/did-you-mean.ts';
import { entryToWire, WIRE_FIELDS, type WireEntry } from '../../core/wire-entry.ts';
import { recordToWire } from '../../core/wire-record.ts';
import { printable } from '../../explain/printable.ts';
import type { EntryFilter } from '../../stores/sqlite/entry-query.ts';
import { JournalReader } from '../../stores/sqlite/reader.ts';
import { csvRow } from '../csv.ts';
import { type FilterOptions, readFilter } from '../entry-filter.ts';
import { EXIT } from '../exit-codes.ts';
import { type JournalPlace, journalFile } from '../journal-file.ts';
import { count, jsonLine, say } from '../output.ts';
import { openSink, type Sink } from '../sink.ts';
import { UsageError } from '../usage-error.ts';

/** What is exported, in which form and where to. */
export interface ExportOptions extends JournalPlace, FilterOptions {
  /** `jsonl` (default) or `csv`. */
  readonly format?: string | undefined;
  /** Whether to export the sealed records in place of the entries. */
  readonly records?: boolean | undefined;
  readonly output?: string | undefined;
  readonly force?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const FILTERS = Object.freeze([
  'outcome',
  'tool',
  'agent',
  'task',
  'session',
  'search',
  'since',
  'until',
] as const);

type Form = 'jsonl' | 'csv' | 'records';

/**
 * Writes entries or records out, oldest first, as they are read: the memory needed does not grow with the log. A reader
 * that goes away ends it quietly. Throws UsageError for options that contradict each other.
 */
export async function auditExport(options: ExportOptions): Promise<number> {
  const form = readForm(options);
  const filter = readFilter(options, systemClock.now());
  const { path } = journalFile(options);
  const reader = new JournalReader({ path, clock: systemClock });
  try {
    const sink = openSink(options.output, { force: options.force === true });
    const written = await writeAll(
      sink,
      linesOf(reader, form, filter),
      form === 'csv' ? csvRow(WIRE_FIELDS) : '',
    );
    if (options.output !== undefined) {
      const what = form === 'records' ? count(written, 'record') : count(written, 'entry', 'entries');
      say(`Wrote ${what} to ${printable(options.output)}.`);
    }
    return EXIT.ok;
  } finally {
    reader.close();
  }
}

/** Returns how many lines were written, not counting the header. */
async function writeAll(sink: Sink, lines: Iterable<string>, header: string): Promise<number> {
  let written = 0;
  try {
    await sink.write(header);
    for (const line of lines) {
      if (!(await sink.write(line))) break;
      written++;
    }
    await sink.end();
  } catch (error) {
    sink.abandon();
    throw error;
  }
  return written;
}

function* linesOf(reader: JournalReader, form: Form, filter: EntryFilter): Generator<string> {
  if (form === 'records') {
    for (const record of reader.whole().records) yield jsonLine(recordToWire(record));
    return;
  }
  for (const entry of reader.entriesOldestFirst(filter)) {
    const wire = entryToWire(entry);
    yield form === 'csv' ? csvRow(cellsOf(wire)) : jsonLine(wire);
  }
}

function cellsOf(wire: WireEntry): unknown[] {
  return WIRE_FIELDS.map((field) => wire[field]);
}

function readForm(options: ExportOptions): Form {
  const { format = 'jsonl', records, json } = options;
  if (format !== 'jsonl' && format !== 'csv') {
    throw new UsageError(
      `--format takes jsonl or csv, not \`${format}\`.${didYouMean(format, ['jsonl', 'csv'])}`,
    );
  }
  if (json === true && format === 'csv')
    throw new UsageError('--json and --format csv contradict each other.');
  if (records !== true) return format;
  if (format === 'csv') throw new UsageError('--records are exported as JSON lines: leave out --format csv.');
  const given = FILTERS.find((name) => options[name] !== undefined);
  if (given === undefined) return 'records';
  throw new UsageError(`--records exports every record, so that they can be verified: leave out --${given}.`);
}
