import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { ApprovalSpentError } from '../../../src/core/approval.ts';
import { ApprovalRows } from '../../../src/stores/sqlite/approval-rows.ts';
import { JournalTable } from '../../../src/stores/sqlite/journal-table.ts';
import { journalRecords } from '../../../src/stores/sqlite/records.ts';
import { Writers } from '../../../src/stores/sqlite/writers.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { askOf, relying, voteBy } from '../../../src/testing/store/approvals.ts';
import { decided, START } from '../../../src/testing/store/records.ts';
import { FailingDatabase } from './failing-database.ts';
import { by, sha256 } from './open-store.ts';

const COMMIT = /^COMMIT$/;
const LOOK = /SELECT hash FROM journal WHERE position/;

/** A journal beside the approved requests `a` and `b`. */
function open() {
  const database = new FailingDatabase();
  const table = new JournalTable(database, new Writers(database, new FakeClock(START), hostname()), sha256);
  const rows = new ApprovalRows(database);
  for (const id of ['a', 'b']) {
    const decision = {
      state: 'approved',
      votes: [voteBy('ann')],
      decidedBy: 'ann',
      decidedAt: null,
    } as const;
    rows.enter({ ...askOf(id), ...decision, note: null, consumedBy: null });
  }
  return {
    database,
    table,
    ids: () => [...journalRecords(database)].map(({ actionId }) => actionId),
    consumers: () => rows.approvals({}, 10).map(({ consumedBy }) => consumedBy),
  };
}

const claim = (actionId: string, approvalId: string) => by('w', relying(actionId, { approvalId }));

describe('a decision that relies on a request, whose COMMIT fails', () => {
  it('before it wrote anything consumes nothing, and can be made again', () => {
    const { database, table, ids, consumers } = open();
    const owed = [claim('one', 'a')];
    database.fails = [{ sql: COMMIT, when: 'before' }];
    expect(() => table.write([owed])).toThrow('the disk failed');
    database.fails = [];
    expect(consumers()).toEqual([null, null]);
    expect(table.write([owed]).failures.size).toBe(0);
    expect([ids(), consumers()]).toEqual([['one'], [null, 'one']]);
  });

  it('after it wrote all the same is no failure, and what is spent in its batch is one', () => {
    const { database, table, ids, consumers } = open();
    database.fails = [{ sql: COMMIT, when: 'after' }];
    const { failures, taken } = table.write([
      [claim('one', 'a')],
      [claim('two', 'a')],
      [by('w', decided('three'))],
    ]);
    expect([taken, [...failures.keys()], failures.get(1)]).toEqual([3, [1], expect.any(ApprovalSpentError)]);
    expect([ids(), consumers()]).toEqual([
      ['one', 'three'],
      [null, 'one'],
    ]);
  });

  it('and is found written later is not spent when it is tried again, nor consumed twice', () => {
    const { database, table, ids, consumers } = open();
    const owed = [claim('one', 'a')];
    database.fails = [
      { sql: COMMIT, when: 'after' },
      { sql: LOOK, when: 'before' },
    ];
    expect(() => table.write([owed])).toThrow('the disk failed');
    database.fails = [];
    const { failures, records } = table.write([owed, [claim('two', 'a')], [claim('three', 'b')]]);
    expect([[...failures.keys()], records.map(({ actionId }) => actionId)]).toEqual([[1], ['three']]);
    expect([ids(), consumers()]).toEqual([
      ['one', 'three'],
      ['three', 'one'],
    ]);
  });

  it.each([/UPDATE approvals/, /SELECT .* FROM approvals/s, /INSERT INTO journal/])(
    'or another statement of it (%s) leaves nothing behind',
    (sql) => {
      const { database, table, ids, consumers } = open();
      database.fails = [{ sql, when: 'before' }];
      expect(() => table.write([[by('w', decided('x'))], [claim('one', 'a')]])).toThrow('the disk failed');
      database.fails = [];
      expect([ids(), consumers()]).toEqual([[], [null, null]]);
      expect(table.write([[claim('one', 'a')]]).failures.size).toBe(0);
      expect(consumers()).toEqual([null, 'one']);
    },
  );
});
