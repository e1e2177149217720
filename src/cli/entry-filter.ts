import { didYouMean } from '../core/did-you-mean.ts';
import { isVerdict, type Outcome } from '../core/verdict.ts';
import type { EntryFilter } from '../stores/sqlite/entry-query.ts';
import { readTime } from './read-time.ts';
import { UsageError } from './usage-error.ts';

/** The options by which entries are chosen, as they were written. */
export interface FilterOptions {
  readonly outcome?: string | undefined;
  readonly tool?: string | undefined;
  readonly agent?: string | undefined;
  readonly task?: string | undefined;
  readonly session?: string | undefined;
  readonly search?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

const OUTCOMES = Object.freeze(['allow', 'warn', 'block', 'escalate', 'defer', 'error']);

/** The filter that the options amount to; `now` in epoch milliseconds. Throws UsageError for what cannot be read. */
export function readFilter(options: FilterOptions, now: number): EntryFilter {
  const { outcome, tool, agent, task, session, search, since, until } = options;
  return {
    outcome: outcome === undefined ? undefined : readOutcome(outcome),
    toolName: tool,
    agentId: agent,
    taskId: task,
    sessionId: session,
    search,
    fromTime: since === undefined ? undefined : readTime('--since', since, now),
    toTime: until === undefined ? undefined : readTime('--until', until, now),
  };
}

/** The most that is shown at once: what is on a page is in memory together. */
export const MAX_LIMIT = 10_000;

/** Throws UsageError for anything but a whole number from 1 to 10,000; `hint` ends its message. */
export function readLimit(text: string, hint = ''): number {
  const limit = /^\d+$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new UsageError(`--limit takes a whole number from 1 to ${MAX_LIMIT}, not \`${text}\`.${hint}`);
}

function readOutcome(text: string): Outcome {
  const outcome = text.toUpperCase();
  if (isVerdict(outcome) || outcome === 'ERROR') return outcome;
  throw new UsageError(
    `--outcome takes one of ${OUTCOMES.join(', ')}.${didYouMean(text.toLowerCase(), OUTCOMES)}`,
  );
}
