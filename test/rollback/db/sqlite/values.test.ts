import { describe, expect, it } from 'vitest';
import { contents, undo } from '../driven.ts';
import { db, doing, handler, openDatabase, rows } from './open.ts';

describe('names', () => {
  it('with quotes, spaces and SQL in them are put back correctly', async () => {
    const table = '"users""; DROP TABLE users; --"';
    const column = '"na""me = 1, [x] \' -- y"';
    db.exec(`CREATE TABLE users (id INTEGER PRIMARY KEY); INSERT INTO users VALUES (1);
      CREATE TABLE ${table} ("the key; --" TEXT PRIMARY KEY, ${column} TEXT, "ünïcode" INT, "select" INT);
      INSERT INTO ${table} VALUES ('a'' OR 1=1 --', 'it''s', 1, 2), ('"b"', '""', 3, 4);`);
    const dump = (): unknown[] => rows(`SELECT * FROM ${table} ORDER BY 1`);
    const before = dump();
    const changed = await doing(`UPDATE ${table} SET ${column} = ?, "select" = 9`, ['x']);
    const deleted = await doing(`DELETE FROM ${table} WHERE "the key; --" = ?`, ["a' OR 1=1 --"]);
    const inserted = await doing(`INSERT INTO ${table} VALUES (?, 'v', 1, 1)`, ["'); DROP TABLE users; --"]);
    for (const done of [inserted, deleted, changed]) await undo(handler, done);
    expect(dump()).toEqual(before);
    expect(rows('SELECT * FROM users')).toEqual([{ id: 1 }]);
  });

  it('of columns that look like members of objects are columns', async () => {
    db.exec(
      'CREATE TABLE "constructor" ("__proto__" INTEGER PRIMARY KEY, "toString" TEXT); INSERT INTO constructor VALUES (1, \'a\')',
    );
    const done = await doing('UPDATE "constructor" SET "toString" = 2');
    await undo(handler, done);
    expect(rows('SELECT "toString" AS s FROM constructor')).toEqual([{ s: 'a' }]);
  });
});

describe('values', () => {
  const VALUES = [
    'NULL',
    '0',
    '-1',
    '9007199254740993',
    '9223372036854775807',
    '-9223372036854775808',
    '0.1',
    '1.0',
    '-0.0',
    '1e308',
    '5e-324',
    '9e999',
    '-9e999',
    "''",
    "'plain'",
    "'it''s'",
    "'line\nbreak'",
    "'ünïcødé 𝄞'",
    "'\u202e'",
    "x''",
    "x'00ff27'",
    "CAST(x'ff00fe' AS TEXT)",
    "'a' || char(0) || 'b'",
    "'42'",
    "'1.50'",
    "'x''00'''",
    'zeroblob(100000)',
    'json(\'{"a": 1}\')',
  ];

  it.each(['', 'STRICT'])('of every type come back as they were (%s)', async (strict) => {
    db.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, v ${strict === '' ? '' : 'ANY'}) ${strict}`);
    db.exec(`INSERT INTO t (v) VALUES ${VALUES.map((value) => `(${value})`).join(', ')}`);
    const dump = (): unknown[] =>
      rows(
        "SELECT id, typeof(v) AS type, hex(CAST(v AS BLOB)) AS bytes, v IS 9e999 AS inf, printf('%!.26g', v) AS real FROM t",
      );
    const before = dump();
    const changed = await doing('UPDATE t SET v = 1');
    await undo(handler, changed);
    expect(dump()).toEqual(before);
    await undo(handler, await doing('DELETE FROM t'));
    expect(dump()).toEqual(before);
  });

  it.each(['UTF-16le', 'UTF-16be'])('of a database in %s come back too', async (encoding) => {
    db.exec(`PRAGMA encoding = '${encoding}'; CREATE TABLE t (id TEXT PRIMARY KEY, v)`);
    db.prepare('INSERT INTO t VALUES (?, ?)').run('ключ 𝄞', "it's");
    db.exec("INSERT INTO t VALUES ('b', CAST(x'00d8' AS TEXT))");
    const before = rows('SELECT hex(id) AS id, hex(v) AS v FROM t');
    const done = await doing('DELETE FROM t');
    expect(done.snapshot?.before).toHaveProperty(["t(id='ключ 𝄞')"]);
    await undo(handler, done);
    expect(rows('SELECT hex(id) AS id, hex(v) AS v FROM t')).toEqual(before);
  });

  it('are read the same from a connection that returns arrays and large integers', async () => {
    openDatabase({ readBigInts: true, returnArrays: true });
    db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (9223372036854775807, 1.5)');
    const done = await doing('DELETE FROM t');
    expect(done.snapshot?.before).toEqual({
      't(id=9223372036854775807)': 'id = 9223372036854775807, v = 1.5',
    });
    await undo(handler, done);
    expect(db.prepare('SELECT * FROM t').all()).toEqual([[9223372036854775807n, 1.5]]);
  });

  it('that are large are kept as a content, and shown by their hash', async () => {
    db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (1, hex(randomblob(50000)))');
    const before = rows('SELECT * FROM t');
    const kept = contents.size;
    const done = await doing('UPDATE t SET v = NULL');
    expect(contents.size).toBe(kept + 1);
    expect(JSON.stringify(done.snapshot?.data).length).toBeLessThan(1_000);
    expect(done.snapshot?.before?.['t(id=1)']).toMatch(/… \(100002 characters, SHA-256 [0-9a-f]{64}\)$/);
    await undo(handler, done);
    expect(rows('SELECT * FROM t')).toEqual(before);
  });
});
