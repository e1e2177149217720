import { describe, expect, it } from 'vitest';
import { ConfigValidationError } from '../../../src/core/errors.ts';
import { RUNNING } from '../../../src/stores/sqlite/entries.ts';
import { type EntryFilter, queryOf } from '../../../src/stores/sqlite/entry-query.ts';
import { decided, done, draftOf, START } from '../../../src/testing/store/records.ts';
import { ProjectedJournal } from './projected-journal.ts';
import { openDatabase } from './stored-journal.ts';

/** One filter of each field, none of which finds an entry. */
const SINGLE_FILTERS: readonly EntryFilter[] = [
  { agentId: 'none' },
  { taskId: 'none' },
  { sessionId: 'none' },
  { verdict: 'DEFER' },
  { outcome: 'DEFER' },
  { actionType: 'none' },
  { toolName: 'none' },
  { ruleName: 'none' },
  { tags: ['none'] },
  { tags: ['none', 'a'] },
  { fromTime: new Date(START - 1000) },
  { toTime: new Date(START + 1000) },
  { fromTime: new Date(START), toTime: new Date(START) },
  { search: 'none' },
  { before: 1 },
];

const ids = (entries: readonly { readonly actionId: string }[]): string[] =>
  entries.map(({ actionId }) => actionId);

/** A journal of so many plain actions, a0 the oldest. */
function plain(count: number): ProjectedJournal {
  const made = new ProjectedJournal();
  made.append(...Array.from({ length: count }, (_, i) => [decided(`a${i}`), done(`a${i}`, i)]).flat());
  made.projection.catchUp();
  return made;
}

describe('entries', () => {
  it.each(SINGLE_FILTERS)('are found without reading through the table or sorting: %j', (filter) => {
    const { database } = plain(3);
    const query = queryOf(database, filter);
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN ${query?.sql}`)
      .all(...(query?.values ?? []))
      .map(({ detail }) => String(detail));
    expect(plan.filter((step) => step.startsWith('SCAN') && !step.includes('VIRTUAL TABLE INDEX'))).toEqual(
      [],
    );
    expect(plan.filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
  });

  it('are found without a look at the table where nothing lies between the times', () => {
    const { database } = plain(3);
    expect(queryOf(database, { fromTime: new Date(START + 60_000) })).toBeUndefined();
    expect(queryOf(database, { toTime: new Date(START - 60_000) })).toBeUndefined();
  });

  it('that are interrupted are found by the index of those that did not end', () => {
    const { database } = plain(3);
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${RUNNING}`).all();
    expect(plan.map(({ detail }) => detail)).toEqual(['SEARCH entries USING INDEX entries_open (state=?)']);
  });

  it('are found by the condition that leaves the fewest', () => {
    const made = plain(20);
    made.append(decided('rare', { agentId: 'rare' }));
    made.projection.catchUp();
    const leads = (filter: EntryFilter): string =>
      /WHERE (\S+)/.exec(queryOf(made.database, filter)?.sql ?? '')?.[1] ?? '';
    expect(leads({ agentId: 'rare', toolName: 'read_file', outcome: 'ALLOW' })).toBe('e.agent_id');
    expect(leads({ agentId: 'worker', tags: ['none'] })).toBe('t.tag');
    expect(leads({ agentId: 'rare', tags: ['a'] })).toBe('e.agent_id');
    const query = queryOf(made.database, {
      agentId: 'rare',
      toolName: 'read_file',
      outcome: 'ALLOW',
      verdict: 'ALLOW',
    });
    const plan = made.database.prepare(`EXPLAIN QUERY PLAN ${query?.sql}`).all(...(query?.values ?? []));
    expect(plan.map(({ detail }) => detail)).toEqual(['SEARCH e USING INDEX entries_agent (agent_id=?)']);
    expect(ids(made.projection.entries({ agentId: 'rare', toolName: 'read_file', tags: ['a'] }))).toEqual([
      'rare',
    ]);
  });

  it('come page by page, each once, also while more are written', () => {
    const made = plain(25);
    const seen: string[] = [];
    let before: number | undefined;
    for (;;) {
      const { entries, next } = made.projection.page({ limit: 10, before, toolName: 'read_file' });
      seen.push(...ids(entries));
      made.append(decided(`later${seen.length}`));
      if (next === null) break;
      before = next;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `a${24 - i}`));
  });

  it('are limited as a loop would limit them', () => {
    const { projection } = plain(120);
    const count = (limit?: number): number => projection.entries({ limit }).length;
    expect([undefined, 0, -1, Number.NaN, 0.5, 2, 2.5, 1000, Number.POSITIVE_INFINITY].map(count)).toEqual([
      100, 0, 0, 0, 1, 2, 3, 120, 120,
    ]);
  });

  it('without a task are not found by any, and null asks for none', () => {
    const made = plain(2);
    made.append(decided('b', { taskId: 'null' }));
    expect(ids(made.projection.entries({ taskId: 'null' }))).toEqual(['b']);
    expect(ids(made.projection.entries({ taskId: null as unknown as string }))).toEqual(['a1', 'a0']);
  });

  it.each([
    { fromTime: 'yesterday' },
    { toTime: new Date(Number.NaN) },
    { fromTime: '', search: 'x' },
    { toTime: 'x', limit: 0 },
  ])('are refused by a time that cannot be read: %j', (filter) => {
    expect(() => plain(1).projection.entries(filter)).toThrow(ConfigValidationError);
  });

  it('are found by time although they were not written in its order', () => {
    const made = new ProjectedJournal();
    const at = (minutes: number) => new Date(START + minutes * 60_000);
    for (const minutes of [0, 100, 3, 2, -100_000_000, 1, 99]) {
      made.append(decided(`at ${minutes}`, { timestamp: at(minutes) }));
    }
    expect(ids(made.projection.entries({ fromTime: at(1), toTime: at(3) }))).toEqual([
      'at 1',
      'at 2',
      'at 3',
    ]);
    expect(ids(made.projection.entries({ toTime: at(-1) }))).toEqual(['at -100000000']);
    expect(ids(made.projection.entries({ fromTime: at(99) }))).toEqual(['at 99', 'at 100']);
  });

  it('of an action that was decided again are found by what was decided last', () => {
    const made = new ProjectedJournal();
    const waiting = { state: 'waiting', verdict: 'ESCALATE', outcome: 'ESCALATE' };
    made.append(
      draftOf('waiting', 'a', { ...decided('a', { ...waiting, tags: ['old'], intent: 'asks' }).body() }),
    );
    made.append(decided('b'));
    expect(ids(made.projection.entries({ verdict: 'ESCALATE', tags: ['old'], search: 'asks' }))).toEqual([
      'a',
    ]);
    made.append(decided('a', { tags: ['new'], intent: 'goes', agentId: 'other' }), done('a', 1));
    expect(made.projection.entries({ verdict: 'ESCALATE' })).toEqual([]);
    expect(made.projection.entries({ tags: ['old'] })).toEqual([]);
    expect(made.projection.entries({ search: 'asks' })).toEqual([]);
    const filter = { tags: ['new'], search: 'goes', agentId: 'other', outcome: 'ALLOW' } as const;
    expect(ids(made.projection.entries(filter))).toEqual(['a']);
    expect(ids(made.projection.entries({}))).toEqual(['b', 'a']);
  });
});

describe('a search', () => {
  const made = (): ProjectedJournal => {
    const journal = new ProjectedJournal();
    const texts = [
      'rm -rf /etc/passwd',
      'git status',
      'résumé of "the" règlement',
      'rmdir tmp',
      'SELECT * FROM t',
    ];
    journal.append(
      ...texts.map((intent, i) => decided(`a${i}`, { intent, reason: i === 1 ? 'It is harmless' : '' })),
    );
    return journal;
  };

  it.each([
    ['rm', ['a3', 'a0']],
    ['RM -RF', ['a0']],
    ['/etc/pass', ['a0']],
    ['resume', ['a2']],
    ['harm git', ['a1']],
    ['git rm', []],
    ['status git', ['a1']],
    ['"the"', ['a2']],
    ['the"', ['a2']],
    ['*', []],
    ['sel', ['a4']],
    ['  ', ['a4', 'a3', 'a2', 'a1', 'a0']],
    ['', ['a4', 'a3', 'a2', 'a1', 'a0']],
  ])('finds words and beginnings of words: %s', (search, found) => {
    expect(ids(made().projection.entries({ search }))).toEqual(found);
  });

  it('reads whatever is typed as words, never as a query', () => {
    const { projection } = made();
    for (const search of [
      'OR',
      'rm OR',
      'AND NOT',
      'NEAR(a b)',
      'intent:rm',
      '^rm',
      'rm*',
      '(',
      '-',
      '"',
      '""',
      '{}',
    ]) {
      expect(() => projection.entries({ search })).not.toThrow();
    }
    expect(ids(projection.entries({ search: 'rm\0tmp' }))).toEqual(['a3']);
    expect(projection.entries({ search: 'intent:git' })).toEqual([]);
    expect(() => projection.entries({ search: `\ud800 ${'rm '.repeat(3000)}` })).not.toThrow();
  });

  it('goes with every other filter', () => {
    const journal = made();
    journal.append(
      decided('other', { intent: 'rm all', agentId: 'x', tags: ['t'], timestamp: new Date(START + 1) }),
    );
    const filters: EntryFilter[] = [
      { agentId: 'x' },
      { tags: ['t'] },
      { fromTime: new Date(START + 1) },
      { limit: 1 },
    ];
    for (const filter of filters) {
      expect(ids(journal.projection.entries({ search: 'rm', ...filter }))).toEqual(['other']);
    }
    const { entries, next } = journal.projection.page({ search: 'rm', limit: 1 });
    expect(ids(entries)).toEqual(['other']);
    expect(ids(journal.projection.entries({ search: 'rm', before: next ?? 0 }))).toEqual(['a3', 'a0']);
  });

  it('finds nothing in an empty journal, and needs no lock', () => {
    const journal = new ProjectedJournal();
    expect(journal.projection.entries({ search: 'rm' })).toEqual([]);
    const other = openDatabase(journal.database.path);
    other.transaction(() => {
      other.prepare("INSERT INTO freezes VALUES (1, 'held', 0, 'test')").run();
      expect(journal.projection.entries({ search: 'rm' })).toEqual([]);
    });
  });
});
