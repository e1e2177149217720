import fc from 'fast-check';

/** A statement of a random sequence, with the values that it binds in order. */
export interface RandomAct {
  readonly sql: string;
  readonly params: readonly (number | string | null)[];
}

/** Tables of which every foreign key does something else; the same in both databases but for their keys. */
export function schemaOf(key: string): string {
  return `CREATE TABLE a (id ${key}, name TEXT UNIQUE, up INTEGER REFERENCES a ON DELETE CASCADE, note TEXT);
    CREATE TABLE b (id ${key}, a INTEGER NOT NULL REFERENCES a ON DELETE CASCADE, name TEXT REFERENCES a (name) ON UPDATE CASCADE ON DELETE SET NULL, note TEXT);
    CREATE TABLE c (id ${key}, b INTEGER REFERENCES b ON DELETE SET NULL, a INTEGER REFERENCES a, note TEXT);
    CREATE TABLE "d ""; --" ("k 1" TEXT, "k'2" INTEGER, note TEXT, a INTEGER DEFAULT 1 REFERENCES a ON DELETE SET DEFAULT, PRIMARY KEY ("k 1", "k'2"));`;
}

export const TABLES = Object.freeze(['a', 'b', 'c', '"d ""; --"']);

const id = fc.integer({ min: 1, max: 8 });
const name = fc.constantFrom('x', 'y', "z'", 'w', null);
const note = fc.constantFrom('', 'note', "it's", '"q"', 'ü', null);

/**
 * Acts; many of them fail or find no rows. `$1` is written for a place of either database. `wants` is what an INSERT whose
 * key the database gives out has to say where no transaction tells its rows from others.
 */
export function randomActs(wants: string): fc.Arbitrary<readonly RandomAct[]> {
  const of = (sql: string, ...params: fc.Arbitrary<number | string | null>[]): fc.Arbitrary<RandomAct> =>
    fc.tuple(...params).map((values) => ({ sql, params: values }));
  const act = fc.oneof(
    of(`INSERT INTO a (name, note) VALUES ($1, $2)${wants}`, name, note),
    of(`INSERT INTO a (note) VALUES ($1), ($2)${wants}`, note, note),
    of('INSERT INTO a (id, name, up) VALUES ($1, $2, $3)', id, name, id),
    of(`INSERT INTO b (a, note) VALUES ($1, $2)${wants}`, id, note),
    of('INSERT INTO b (id, a, name) VALUES ($1, $2, $3)', id, id, name),
    of(`INSERT INTO c (b, a) VALUES ($1, $2)${wants}`, id, id),
    of('INSERT INTO "d ""; --" VALUES ($1, $2, $3, $4)', note, id, note, id),
    of(
      'INSERT INTO "d ""; --" ("k 1", note, "k\'2") VALUES (\'k\', $2, $1) ON CONFLICT ("k 1", "k\'2") DO UPDATE SET note = excluded.note',
      id,
      note,
    ),
    of(
      'INSERT INTO a (id, note) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET note = excluded.note, name = NULL',
      id,
      note,
    ),
    of('UPDATE a SET name = $1 WHERE id = $2', name, id),
    of('UPDATE a SET note = $1, up = $2 WHERE id BETWEEN $3 AND 5', note, id, id),
    of('UPDATE b SET a = $1, name = NULL WHERE id > $2', id, id),
    of('UPDATE c SET note = $1', note),
    of('UPDATE "d ""; --" SET note = $1, a = $2 WHERE "k 1" <> $3', note, id, fc.constantFrom('k', '')),
    of('DELETE FROM a WHERE id = $1', id),
    of('DELETE FROM a WHERE id IN (SELECT a FROM b WHERE b.id < $1)', id),
    of('DELETE FROM b WHERE id >= $1 AND id < $2', id, id),
    of('DELETE FROM c WHERE b IS NULL OR b = $1', id),
    of('DELETE FROM "d ""; --" WHERE "k\'2" = $1', id),
  );
  return fc.array(act, { minLength: 1, maxLength: 20 });
}

/** Rows to begin with. */
export const SEED = `INSERT INTO a (id, name, note) VALUES (1, 'x', 'n'), (2, 'y', NULL), (3, NULL, '');
  INSERT INTO a (id, up) VALUES (4, 1); INSERT INTO b (id, a, name) VALUES (1, 1, 'y'), (2, 2, 'x'), (3, 4, NULL);
  INSERT INTO c (id, b, a) VALUES (1, 1, 3), (2, 2, 3); INSERT INTO "d ""; --" VALUES ('k', 1, 'n', 2), ('', 2, '', 4);`;
