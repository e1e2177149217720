import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SealedRecord, sealHash } from '../../src/core/chain.ts';
import { makeCheckpoint, readCheckpoint } from '../../src/journal/checkpoint.ts';
import { type KnownWriter, verifyJournal } from '../../src/journal/verify.ts';
import type { SqliteStore } from '../../src/stores/sqlite.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { decided, done, START } from '../../src/testing/store/records.ts';
import { read } from '../architecture/repository.ts';
import { snippetsOf } from '../docs/snippets.ts';
import { seed, soakFactor } from '../seed.ts';
import { by, kindsOf, openStore, writerOf } from '../stores/sqlite/open-store.ts';
import {
  openDatabase,
  storeClosed,
  storedRecords,
  storedWriters,
  storeRecords,
  testFolder,
} from '../stores/sqlite/stored-journal.ts';
import { journals, MUTATION_NAMES, mutationOf } from './mutations.ts';
import { sha256, WrittenJournal } from './written-journal.ts';

const PROGRAM = join(import.meta.dirname, 'verify.py');
const hasPython = spawnSync('python3', ['--version']).status === 0;

/** Databases and checkpoints in, the problems of each out, in one run of Python. */
const MANY = `
import json, sys
sys.path.insert(0, ${JSON.stringify(dirname(PROGRAM))})
sys.dont_write_bytecode = True
from verify import verify
json.dump([verify(*each) for each in json.load(sys.stdin)], sys.stdout)
`;

type Found = readonly [position: number | null, kind: string];

const inOrder = (found: Found[]): string[] => found.map(([position, kind]) => `${position} ${kind}`).sort();

/** What the Python program finds in each of them. */
function foundByPython(asked: readonly (readonly [database: string, checkpoint: string])[]): string[][] {
  const { stdout, stderr } = spawnSync('python3', ['-c', MANY], {
    input: JSON.stringify(asked),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (stderr !== '') throw new Error(stderr);
  return (JSON.parse(stdout) as Found[][]).map(inOrder);
}

/** A database with these records, as it is on the disk when its guard is gone, and what verify.ts finds in it. */
function stored(
  path: string,
  records: readonly SealedRecord[],
  writers: readonly KnownWriter[],
  seen: WrittenJournal,
) {
  const database = openDatabase(path);
  storeRecords(database, records);
  storeClosed(database, writers);
  const checkpoint = makeCheckpoint(seen.records);
  writeFileSync(`${path}.json`, JSON.stringify(checkpoint));
  const known = storedWriters(database);
  const { problems } = verifyJournal(storedRecords(database), { sha256, writers: known, checkpoint });
  database.close();
  return {
    asked: [path, `${path}.json`] as const,
    found: inOrder(problems.map(({ position, kind }) => [position, kind])),
  };
}

describe.runIf(hasPython)('a verifier in Python, written from docs/audit-log.md (needs python3)', () => {
  it('finds nothing in databases as they were written, and in changed ones what verify.ts finds', () => {
    const folder = testFolder();
    const runs = 40 * Math.min(soakFactor, 25);
    const written = fc.sample(journals, { seed, numRuns: runs });
    const choices = fc.sample(fc.array(fc.nat(), { minLength: 4, maxLength: 4 }), { seed, numRuns: runs });
    const cases = written.flatMap((journal, i) => {
      const { records, writers } = journal;
      const whole = stored(join(folder, `${i}.db`), records, writers, journal);
      expect(whole.found).toEqual([]);
      const name = MUTATION_NAMES[i % MUTATION_NAMES.length] ?? '';
      const mutation = mutationOf(records, name, choices[i] ?? []);
      if (mutation === undefined || !fitsTable(mutation.records)) return [whole];
      return [whole, stored(join(folder, `${i}-changed.db`), mutation.records, writers, journal)];
    });
    expect(cases.filter(({ found }) => found.length > 0).length).toBeGreaterThan(runs / 3);
    expect(foundByPython(cases.map(({ asked }) => asked))).toEqual(cases.map(({ found }) => found));
  });

  it('agrees on what a store has written and pruned, by several writers, and on changes of it', () => {
    const changes = [
      'DELETE FROM journal WHERE position = :position',
      "UPDATE journal SET body = replace(body, '2', '3') || ' ' WHERE position = :position",
      'UPDATE journal SET seq = seq + 1 WHERE position = :position',
      'UPDATE journal SET position = 1 WHERE position = :position',
      'DELETE FROM journal WHERE position >= :position',
      'DELETE FROM writers WHERE id = (SELECT writer_id FROM journal WHERE position = :position)',
      "UPDATE writers SET host = 'elsewhere' WHERE id = (SELECT writer_id FROM journal WHERE position = :position)",
      "DELETE FROM journal WHERE position = (SELECT max(position) FROM journal WHERE kind = 'pruned')",
      "UPDATE journal SET body = cast(x'7bff7d' AS TEXT), seq = 4611686018427387904 WHERE position = :position",
    ];
    const cases = fc
      .sample(fc.array(fc.nat(99), { minLength: 40, maxLength: 80 }), { seed, numRuns: 4 })
      .flatMap((steps) => {
        const path = writtenByStores(steps);
        const whole = checked(path);
        expect(whole.found).toEqual([]);
        const [first, last] = whole.range;
        return [
          whole,
          ...changes.map((change, i) => {
            const copy = `${path}-${i}`;
            copyFileSync(path, copy);
            copyFileSync(`${path}.json`, `${copy}.json`);
            const database = openDatabase(copy);
            const position = first + 1 + ((steps[i] ?? 0) % (last - first - 1));
            database.prepare(change.replaceAll(':position', String(position))).run();
            database.close();
            const changed = checked(copy);
            expect([change, changed.found.length > 0]).toEqual([change, true]);
            return changed;
          }),
        ];
      });
    expect(foundByPython(cases.map(({ asked }) => asked))).toEqual(cases.map(({ found }) => found));
  });

  it('prints one line per problem and tells by its exit code', () => {
    const path = join(testFolder(), 'test.db');
    const journal = new WrittenJournal();
    for (const action of ['a', 'b', 'c']) journal.append('w', 'done', action, { result: 1 });
    stored(path, journal.records, journal.writers, journal);
    const python = () => spawnSync('python3', ['-B', PROGRAM, path, `${path}.json`], { encoding: 'utf8' });
    expect(python()).toMatchObject({ status: 0, stdout: '' });
    const database = openDatabase(path);
    database.prepare(`UPDATE journal SET body = '{"result":2}' WHERE position = 2`).run();
    database.close();
    expect(python()).toMatchObject({
      status: 1,
      stdout: 'position 2: edited (writer w, number 2, action b)\n',
    });
  });
});

/** A database that stores have written: one by one and at once, for days, keeping one day. Its path. */
function writtenByStores(steps: readonly number[]): string {
  const path = join(testFolder(), 'journal.db');
  const clock = new FakeClock(START);
  const stores = new Map<string, SqliteStore>();
  let kinds = new Set<string>();
  for (const [i, step] of steps.entries()) {
    const id = `w${step % 3}-${i >> 4}`;
    const store = stores.get(id) ?? openStore({ path, clock, retentionDays: 1, writer: writerOf(id) });
    stores.set(id, store);
    const now = { at: new Date(clock.now()) };
    for (const draft of [decided(`a${i}`), done(`a${i}`, step)]) store.append([{ ...by(id, draft), ...now }]);
    if (step % 7 === 0) {
      store.close();
      stores.delete(id);
    }
    clock.advance(step * 180_000);
    kinds = new Set([...kinds, ...(stores.size > 0 ? kindsOf([...stores.values()][0] as SqliteStore) : [])]);
  }
  if (!kinds.has('pruned')) throw new Error('Nothing was pruned.');
  for (const [i, store] of [...stores.values()].entries()) if (i > 0) store.close();
  const database = openDatabase(path);
  writeFileSync(`${path}.json`, JSON.stringify(makeCheckpoint(storedRecords(database))));
  for (const store of stores.values()) store.close();
  database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
  database.close();
  return path;
}

/** What verify.ts finds in a database, by the checkpoint beside it. */
function checked(path: string) {
  const database = openDatabase(path);
  const records = storedRecords(database);
  const checkpoint = readCheckpoint(readFileSync(`${path}.json`, 'utf8'));
  const { problems, more } = verifyJournal(records, { sha256, writers: storedWriters(database), checkpoint });
  database.close();
  expect(more).toBe(0);
  return {
    asked: [path, `${path}.json`] as const,
    found: inOrder(problems.map(({ position, kind }) => [position, kind])),
    range: [records[0]?.position ?? 0, records.at(-1)?.position ?? 0] as const,
  };
}

/** What the mutation changed must be something that a row of the tables can say. */
function fitsTable(records: readonly SealedRecord[]): boolean {
  const hosts = new Map<string, string>();
  const places = new Set<number>();
  return records.every(({ v, position, writer }) => {
    const host = `${writer.host} ${writer.pid}`;
    const fits = v === 1 && !places.has(position) && (hosts.get(writer.id) ?? host) === host;
    places.add(position);
    hosts.set(writer.id, host);
    return fits;
  });
}

describe('the example of docs/audit-log.md', () => {
  it('has the bytes and the hash that the page says', () => {
    const [record, bytes, hash, checkpoint] = snippetsOf(read('docs/audit-log.md')).map(({ text }) => text);
    const { action_id, policy_revision, prev_hash, ...rest } = JSON.parse(record ?? '');
    const sealed = {
      v: 1,
      ...rest,
      actionId: action_id,
      policyRevision: policy_revision,
      prevHash: prev_hash,
    };
    let hashed = '';
    const made = sealHash(sealed, (text) => {
      hashed = text;
      return sha256(text);
    });
    expect([hashed, made]).toEqual([bytes, hash]);
    expect(JSON.parse(checkpoint ?? '')).toEqual(
      JSON.parse(
        JSON.stringify(makeCheckpoint([{ ...sealed, hash: made }], new Date('2026-11-21T09:31:00Z'))),
      ),
    );
  });
});
