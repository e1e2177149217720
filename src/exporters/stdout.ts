import { styleText } from 'node:util';
import type { AuditEntry } from '../core/entry.ts';
import { ExporterError } from '../core/errors.ts';
import { printable, printableJson } from '../explain/printable.ts';
import type { Delivery } from './delivery.ts';
import { entryJson } from './entry-json.ts';
import type { QueueSettings } from './queue.ts';
import { QueuedExporter } from './queued.ts';
import { SEVERITIES, type Severity, severityOf } from './severity.ts';

/** How long a line waits for others. */
const LINGER_MS = 20;

/** What lines are written to: `process.stdout`, or a stream like it. */
export interface LineStream {
  readonly isTTY?: boolean | undefined;
  write(text: string, done: (error?: Error | null) => void): unknown;
  on?(event: 'error', listener: (error: Error) => void): unknown;
  off?(event: 'error', listener: (error: Error) => void): unknown;
}

/** Options of {@link StdoutExporter}. */
export interface StdoutOptions extends QueueSettings {
  /** The least that is written: `info` (default) all, `warn` all but what was plainly allowed, `error` refusals and failures. */
  readonly level?: Severity | undefined;
  /** Default `stdout`. A server that speaks over stdout, as one of MCP, needs `stderr`. */
  readonly stream?: 'stdout' | 'stderr' | LineStream | undefined;
}

/** One line for each action: for people on a terminal, JSON everywhere else. */
export class StdoutExporter extends QueuedExporter {
  readonly #release: () => void;

  /** Throws ExporterError for an option that it cannot work with. */
  constructor(options: StdoutOptions = {}) {
    const { level = 'info', maxWaiting, clock } = options;
    if (!SEVERITIES.includes(level)) {
      throw new ExporterError('StdoutExporter: `level` must be `info`, `warn` or `error`.');
    }
    const stream = streamOf(options.stream ?? 'stdout');
    const lineOf =
      stream.isTTY === true ? prettyLine : (entry: AuditEntry) => printableJson(entryJson(entry));
    const least = SEVERITIES.indexOf(level);
    super({
      ...{ name: 'stdout', target: 'its stream', maxWaiting, clock, lingerMs: LINGER_MS },
      encode: (entry) => (SEVERITIES.indexOf(severityOf(entry)) < least ? null : lineOf(entry)),
      send: (lines) => write(stream, `${lines.join('\n')}\n`),
    });
    // Without a listener a closed pipe would end the process. What happened is told to `write` too.
    const ignore = (): void => undefined;
    stream.on?.('error', ignore);
    this.#release = () => void stream.off?.('error', ignore);
  }

  override async close(): Promise<void> {
    await super.close();
    this.#release();
  }
}

function streamOf(stream: unknown): LineStream {
  if (stream === 'stdout') return process.stdout;
  if (stream === 'stderr') return process.stderr;
  if (typeof (stream as LineStream | null)?.write === 'function') return stream as LineStream;
  throw new ExporterError('StdoutExporter: `stream` must be `stdout`, `stderr` or a writable stream.');
}

function write(stream: LineStream, text: string): Promise<Delivery> {
  return new Promise((resolve) => {
    stream.write(text, (error) => {
      if (error instanceof Error) resolve({ kind: 'failed', why: error.message });
      else resolve({ kind: 'taken' });
    });
  });
}

const COLORS = Object.freeze({ info: 'green', warn: 'yellow', error: 'red' } as const);

/** Time, outcome, agent, tool, intent, and why, in one line that does nothing to a terminal but color the outcome. */
function prettyLine(entry: AuditEntry): string {
  const { timestamp, state, outcome, agentId, toolName, intent, ruleName, reason, error, durationMs } = entry;
  const time = timestamp.toTimeString().slice(0, 8);
  const word = state === 'waiting' ? 'WAITING' : String(outcome);
  const label = styleText(COLORS[severityOf(entry)], printable(word).padEnd(8), { validateStream: false });
  const what = `${shown(agentId)} ${shown(toolName)} ${shown(intent)}`;
  const why = error ?? ruleName ?? reason;
  const took = state === 'done' || state === 'failed' ? ` ${durationMs.toFixed(1)} ms` : '';
  return `${time} ${label} ${what}${why === '' ? '' : ` (${shown(why)})`}${took}`;
}

const SHOWN = 200;

/** Hand-written records and refused calls may hold anything in place of a text. */
function shown(text: unknown): string {
  const plain = printable(typeof text === 'string' ? text.slice(0, SHOWN + 1) : String(JSON.stringify(text)));
  return plain.length > SHOWN ? `${plain.slice(0, SHOWN)}…` : plain;
}
