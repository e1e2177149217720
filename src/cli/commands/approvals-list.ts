import { systemClock } from '../../call/system-clock.ts';
import type { Approval, ApprovalState } from '../../core/approval.ts';
import { approvalJson } from '../../core/wire-approval.ts';
import { approvalLine } from '../approval-text.ts';
import { MAX_LIMIT, readLimit } from '../entry-filter.ts';
import { EXIT } from '../exit-codes.ts';
import type { JournalPlace } from '../journal-file.ts';
import { Lines } from '../lines.ts';
import { lookOn } from '../look-on.ts';
import { jsonLine } from '../output.ts';
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

/** Shows requests, newest last; with `watch` until it is interrupted or nobody reads it any more. */
export async function approvalsList(options: ApprovalsListOptions): Promise<number> {
  const limit = readLimit(options.limit ?? DEFAULT_LIMIT);
  const state = options.state === 'all' ? undefined : (options.state ?? 'pending');
  const out = new Lines<Approval>((approval) =>
    options.json === true
      ? jsonLine(approvalJson(approval))
      : `${approvalLine(approval, { now: systemClock.now(), columns: process.stdout.columns })}\n`,
  );
  return atDesk(options, async (desk) => {
    if (options.watch === true) await watch(desk, { state, limit }, out);
    else await out.write((await desk.queue.list({ state, limit })).toReversed());
    return EXIT.ok;
  });
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
    const found = (await queue.list({ state: this.#state, limit: MAX_LIMIT })).toReversed();
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

function watch(desk: Desk, { state, limit }: Watched, out: Lines<Approval>): Promise<void> {
  const news = new News(desk, state);
  let version = desk.store.approvals.version();
  return lookOn({
    first: async () => out.write((await news.next()).slice(-limit)),
    next: async (isThorough) => {
      const seen = desk.store.approvals.version();
      // Now and then it is read although nobody wrote: requests end by time, too.
      if (seen === version && !isThorough) return undefined;
      const goesOn = await out.write(await news.next());
      version = seen;
      return goesOn;
    },
  });
}
