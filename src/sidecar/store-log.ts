import type { RecordDraft } from '../core/chain.ts';
import { type AuditEntry, foldEntry } from '../core/entry.ts';
import type { Ingested } from '../core/ingested.ts';
import type { JournalRecord } from '../core/record.ts';
import { bodyText } from '../core/wire.ts';
import type {
  ActionLog,
  ActionTrail,
  CountedBy,
  DecisionSums,
  LogChanges,
  LogFilter,
  LogPage,
  MinuteCounts,
  NamedCounts,
  SessionPage,
  SessionPlace,
  TimeRange,
  TimesUpTo,
} from '../stores/action-log.ts';
import { matchesFilter, timeOf } from '../stores/filter.ts';
import type { Store } from '../stores/store.ts';
import { matchesWords } from './stream/words.ts';

/** Most entries of other machines that are known again by their writer and number. */
const MAX_KNOWN = 100_000;
const MINUTE_MS = 60_000;

/** An action of the store. */
interface Action {
  readonly position: number;
  readonly lastPosition: number;
  readonly entry: AuditEntry;
  readonly records: readonly JournalRecord[];
}

/**
 * What is asked of a store that keeps no indexes, such as the one in memory: all its records are read for it. The last
 * reading is kept while nothing is added.
 */
export class StoreLog implements ActionLog {
  readonly #store: Store;
  readonly #known = new Set<string>();
  #read: { readonly newest: number; readonly actions: readonly Action[] } = { newest: -1, actions: [] };

  constructor(store: Store) {
    this.#store = store;
  }

  async page(filter: LogFilter): Promise<LogPage> {
    const { limit = 100, before = Number.POSITIVE_INFINITY, after, ruleName, search } = filter;
    const matches = matchesFilter(filter);
    const hasWords = search === undefined ? () => true : matchesWords(search);
    const found = (await this.#actions()).filter(
      ({ position, entry }) =>
        position < before &&
        (after === undefined || position > after) &&
        (ruleName === undefined || entry.ruleName === ruleName) &&
        hasWords(entry) &&
        matches(entry),
    );
    if (after === undefined) found.reverse();
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      entries: page.map(({ entry }) => entry),
      next: page.length === limit && last !== undefined ? last.position : null,
    };
  }

  async trail(actionId: string): Promise<ActionTrail | undefined> {
    const action = (await this.#actions()).find(({ entry }) => entry.actionId === actionId);
    if (action === undefined) return undefined;
    const records = action.records.map((record) => ({
      ...record,
      at: record.at.toISOString(),
      body: bodyText(record.kind, record.body),
    }));
    return { entry: action.entry, records };
  }

  async totals(by: CountedBy, name?: string): Promise<NamedCounts[]> {
    const counts = new Map<string, { -readonly [Field in keyof NamedCounts]: NamedCounts[Field] }>();
    for (const { entry } of await this.#actions()) {
      const itsName = nameOf(entry, by);
      if (itsName === null || (name !== undefined && itsName !== name)) continue;
      const { outcome, timestamp: lastAt } = entry;
      const key = JSON.stringify([itsName, outcome]);
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { name: itsName, outcome, count: 1, lastAt });
      else {
        known.count++;
        if (lastAt > known.lastAt) known.lastAt = lastAt;
      }
    }
    return [...counts.values()];
  }

  async minutes(range: TimeRange): Promise<MinuteCounts[]> {
    const counts = new Map<string, { minute: Date; outcome: MinuteCounts['outcome']; count: number }>();
    for (const { entry } of await this.#between(range)) {
      const minute = new Date(Math.floor(entry.timestamp.getTime() / MINUTE_MS) * MINUTE_MS);
      const key = JSON.stringify([minute.getTime(), entry.outcome]);
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { minute, outcome: entry.outcome, count: 1 });
      else known.count++;
    }
    return [...counts.values()].sort((a, b) => a.minute.getTime() - b.minute.getTime());
  }

  async latencies(range: TimeRange): Promise<TimesUpTo[]> {
    return timesOf((await this.#between(range)).map(({ entry }) => entry.latencyMs));
  }

  async decisions(): Promise<DecisionSums> {
    const verdicts = new Map<string, { policy: string; verdict: AuditEntry['verdict']; count: number }>();
    const actions = await this.#actions();
    for (const { entry } of actions) {
      const { policyTriggered, verdict } = entry;
      const key = JSON.stringify([policyTriggered, verdict]);
      const known = verdicts.get(key);
      if (known === undefined) verdicts.set(key, { policy: policyTriggered ?? '', verdict, count: 1 });
      else known.count++;
    }
    const times = actions.map(({ entry }) => entry.latencyMs);
    const millis = times.reduce((sum, one) => sum + one, 0);
    return { verdicts: [...verdicts.values()], times: timesOf(times), millis };
  }

  async sessions({
    limit,
    before,
  }: {
    limit: number;
    before?: SessionPlace | undefined;
  }): Promise<SessionPage> {
    const sessions = new Map<string, { sessionId: string; actions: number; firstAt: Date; lastAt: Date }>();
    for (const { entry } of await this.#actions()) {
      const { sessionId, timestamp } = entry;
      if (sessionId === null) continue;
      const known = sessions.get(sessionId);
      if (known === undefined) {
        sessions.set(sessionId, { sessionId, actions: 1, firstAt: timestamp, lastAt: timestamp });
        continue;
      }
      known.actions++;
      if (timestamp < known.firstAt) known.firstAt = timestamp;
      if (timestamp > known.lastAt) known.lastAt = timestamp;
    }
    const place = (one: { lastAt: Date; sessionId: string }): SessionPlace => ({
      lastAt: one.lastAt.getTime(),
      sessionId: one.sessionId,
    });
    const all = [...sessions.values()].sort((a, b) => comparePlaces(place(b), place(a)));
    const rest = before === undefined ? all : all.filter((one) => comparePlaces(place(one), before) < 0);
    const page = rest.slice(0, limit);
    const last = page.at(-1);
    return { sessions: page, next: rest.length > limit && last !== undefined ? place(last) : null };
  }

  async newest(): Promise<number> {
    let newest = 0;
    for (const { position } of await this.#store.records()) newest = position;
    return newest;
  }

  lag(): number {
    return 0;
  }

  async changes(after: number, most: number): Promise<LogChanges> {
    const changed = (await this.#actions())
      .filter(({ lastPosition }) => lastPosition > after)
      .sort((a, b) => a.lastPosition - b.lastPosition);
    const page = changed.slice(0, most);
    const last = page.at(-1);
    const isWhole = page.length === changed.length;
    return {
      entries: page.map(({ lastPosition, entry }) => ({ position: lastPosition, entry })),
      through: isWhole ? Math.max(after, this.#read.newest) : (last?.lastPosition ?? after),
    };
  }

  async ingest(
    items: readonly Ingested[],
    draftOf: (item: Ingested) => RecordDraft,
  ): Promise<readonly boolean[]> {
    const keys = items.map(({ origin }) => JSON.stringify([origin.writer.id, origin.seq]));
    const isNew = keys.map((key, i) => !this.#known.has(key) && keys.indexOf(key) === i);
    const drafts = items.filter((_item, i) => isNew[i]).map(draftOf);
    if (drafts.length > 0) await this.#store.append(drafts);
    for (const key of keys) this.#known.add(key);
    for (const key of this.#known) {
      if (this.#known.size <= MAX_KNOWN) break;
      this.#known.delete(key);
    }
    return isNew;
  }

  tidy(): boolean {
    return true;
  }

  /** Oldest first. */
  async #actions(): Promise<readonly Action[]> {
    const records = [...(await this.#store.records())];
    const newest = records.at(-1)?.position ?? 0;
    if (newest === this.#read.newest) return this.#read.actions;
    const byAction = new Map<string, JournalRecord[]>();
    for (const record of records) {
      const known = byAction.get(record.actionId);
      if (known === undefined) byAction.set(record.actionId, [record]);
      else known.push(record);
    }
    const actions = [...byAction.values()].flatMap((all) => actionOf(all) ?? []);
    actions.sort((a, b) => a.position - b.position);
    this.#read = { newest, actions };
    return actions;
  }

  async #between({ from, to }: TimeRange): Promise<readonly Action[]> {
    const first = timeOf('from', from) ?? Number.NEGATIVE_INFINITY;
    const last = timeOf('to', to) ?? Number.POSITIVE_INFINITY;
    return (await this.#actions()).filter(({ entry }) => {
      const time = entry.timestamp.getTime();
      return time >= first && time <= last;
    });
  }
}

function actionOf(all: readonly JournalRecord[]): Action | undefined {
  const first = all.findIndex(({ kind }) => kind === 'decided' || kind === 'waiting');
  const records = first === -1 ? [] : all.slice(first);
  const entry = foldEntry(records);
  const [begin] = records;
  const last = records.at(-1);
  if (entry === undefined || begin === undefined || last === undefined) return undefined;
  return { position: begin.position, lastPosition: last.position, entry, records };
}

function nameOf({ toolName, agentId, ruleName, sessionId }: AuditEntry, by: CountedBy): string | null {
  switch (by) {
    case 'tool':
      return toolName;
    case 'agent':
      return agentId;
    case 'rule':
      return ruleName;
    case 'session':
      return sessionId;
    default:
      return '';
  }
}

function comparePlaces(a: SessionPlace, b: SessionPlace): number {
  return a.lastAt - b.lastAt || (a.sessionId < b.sessionId ? -1 : Number(a.sessionId > b.sessionId));
}

/** Each time is a bucket of its own. */
function timesOf(times: readonly number[]): TimesUpTo[] {
  const counts = new Map<number, number>();
  for (const time of times) counts.set(time, (counts.get(time) ?? 0) + 1);
  return [...counts].map(([upTo, count]) => ({ upTo, count })).sort((a, b) => a.upTo - b.upTo);
}
