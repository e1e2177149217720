import { setTimeout } from 'node:timers/promises';
import { systemClock } from '../../call/system-clock.ts';
import type { Approval, ApprovalState } from '../../core/approval.ts';
import { approvalJson, approvalLine } from '../approval-text.ts';
import { EXIT } from '../exit-codes.ts';
import type { JournalPlace } from '../journal-file.ts';
import { jsonLine } from '../output.ts';
import { OutputSink } from '../sink.ts';
import { UsageError } from '../usage-error.ts';
import { atDesk, type Desk } from './approvals-desk.ts';

/** Which requests are shown, and how. */
export interface ApprovalsListOptions extends JournalPlace {
  /** Default `pending`. */
  readonly state?: ApprovalState | 'all' | undefined;
  /** How many of the newest; default 50. */
  readonly limit?: string | undefined;
  /** Whether to go on with what happens from now on. */
  readonly watch?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const DEFAULT_LIMIT = '50';
const MOST = 10_000;
/** How often the queue is looked at that is watched, in milliseconds. */
const LOOK_MS = 150;
/** Every so many looks it is read although nobody wrote: requests end by time, too. */
const LOOKS_PER_ROUND = 7;
/** How often in a row it may fail: a database can be locked for a while. */
const MAX_FAILURES = 5;

/** Shows requests, newest last; with `watch` until it is interrupted or nobody reads it any more. */
export async function approvalsList(options: ApprovalsListOptions): Promise<number> {
  const limit = readLimit(options.limit ?? DEFAULT_LIMIT);
  const state = options.state === 'all' ? undefined : (options.state ?? 'pending');
  const out = new Lines(options.json === true);
  return atDesk(options, async (desk) => {
    if (options.watch === true) await watch(desk, { state, limit }, out);
    else await out.write((await desk.queue.list({ state, limit })).toReversed());
    return EXIT.ok;
  });
}

function readLimit(text: string): number {
  const limit = /^\d+$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MOST) return limit;
  throw new UsageError(`--limit takes a whole number from 1 to ${MOST}, not \`${text}\`.`);
}

/** Prints requests, a line each. */
class Lines {
  readonly #output = new OutputSink();
  readonly #json: boolean;

  constructor(json: boolean) {
    this.#json = json;
  }

  /** Resolves once they are printed, with `false` when nobody reads them any more. */
  async write(approvals: readonly Approval[]): Promise<boolean> {
    const options = { now: systemClock.now(), columns: process.stdout.columns };
    for (const approval of approvals) {
      const line = this.#json ? jsonLine(approvalJson(approval)) : `${approvalLine(approval, options)}\n`;
      if (!(await this.#output.write(line))) return false;
    }
    await this.#output.end();
    return !this.#output.isClosed;
  }
}

/** Which requests are watched. */
interface Watched {
  /** `undefined`: all. */
  readonly state: ApprovalState | undefined;
  /** How many are shown at first. */
  readonly limit: number;
}

/** The news of a queue: requests that are new in the state that is watched, that got a vote, or that left it. */
class News {
  readonly #desk: Desk;
  readonly #state: ApprovalState | undefined;
  /** What was told last of those that are in the state. */
  #told: ReadonlyMap<string, string> = new Map();

  constructor(desk: Desk, state: ApprovalState | undefined) {
    this.#desk = desk;
    this.#state = state;
  }

  /** Oldest first. */
  async next(): Promise<readonly Approval[]> {
    const { queue } = this.#desk;
    const found = (await queue.list({ state: this.#state, limit: MOST })).toReversed();
    const told = new Map(found.map((approval) => [approval.id, newsOf(approval)]));
    const left: Approval[] = [];
    for (const id of this.#state === undefined ? [] : this.#told.keys()) {
      const approval = told.has(id) ? undefined : await queue.get(id);
      if (approval !== undefined) left.push(approval);
    }
    const fresh = found.filter((approval) => this.#told.get(approval.id) !== told.get(approval.id));
    this.#told = told;
    return [...left, ...fresh];
  }
}

function newsOf({ state, votes }: Approval): string {
  return `${state} ${votes.length}`;
}

async function watch(desk: Desk, { state, limit }: Watched, out: Lines): Promise<void> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  try {
    const news = new News(desk, state);
    let version = desk.store.approvals.version();
    let goesOn = await out.write((await news.next()).slice(-limit));
    let failures = 0;
    for (let look = 1; goesOn && !stop.signal.aborted; look++) {
      await setTimeout(LOOK_MS, undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) break;
      try {
        const seen = desk.store.approvals.version();
        if (seen === version && look % LOOKS_PER_ROUND !== 0) continue;
        goesOn = await out.write(await news.next());
        version = seen;
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
