import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../../src/core/chain.ts';
import { JournalTable } from '../../../src/stores/sqlite/journal-table.ts';
import { journalRecords } from '../../../src/stores/sqlite/records.ts';
import { Writers } from '../../../src/stores/sqlite/writers.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { decided, done, START } from '../../../src/testing/store/records.ts';
import { FailingDatabase } from './failing-database.ts';
import { by, sha256 } from './open-store.ts';

const clock = new FakeClock(START);

function open(): { database: FailingDatabase; table: JournalTable; places: () => string[] } {
  const database = new FailingDatabase();
  const table = new JournalTable(database, new Writers(database, clock, hostname()), sha256);
  const places = (): string[] => {
    const records = [...journalRecords(database)];
    expect(records.every(({ position }, index) => position === index + 1)).toBe(true);
    const own = records.filter(({ writer }) => writer.id === 'w');
    expect(verifyChain(own, sha256).brokenAt).toBeNull();
    return records.map(({ actionId, kind, seq }) => `${actionId} ${kind} ${seq}`);
  };
  return { database, table, places };
}

const draftOf = (id: string) => by('w', decided(id));
const COMMIT = /^COMMIT$/;
const LOOK = /SELECT hash FROM journal WHERE position/;

describe('a COMMIT that fails', () => {
  it('before it wrote anything fails the append, and the chain goes on where it was', () => {
    const { database, table, places } = open();
    table.write([[draftOf('a')]]);
    database.fails = [{ sql: COMMIT, when: 'before' }];
    expect(() => table.write([[draftOf('b')]])).toThrow('the disk failed');
    database.fails = [];
    table.write([[draftOf('c')]]);
    expect(places()).toEqual(['a decided 1', 'c decided 2']);
  });

  it('before it wrote the first record of a writer leaves the writer new', () => {
    const { database, table, places } = open();
    database.fails = [{ sql: COMMIT, when: 'before' }];
    expect(() => table.write([[draftOf('a')]])).toThrow('the disk failed');
    database.fails = [];
    table.write([[draftOf('b')]]);
    expect(places()).toEqual(['b decided 1']);
  });

  it('after it wrote all the same is no failure', () => {
    const { database, table, places } = open();
    database.fails = [{ sql: COMMIT, when: 'after' }];
    expect(table.write([[draftOf('a')]]).records.length).toBe(1);
    database.fails = [];
    table.write([[by('w', done('a', 1))]]);
    expect(places()).toEqual(['a decided 1', 'a done 2']);
  });

  it('is a failure where nobody can look, and what was written then is not written twice', () => {
    const { database, table, places } = open();
    table.write([[draftOf('before')]]);
    const owed = [draftOf('a'), by('w', done('a', 1))];
    database.fails = [
      { sql: COMMIT, when: 'after' },
      { sql: LOOK, when: 'before' },
    ];
    expect(() => table.write([owed])).toThrow('the disk failed');
    expect(() => table.write([owed])).toThrow('the disk failed');
    database.fails = [];
    table.write([owed, [draftOf('b')]]);
    table.write([[draftOf('c')]]);
    expect(places()).toEqual(['before decided 1', 'a decided 2', 'a done 3', 'b decided 4', 'c decided 5']);
  });

  it('is a failure where nobody can look, and what was not written is written then', () => {
    const { database, table, places } = open();
    const owed = [draftOf('a')];
    database.fails = [
      { sql: COMMIT, when: 'before' },
      { sql: LOOK, when: 'before' },
    ];
    expect(() => table.write([owed])).toThrow('the disk failed');
    database.fails = [];
    table.write([[draftOf('b')], owed]);
    expect(places()).toEqual(['b decided 1', 'a decided 2']);
  });
});

describe('a statement that fails within a transaction', () => {
  it.each([/INSERT INTO journal/, /INSERT OR IGNORE INTO writers/, /^BEGIN/])(
    '(%s) leaves nothing behind',
    (sql) => {
      const { database, table, places } = open();
      table.write([[by('other', decided('a'))]]);
      database.fails = [{ sql, when: 'after' }];
      expect(() => table.write([[draftOf('b'), draftOf('c')]])).toThrow('the disk failed');
      database.fails = [];
      table.write([[draftOf('d')]]);
      expect(places()).toEqual(['a decided 1', 'd decided 1']);
    },
  );
});
