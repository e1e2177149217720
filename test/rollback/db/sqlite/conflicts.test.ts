import { beforeEach, describe, expect, it } from 'vitest';
import { RollbackFailedError } from '../../../../src/index.ts';
import { contents, now, undo } from '../driven.ts';
import { db, doing, handler, rows } from './open.ts';

describe('what somebody else changed since', () => {
  beforeEach(() => {
    db.exec(`PRAGMA foreign_keys = ON; CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
      CREATE TABLE c (id INTEGER PRIMARY KEY, t INTEGER REFERENCES t ON DELETE CASCADE);
      INSERT INTO t VALUES (1, 'one'), (2, 'two')`);
  });

  it('is never lost, and is named', async () => {
    const done = await doing("UPDATE t SET a = 'x'");
    db.exec("UPDATE t SET a = 'edited' WHERE id = 2");
    const error = await undo(handler, done).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RollbackFailedError);
    expect((error as Error).message).toContain("t(id=2) is id = 2, a = 'edited'");
    expect(rows('SELECT * FROM t')).toEqual([
      { id: 1, a: 'x' },
      { id: 2, a: 'edited' },
    ]);
  });

  it('is not overwritten where the row was added again', async () => {
    const done = await doing('DELETE FROM t WHERE id = 1');
    db.exec("INSERT INTO t VALUES (1, 'another')");
    await expect(undo(handler, done)).rejects.toThrow(RollbackFailedError);
    expect(rows('SELECT a FROM t WHERE id = 1')).toEqual([{ a: 'another' }]);
  });

  it('keeps an added row that somebody refers to by now', async () => {
    const done = await doing("INSERT INTO t VALUES (7, 'new')");
    db.exec('INSERT INTO c VALUES (1, 7)');
    await expect(undo(handler, done)).rejects.toThrow('c(id=1) refers to t(id=7)');
    expect(rows('SELECT * FROM c')).toEqual([{ id: 1, t: 7 }]);
  });

  it('is overwritten where the caller says that he has seen it', async () => {
    const done = await doing("UPDATE t SET a = 'x'");
    db.exec("UPDATE t SET a = 'edited' WHERE id = 2; DELETE FROM t WHERE id = 1");
    const seen = await now(handler, done);
    await handler.restore(done.snapshot as never, { blobs: contents, now: seen });
    expect(rows('SELECT * FROM t')).toEqual([
      { id: 1, a: 'one' },
      { id: 2, a: 'two' },
    ]);
  });

  it('stands in the way when the table was altered or dropped', async () => {
    const done = await doing("UPDATE t SET a = 'x'");
    db.exec('ALTER TABLE t ADD COLUMN more TEXT');
    await expect(undo(handler, done)).rejects.toThrow('was altered since');
    db.exec('DROP TABLE c; DROP TABLE t');
    await expect(undo(handler, done)).rejects.toThrow('no table');
  });

  it('is refused by a foreign key: nothing of the rest is put back', async () => {
    db.exec('INSERT INTO c VALUES (1, 1)');
    const done = await doing('DELETE FROM c WHERE id = 1');
    db.exec('DELETE FROM t WHERE id = 1');
    await expect(undo(handler, done)).rejects.toThrow('FOREIGN KEY');
    expect(rows('SELECT * FROM c')).toEqual([]);
    expect(db.isTransaction).toBe(false);
  });
});
