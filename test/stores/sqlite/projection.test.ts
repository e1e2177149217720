import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openRecord, type RecordDraft } from '../../../src/core/chain.ts';
import { type AuditEntry, foldEntry } from '../../../src/core/entry.ts';
import { matchesFilter } from '../../../src/stores/filter.ts';
import { Projection } from '../../../src/stores/sqlite/projection.ts';
import type { AuditFilter } from '../../../src/stores/store.ts';
import { DECIDED, decided, done, draftOf, failed, START } from '../../../src/testing/store/records.ts';
import { soakFactor } from '../../seed.ts';
import { runAll } from './child-processes.ts';
import { contentOf, madeAtOnce, ProjectedJournal } from './projected-journal.ts';
import { openDatabase } from './stored-journal.ts';

const NAMES = ['x', 'y', '__proto__', ''] as const;
const OUTCOMES = ['ALLOW', 'WARN', 'BLOCK'] as const;

/** A record of one of a few actions, in any order: what makes no sense must do no harm. */
const drafts: fc.Arbitrary<RecordDraft> = fc
  .record({
    action: fc.nat(11).map((number) => (number === 11 ? '' : `a${number}`)),
    writer: fc.constantFrom('first', 'second'),
    kind: fc.constantFrom(
      'decided',
      'decided',
      'waiting',
      'done',
      'done',
      'failed',
      'rolled_back',
      'approval',
    ),
    name: fc.constantFrom(...NAMES),
    tool: fc.constantFrom(...NAMES),
    task: fc.constantFrom('x', null),
    rule: fc.constantFrom('r1', 'r2', null),
    outcome: fc.constantFrom(...OUTCOMES),
    tags: fc.subarray(['a', 'b', 'c']),
    seconds: fc.nat(200),
  })
  .map(({ action, writer, kind, name, tool, task, rule, outcome, tags, seconds }) => {
    const as = (draft: RecordDraft): RecordDraft => ({ ...draft, writer: { ...draft.writer, id: writer } });
    if (kind === 'done') return as(done(action, seconds));
    if (kind === 'failed') return as(failed(action, 'disk full'));
    if (kind !== 'decided' && kind !== 'waiting') return as(draftOf(kind as 'approval', action, {}));
    const timestamp = new Date(START + 1000 * seconds);
    const body = {
      agentId: name,
      toolName: tool,
      taskId: task,
      ruleName: rule,
      verdict: outcome,
      outcome,
      tags,
    };
    return as(
      draftOf(kind, action, { ...DECIDED, ...body, actionId: action, timestamp, intent: `${name} ${tool}` }),
    );
  });

const filters: fc.Arbitrary<AuditFilter> = fc.record(
  {
    agentId: fc.constantFrom(...NAMES),
    toolName: fc.constantFrom(...NAMES),
    taskId: fc.constant('x'),
    sessionId: fc.constant('none'),
    verdict: fc.constantFrom(...OUTCOMES),
    outcome: fc.constantFrom(...OUTCOMES),
    actionType: fc.constant('file.read'),
    tags: fc.subarray(['a', 'b', 'c']),
    fromTime: fc.nat(200).map((seconds) => new Date(START + 1000 * seconds)),
    toTime: fc.nat(200).map((seconds) => new Date(START + 1000 * seconds).toISOString()),
    limit: fc.constantFrom(0, 1, 2.5, 100, -1, Number.NaN, Number.POSITIVE_INFINITY),
  },
  { requiredKeys: [] },
);

/** The entries of a journal, newest first, by reading all of it. */
function entriesOf({ journal }: ProjectedJournal): AuditEntry[] {
  const actions = Map.groupBy(journal.records.map(openRecord), ({ actionId }) => actionId);
  const found = [...actions].flatMap(([actionId, records]) => {
    const from = records.findIndex(({ kind }) => kind === 'decided' || kind === 'waiting');
    const entry = actionId === '' || from === -1 ? undefined : foldEntry(records.slice(from));
    return entry === undefined ? [] : [{ entry, position: records[from]?.position ?? 0 }];
  });
  return found.sort((a, b) => b.position - a.position).map(({ entry }) => entry);
}

function filtered(entries: readonly AuditEntry[], filter: AuditFilter): AuditEntry[] {
  const found: AuditEntry[] = [];
  const matches = matchesFilter(filter);
  for (const entry of entries) if (found.length < (filter.limit ?? 100) && matches(entry)) found.push(entry);
  return found;
}

describe('the projection', () => {
  it('tells of every action what its records say, by any filter, however the records came', () => {
    const steps = fc.array(fc.oneof({ weight: 8, arbitrary: drafts }, fc.constant(null)), { maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.array(filters, { maxLength: 5 }), (records, asked) => {
        const made = new ProjectedJournal();
        for (const draft of records) {
          if (draft === null) made.projection.catchUp();
          else made.append(draft);
        }
        const entries = entriesOf(made);
        expect(made.projection.entries({ limit: Number.POSITIVE_INFINITY })).toEqual(entries);
        for (const filter of asked) {
          expect(made.projection.entries(filter)).toEqual(filtered(entries, filter));
        }
        for (const entry of entries) expect(made.projection.entry(entry.actionId)).toEqual(entry);
        expect(contentOf(made.database)).toEqual(madeAtOnce(made));
        made.database.close();
      }),
      { numRuns: 40 * Math.min(soakFactor, 10) },
    );
  });

  it('is the same after pruning as one made of what is left', () => {
    const steps = fc.array(fc.oneof({ weight: 8, arbitrary: drafts }, fc.nat()), {
      minLength: 10,
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, fc.boolean(), (records, always) => {
        const made = new ProjectedJournal();
        for (const step of records) {
          if (typeof step === 'object') made.append(step);
          else {
            if (always || step % 2 === 0) made.projection.catchUp();
            const { length } = made.journal.records;
            if (length > 1) made.prune(made.journal.records[step % (length - 1)]?.position ?? 0);
          }
        }
        made.projection.catchUp();
        expect(contentOf(made.database)).toEqual(madeAtOnce(made));
        made.database.close();
      }),
      { numRuns: 30 * Math.min(soakFactor, 10) },
    );
  });

  it('keeps nothing of what was pruned', () => {
    const made = new ProjectedJournal();
    for (let minute = 0; minute < 5; minute++) {
      made.append(decided(`a${minute}`, { timestamp: new Date(START + minute * 60_000), ruleName: 'r' }));
    }
    made.projection.catchUp();
    made.prune(3);
    const count = (table: string): unknown =>
      made.database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.rows;
    expect(['entries', 'entry_tags', 'entries_text', 'entry_minutes', 'rollups'].map(count)).toEqual([
      2, 2, 2, 2, 10,
    ]);
  });

  it('keeps an action that was decided again behind what was pruned', () => {
    const made = new ProjectedJournal();
    made.append(draftOf('waiting', 'a', { ...decided('a').body(), state: 'waiting', intent: 'asks' }));
    made.append(decided('b'), decided('a', { intent: 'goes' }), done('a', 1));
    made.projection.catchUp();
    made.prune(2);
    expect(made.projection.entries({ search: 'goes', tags: ['a'] })).toMatchObject([
      { actionId: 'a', state: 'done', result: 1 },
    ]);
    expect(made.projection.entries({}).length).toBe(1);
    expect(made.projection.counts({ dimension: 'all' })).toMatchObject([{ outcome: 'ALLOW', count: 1 }]);
  });

  it('takes up what takes several transactions', () => {
    const made = new ProjectedJournal();
    made.append(...Array.from({ length: 1300 }, (_, i) => decided(`a${i}`)));
    made.append(...Array.from({ length: 1300 }, (_, i) => done(`a${i}`, i)));
    made.projection.catchUp();
    expect(made.projection.counts({ dimension: 'all' })).toMatchObject([{ outcome: 'ALLOW', count: 1300 }]);
    expect(made.projection.entries({ limit: 2000 }).map(({ result }) => result)).toEqual(
      Array.from({ length: 1300 }, (_, i) => 1299 - i),
    );
  });

  it('takes up each record once when several processes do so at the same time', async () => {
    const made = new ProjectedJournal();
    made.append(...Array.from({ length: 2000 }, (_, i) => [decided(`a${i}`), failed(`a${i}`, 'no')]).flat());
    const { path } = made.database;
    const task = ['catch-up', path];
    expect(await runAll([task, task, task])).toEqual(['2000', '2000', '2000']);
    expect(made.projection.counts({ dimension: 'all' })).toMatchObject([{ outcome: 'ERROR', count: 2000 }]);
    expect(contentOf(made.database)).toEqual(madeAtOnce(made));
  });

  it('with nothing new writes nothing and waits for nobody', () => {
    const made = new ProjectedJournal();
    made.append(decided('a'));
    made.projection.catchUp();
    const other = openDatabase(made.database.path);
    other.transaction(() => {
      other.prepare("INSERT INTO freezes VALUES (1, 'held', 0, 'test')").run();
      expect(made.projection.entries({}).length).toBe(1);
      expect(made.projection.counts({ dimension: 'tool' }).length).toBe(1);
    });
  });

  it('begins anew where it has lost its place, without counting twice', () => {
    const made = new ProjectedJournal();
    made.append(decided('a'), failed('a', 'no'), decided('b'));
    made.projection.catchUp();
    const before = contentOf(made.database);
    for (const lost of ['DELETE FROM projection', 'UPDATE projection SET position = 1, text_position = 0']) {
      made.database.prepare(lost).run();
      made.projection.catchUp();
      expect(contentOf(made.database)).toEqual(before);
    }
  });
});

describe('an action of a writer that is gone', () => {
  const alive = new Set(['first']);
  const by = (writer: string, draft: RecordDraft) => ({ ...draft, writer: { ...draft.writer, id: writer } });

  it('is interrupted where it did not end, whether it ran or waited for a person', () => {
    const made = new ProjectedJournal({ writerIsAlive: (id) => alive.has(id) });
    made.append(decided('runs'), by('gone', decided('lost')), by('gone', decided('ended')));
    made.append(by('gone', done('ended', 1)), by('gone', decided('refused', { state: 'refused' })));
    made.append(by('gone', draftOf('waiting', 'waits', { ...DECIDED, actionId: 'waits', state: 'waiting' })));
    made.append(by('gone', decided('lost too')), by('gone', decided('taken over')), done('taken over', 1));
    expect(made.projection.interrupted().map(({ actionId, state }) => `${actionId}: ${state}`)).toEqual([
      'lost too: interrupted',
      'lost: interrupted',
    ]);
    expect(made.projection.entry('lost')?.state).toBe('interrupted');
    expect(made.projection.entries({}).map(({ actionId, state }) => `${actionId}: ${state}`)).toEqual([
      'taken over: done',
      'lost too: interrupted',
      'waits: interrupted',
      'refused: refused',
      'ended: done',
      'lost: interrupted',
      'runs: running',
    ]);
  });
});

describe('a process whose SQLite has no full-text search', () => {
  it('keeps all the rest, and leaves the texts for one that has it', () => {
    const made = new ProjectedJournal({ fullText: false });
    const able = new Projection(made.database, { writerIsAlive: () => true });
    made.append(draftOf('waiting', 'a', { ...DECIDED, intent: 'delete everything', state: 'waiting' }));
    expect(made.projection.entries({}).length).toBe(1);
    expect(() => made.projection.entries({ search: 'delete' })).toThrow(/Node 22\.16/);
    expect(able.entries({ search: 'delete' }).length).toBe(1);
    made.append(decided('a', { intent: 'delete nothing' }), decided('b', { intent: 'read' }), done('b', 1));
    made.append(...Array.from({ length: 1200 }, (_, i) => decided(`c${i}`, { intent: 'read too' })));
    made.projection.catchUp();
    expect(able.entries({ search: 'everything' })).toEqual([]);
    expect(able.entries({ search: 'nothing' }).map(({ actionId }) => actionId)).toEqual(['a']);
    expect(able.entries({ search: 'read', limit: 5000 }).length).toBe(1202);
    made.prune(1);
    expect(able.entries({ search: 'nothing' }).map(({ actionId }) => actionId)).toEqual(['a']);
    made.prune(2);
    expect(able.entries({ search: 'nothing' })).toEqual([]);
    expect(contentOf(made.database)).toEqual(madeAtOnce(made));
  });
});
