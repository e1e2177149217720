import type { Awaitable } from '../core/awaitable.ts';
import type { RecordDraft, SealedRecord } from '../core/chain.ts';
import type { AuditEntry } from '../core/entry.ts';
import type { Ingested } from '../core/ingested.ts';
import type { Outcome, Verdict } from '../core/verdict.ts';
import type { AuditFilter } from './audit-filter.ts';

/** Which entries to return, and from where on. */
export interface LogFilter extends AuditFilter {
  readonly ruleName?: string | undefined;
  /** Words that must occur, or begin a word, in the intent or the reason. */
  readonly search?: string | undefined;
  /** For the next page, newest first: the `next` of the one before. */
  readonly before?: number | undefined;
  /** Gives the oldest first, from behind this position on; for the next page again the `next` of the one before. */
  readonly after?: number | undefined;
}

/** Some entries, and where the next ones begin; `null` where there are no more. */
export interface LogPage {
  readonly entries: readonly AuditEntry[];
  readonly next: number | null;
}

/** What actions are counted by. `all` has one name, the empty one. */
export type CountedBy = 'all' | 'tool' | 'agent' | 'rule' | 'session';

/** How many actions of one name had one outcome, and when the last of them was, as far as that is kept. */
export interface NamedCounts {
  readonly name: string;
  readonly outcome: Outcome;
  readonly count: number;
  readonly lastAt: Date;
}

/** How many actions had one outcome in one minute. */
export interface MinuteCounts {
  /** When the minute began. */
  readonly minute: Date;
  readonly outcome: Outcome;
  readonly count: number;
}

/** Times in milliseconds, counted by bucket. */
export interface TimesUpTo {
  /** Upper bound of the bucket, inclusive; Infinity for the last one. */
  readonly upTo: number;
  readonly count: number;
}

/** Decisions since the log was made, for counters that never fall. */
export interface DecisionSums {
  readonly verdicts: readonly {
    /** '' where no policy decided. */
    readonly policy: string;
    readonly verdict: Verdict;
    readonly count: number;
  }[];
  readonly times: readonly TimesUpTo[];
  /** Sum of all times, in milliseconds. */
  readonly millis: number;
}

/** A session, as far as it is counted. */
export interface SessionCounts {
  readonly sessionId: string;
  readonly actions: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** Where a page of sessions begins: behind this one. */
export interface SessionPlace {
  /** Epoch milliseconds. */
  readonly lastAt: number;
  readonly sessionId: string;
}

/** Sessions, the one that was last active first. */
export interface SessionPage {
  readonly sessions: readonly SessionCounts[];
  readonly next: SessionPlace | null;
}

/** An action with the records that its entry is made of, oldest first. */
export interface ActionTrail {
  readonly entry: AuditEntry;
  readonly records: readonly SealedRecord[];
}

/** What changed behind a position, each action once, in the order of their last records. */
export interface LogChanges {
  readonly entries: readonly { readonly position: number; readonly entry: AuditEntry }[];
  /** All changes through this position are told. */
  readonly through: number;
}

/** Times between which actions are counted; the minutes that they lie in are counted whole. */
export interface TimeRange {
  readonly from?: Date | string | undefined;
  readonly to?: Date | string | undefined;
}

/** What is asked of a journal by those who look at it. Throws what the store says. */
export interface ActionLog {
  /** Throws ConfigError for a time that cannot be read, and where there is no full-text search. */
  page(filter: LogFilter): Awaitable<LogPage>;
  trail(actionId: string): Awaitable<ActionTrail | undefined>;
  /** Over all that is retained. */
  totals(by: CountedBy, name?: string): Awaitable<readonly NamedCounts[]>;
  /** Oldest first. */
  minutes(range: TimeRange): Awaitable<readonly MinuteCounts[]>;
  /** How long judging took. */
  latencies(range: TimeRange): Awaitable<readonly TimesUpTo[]>;
  decisions(): Awaitable<DecisionSums>;
  sessions(page: {
    readonly limit: number;
    readonly before?: SessionPlace | undefined;
  }): Awaitable<SessionPage>;
  /** Position of the newest record; 0 in an empty journal. Costs little: it is asked ten times a second. */
  newest(): Awaitable<number>;
  /** How many records are not taken up yet by what is asked here. */
  lag(): Awaitable<number>;
  /** The changes in at most `most` records behind a position. */
  changes(after: number, most: number): Awaitable<LogChanges>;
  /**
   * Takes in entries of other machines, each journaled before it answers, all or none: which of them were new. An entry
   * is known again by its writer and number there.
   */
  ingest(items: readonly Ingested[], draftOf: (item: Ingested) => RecordDraft): Awaitable<readonly boolean[]>;
  /** Takes up what is new for at most so many milliseconds, and removes what is too old; whether all is taken up. */
  tidy(millis: number, like: RecordDraft): Awaitable<boolean>;
}
