import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { IrreversibleError, RollbackFailedError, sqliteRollback } from '../../../src/index.ts';
import type { RollbackHandler } from '../../../src/rollback/handler.ts';
import { type Acted, act, contents, irreversible, now, undo } from './driven.ts';

let db: DatabaseSync;
let handler: RollbackHandler;

beforeEach(() => {
  db = new DatabaseSync(':memory:');
  handler = sqliteRollback({ connection: db });
});

type Params = SQLInputValue[] | Record<string, SQLInputValue>;

function run(sql: string, params: Params = []): unknown {
  const statement = db.prepare(sql);
  return Array.isArray(params) ? statement.run(...params) : statement.run(params);
}

function doing(sql: string, params?: Params): Promise<Acted> {
  return act(handler, { sql, params }, () => run(sql, params));
}

function rows(sql: string): unknown[] {
  return db
    .prepare(sql)
    .all()
    .map((row) => ({ ...row }));
}

function why(sql: string, params?: Params): Promise<string | null> {
  return irreversible(handler, { sql, params });
}

describe('an UPDATE', () => {
  beforeEach(() => {
    db.exec(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, n); INSERT INTO t VALUES (1, 'one', 1), (2, 'two', 2), (3, 'three', 3)",
    );
  });

  it('is undone in the rows that its WHERE finds with the same values', async () => {
    const before = rows('SELECT * FROM t');
    const done = await doing('UPDATE t SET a = ?, n = n + ? WHERE id = ? OR a = ?', ['x', 10, 2, 'three']);
    expect(done.snapshot?.before).toEqual({
      't(id=2)': "id = 2, a = 'two', n = 2",
      't(id=3)': "id = 3, a = 'three', n = 3",
    });
    expect(done.snapshot?.after).toEqual({
      't(id=2)': "id = 2, a = 'x', n = 12.0",
      't(id=3)': "id = 3, a = 'x', n = 13.0",
    });
    await undo(handler, done);
    expect(rows('SELECT * FROM t')).toEqual(before);
  });

  it.each<[string, Params]>([
    ['UPDATE t SET a = ?2 WHERE id = ?1', [2, 'x']],
    ['UPDATE t SET a = :a WHERE id = :id', { a: 'x', id: 2 }],
    ['UPDATE t SET a = @a WHERE id = $id', { '@a': 'x', $id: 2 }],
    ['update main.T as q set "a" = ? -- the name\n where q.id = ? /* the key */;', ['x', 2]],
    [
      'UPDATE OR IGNORE t SET (a, n) = (?, 9) WHERE id IN (SELECT id FROM t WHERE id = ?) RETURNING *',
      ['x', 2],
    ],
  ])('may be written as %s', async (sql, params) => {
    const before = rows('SELECT * FROM t');
    const done = await doing(sql, params);
    expect(Object.keys(done.snapshot?.before ?? {})).toEqual([expect.stringMatching(/^t\(id=2\)$/i)]);
    expect(rows('SELECT a FROM t WHERE id = 2')).toEqual([{ a: 'x' }]);
    await undo(handler, done);
    expect(rows('SELECT * FROM t')).toEqual(before);
  });

  it('that moves unique values from row to row is undone in an order that works', async () => {
    db.exec(
      'CREATE TABLE p (id INTEGER PRIMARY KEY, pos INTEGER UNIQUE); INSERT INTO p VALUES (1, 3), (2, 2), (3, 1)',
    );
    const done = await doing('UPDATE p SET pos = pos + 1');
    await undo(handler, done);
    expect(rows('SELECT * FROM p ORDER BY id')).toEqual([
      { id: 1, pos: 3 },
      { id: 2, pos: 2 },
      { id: 3, pos: 1 },
    ]);
  });

  it('that finds no rows has nothing to undo', async () => {
    const done = await doing('UPDATE t SET a = 1 WHERE id = 99');
    expect(done.snapshot?.before).toEqual({});
    await undo(handler, done);
  });

  it('is put back once: a second time leaves the rows alone', async () => {
    const done = await doing('UPDATE t SET a = 1 WHERE id = 1');
    await undo(handler, done);
    db.exec("CREATE TEMP TRIGGER refuse BEFORE UPDATE ON main.t BEGIN SELECT RAISE(ABORT, 'written'); END");
    await undo(handler, done);
  });
});

describe('a DELETE', () => {
  it('is undone with the rows that foreign keys removed or changed after it', async () => {
    db.exec(`PRAGMA foreign_keys = ON;
      CREATE TABLE a (id INTEGER PRIMARY KEY, up INTEGER REFERENCES a ON DELETE CASCADE);
      CREATE TABLE b (id TEXT PRIMARY KEY, a INTEGER REFERENCES a (id) ON DELETE CASCADE) WITHOUT ROWID;
      CREATE TABLE c (id INTEGER PRIMARY KEY, b TEXT DEFAULT 'd' REFERENCES b ON DELETE SET DEFAULT, a INTEGER REFERENCES a ON DELETE SET NULL);
      INSERT INTO a VALUES (1, NULL), (2, 1), (3, 2), (4, NULL);
      INSERT INTO b VALUES ('d', 4), ('x', 3), ('y', 2);
      INSERT INTO c VALUES (1, 'x', 4), (2, 'd', 1), (3, 'y', 3);`);
    const dump = (): unknown[] => ['a', 'b', 'c'].map((table) => rows(`SELECT * FROM ${table} ORDER BY 1`));
    const before = dump();
    const done = await doing('DELETE FROM a WHERE id = 1');
    expect(rows('SELECT id FROM a')).toEqual([{ id: 4 }]);
    expect(Object.keys(done.snapshot?.before ?? {}).sort()).toEqual(
      ['a(id=1)', 'a(id=2)', 'a(id=3)', "b(id='x')", "b(id='y')", 'c(id=1)', 'c(id=2)', 'c(id=3)'].sort(),
    );
    await undo(handler, done);
    expect(dump()).toEqual(before);
  });

  it('captures rows whose reference differs in case where the collation of the key says that it may', async () => {
    db.exec(`PRAGMA foreign_keys = ON; CREATE TABLE a (id TEXT COLLATE NOCASE PRIMARY KEY);
      CREATE TABLE b (id INTEGER PRIMARY KEY, a TEXT REFERENCES a ON DELETE CASCADE);
      INSERT INTO a VALUES ('Key'); INSERT INTO b VALUES (1, 'kEY')`);
    const done = await doing("DELETE FROM a WHERE id = 'KEY'");
    expect(rows('SELECT * FROM b')).toEqual([]);
    await undo(handler, done);
    expect(rows('SELECT a FROM b')).toEqual([{ a: 'kEY' }]);
  });

  it('puts rows of a table without a key back under their row ids, generated columns left to the database', async () => {
    db.exec(
      "CREATE TABLE t (rowid TEXT, n, double AS (n * 2) STORED); INSERT INTO t VALUES ('r', 21), ('s', 4)",
    );
    const before = rows('SELECT _rowid_ AS id, * FROM t');
    const done = await doing('DELETE FROM t');
    expect(done.lost).toBeNull();
    await undo(handler, done);
    expect(rows('SELECT _rowid_ AS id, * FROM t')).toEqual(before);
  });
});

describe('an INSERT', () => {
  beforeEach(() => {
    db.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE); INSERT INTO t VALUES (5, 'five')");
  });

  it.each<[string, Params, number]>([
    ['INSERT INTO t VALUES (?, ?)', [7, 'x'], 1],
    ['INSERT INTO t (a, id) VALUES (?, -3), (?, 4)', ['x', 'y'], 2],
    ['INSERT INTO t (a) VALUES (?), (?), (?)', ['x', 'y', 'z'], 3],
    ['INSERT INTO t VALUES (NULL, ?)', ['x'], 1],
    ['INSERT INTO t (id, a) VALUES (?, ?)', [null as unknown as string, 'x'], 1],
    ['INSERT INTO t DEFAULT VALUES', [], 1],
    ["INSERT INTO t (a) SELECT a || '!' FROM t", [], 1],
    ['INSERT INTO t (id, a) SELECT 100, ? UNION ALL SELECT 101, ?', ['x', 'y'], 2],
    ["INSERT OR IGNORE INTO t (a) VALUES ('five'), ('six')", [], 1],
    ["INSERT INTO t VALUES (5, 'x'), (6, 'y') ON CONFLICT DO NOTHING", [], 1],
  ])('is undone by removing just its rows: %s', async (sql, params, count) => {
    const done = await doing(sql, params);
    expect(done.lost).toBeNull();
    expect(Object.keys(done.snapshot?.after ?? {})).toHaveLength(count);
    expect(rows('SELECT count(*) AS n FROM t')).toEqual([{ n: 1 + count }]);
    await undo(handler, done);
    expect(rows('SELECT * FROM t')).toEqual([{ id: 5, a: 'five' }]);
  });

  it('whose keys are computed is undone by its row ids', async () => {
    db.exec('CREATE TABLE u (id TEXT PRIMARY KEY DEFAULT (hex(randomblob(8))), n)');
    db.exec("INSERT INTO u VALUES ('kept', 1)");
    await undo(handler, await doing('INSERT INTO u (n) VALUES (2), (3)'));
    await undo(handler, await doing('INSERT INTO u VALUES (hex(randomblob(8)), 4)'));
    expect(rows('SELECT * FROM u')).toEqual([{ id: 'kept', n: 1 }]);
  });

  it('that updates the row which is there is undone to what that was', async () => {
    const sql =
      'INSERT INTO t (a, id) VALUES (?, ?), (?, ?) ON CONFLICT (id) DO UPDATE SET a = excluded.a WHERE true RETURNING id';
    const done = await doing(sql, ['changed', 5, 'new', 6]);
    expect(rows('SELECT * FROM t')).toEqual([
      { id: 5, a: 'changed' },
      { id: 6, a: 'new' },
    ]);
    await undo(handler, done);
    expect(rows('SELECT * FROM t')).toEqual([{ id: 5, a: 'five' }]);
  });

  it('may find the row that it updates by a unique column that is no key', async () => {
    db.exec(
      "CREATE TABLE u (id INTEGER PRIMARY KEY, mail TEXT UNIQUE, n); INSERT INTO u VALUES (1, 'a@b', 1)",
    );
    const sql =
      'INSERT INTO u (mail, n) VALUES (?, 2), (?, 3) ON CONFLICT (mail) DO UPDATE SET n = excluded.n';
    const done = await doing(sql, ['a@b', 'c@d']);
    expect(rows('SELECT mail, n FROM u')).toEqual([
      { mail: 'a@b', n: 2 },
      { mail: 'c@d', n: 3 },
    ]);
    await undo(handler, done);
    expect(rows('SELECT mail, n FROM u')).toEqual([{ mail: 'a@b', n: 1 }]);
  });

  it('of a row whose key is NULL is not claimed to be undone', async () => {
    db.exec('CREATE TABLE n (a TEXT, b INTEGER, PRIMARY KEY (a, b))');
    const done = await doing('INSERT INTO n VALUES (?, 1)', [null as unknown as string]);
    expect(done.lost?.message).toContain('NULL in a');
  });

  it('of a tool that fails after it is not claimed to be undone', async () => {
    const failing = act(handler, { sql: "INSERT INTO t (a) VALUES ('x')" }, () => {
      run("INSERT INTO t (a) VALUES ('x')");
      throw new Error('afterwards');
    });
    expect((await failing).lost?.message).toContain('The tool failed');
  });

  it('that another connection inserts beside is not claimed to be undone', async () => {
    const sql = "INSERT INTO t (a) VALUES ('x')";
    const done = await act(handler, { sql }, () => {
      run("INSERT INTO t (a) VALUES ('foreign')");
      return run(sql);
    });
    expect(done.lost).toBeInstanceOf(IrreversibleError);
    await expect(undo(handler, done)).rejects.toThrow('never noted');
    expect(rows('SELECT count(*) AS n FROM t')).toEqual([{ n: 3 }]);
  });
});

describe('what cannot be undone', () => {
  beforeEach(() => {
    db.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, code TEXT UNIQUE ON CONFLICT REPLACE);
      CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
      CREATE TABLE w (a TEXT, b TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
      CREATE VIEW v AS SELECT * FROM u;
      CREATE TABLE logged (id INTEGER PRIMARY KEY, a TEXT);
      CREATE TRIGGER log AFTER UPDATE ON logged BEGIN INSERT INTO u (a) VALUES ('log'); END;
      INSERT INTO u (a) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20) SELECT i FROM n;`);
  });

  it.each<[string, string]>([
    ['DROP TABLE u', 'DROP TABLE is no change of rows'],
    ['UPDATE u SET a = 1; DELETE FROM u', 'several statements'],
    ['REPLACE INTO u VALUES (1, 2, 3)', 'REPLACE'],
    ['INSERT OR REPLACE INTO u VALUES (1, 2, 3)', 'OR REPLACE'],
    ['UPDATE OR REPLACE u SET a = 1', 'OR REPLACE'],
    ['UPDATE u SET a = 1 FROM w WHERE u.a = w.a', 'UPDATE … FROM'],
    ['WITH x AS (SELECT 1) DELETE FROM u', 'WITH'],
    ['DELETE FROM u WHERE id > 3 LIMIT 1', 'LIMIT'],
    ['DELETE FROM u ORDER BY id LIMIT 1', 'LIMIT'],
    ['UPDATE u SET id = id + 100', 'It changes id'],
    ['UPDATE u SET rowid = 4', 'no column rowid'],
    ['UPDATE w SET b = 1', 'It changes b'],
    ['DELETE FROM v', 'no plain table'],
    ['DELETE FROM sqlite_schema', 'plain table|SQLite'],
    ['DELETE FROM missing', 'There is no table missing'],
    ['DELETE FROM u WHERE random() < 0', 'random()'],
    ['DELETE FROM u WHERE id = last_insert_rowid()', 'last_insert_rowid()'],
    ['UPDATE logged SET a = 1', 'trigger log'],
    ['UPDATE t SET a = 1', 'ON CONFLICT REPLACE'],
    ["INSERT INTO w VALUES (lower('A'), 'b')", 'no row ids'],
    ["INSERT INTO u (id, a) VALUES (99, 'x'), (NULL, 'y')", 'keys of some rows'],
    ['INSERT INTO u (id) VALUES (?) ON CONFLICT DO UPDATE SET a = 1', 'values of its placeholders'],
    ['DELETE FROM u WHERE id = ?', 'values of its placeholders'],
    ["DELETE FROM u WHERE a = 'open", 'cannot be read'],
    ['PRAGMA user_version = 3', 'PRAGMA'],
    ['VACUUM', 'VACUUM'],
    ["UPDATE u SET a = 'x' WHERE nope = 1", 'no such column'],
    ['EXPLAIN ANALYZE DELETE FROM u', 'EXPLAIN ANALYZE'],
    ["ATTACH 'x.db' AS x", 'ATTACH'],
    ['UPDATE u SET a = b + returning, id = 5', 'RETURNING stands where a column does'],
  ])('is said before it runs: %s', async (sql, reason) => {
    expect(await why(sql)).toMatch(new RegExp(reason.replace(/[()]/g, '\\$&')));
    await expect(doing(sql)).rejects.toThrow(IrreversibleError);
  });

  it('is too many rows, those counted that foreign keys change', async () => {
    handler = sqliteRollback({ connection: db, maxRows: 19 });
    expect(await why('DELETE FROM u')).toContain('more than 19 rows');
    expect(await why('DELETE FROM u WHERE id < 20')).toBeNull();
    db.exec(
      'CREATE TABLE child (id INTEGER PRIMARY KEY, u REFERENCES u ON DELETE CASCADE); INSERT INTO child VALUES (1, 1)',
    );
    expect(await why('DELETE FROM u WHERE id < 20')).toContain('more than 19 rows');
  });

  it('is too many bytes', async () => {
    handler = sqliteRollback({ connection: db, maxBytes: 1_000 });
    db.exec('UPDATE u SET a = zeroblob(2000) WHERE id = 1');
    expect(await why('DELETE FROM u WHERE id = 1')).toContain('more than 1000 bytes');
    expect(await why('DELETE FROM u WHERE id = 2')).toBeNull();
  });

  it('is a row whose key is NULL', async () => {
    db.exec('CREATE TABLE n (id TEXT PRIMARY KEY, a); INSERT INTO n VALUES (NULL, 1)');
    expect(await why('DELETE FROM n')).toContain('NULL in id');
  });

  it.each([
    'SELECT * FROM u',
    'WITH x AS (SELECT 1) SELECT * FROM x',
    '-- nothing',
    'PRAGMA table_info(u)',
    'BEGIN',
    'EXPLAIN DELETE FROM u',
  ])('is not said of what changes no rows: %s', async (sql) => {
    expect(await why(sql)).toBeNull();
    expect((await act(handler, { sql }, () => undefined)).snapshot).toBeNull();
  });

  it('is accepted of triggers where the option says so', async () => {
    handler = sqliteRollback({ connection: db, triggers: 'accept' });
    db.exec("INSERT INTO logged VALUES (1, 'old')");
    const done = await doing("UPDATE logged SET a = 'new'");
    await undo(handler, done);
    expect(rows('SELECT a FROM logged')).toEqual([{ a: 'old' }]);
    expect(rows("SELECT count(*) AS n FROM u WHERE a = 'log'")).toEqual([{ n: 2 }]);
  });

  it('is what the option `statement` does not name', async () => {
    handler = sqliteRollback({
      connection: db,
      statement: () => ({ sql: 'DELETE FROM u WHERE id = :id', params: { id: 3 } }),
    });
    const done = await act(handler, { sql: 'by name' }, () => run('DELETE FROM u WHERE id = 3'));
    expect(Object.keys(done.snapshot?.before ?? {})).toEqual(['u(id=3)']);
    handler = sqliteRollback({ connection: db, statement: () => null });
    expect(await why('DROP TABLE u')).toBeNull();
  });
});

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
    db = new DatabaseSync(':memory:', { readBigInts: true, returnArrays: true });
    handler = sqliteRollback({ connection: db });
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
