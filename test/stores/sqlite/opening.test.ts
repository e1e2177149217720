import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError } from '../../../src/core/errors.ts';
import type { Durability } from '../../../src/stores/sqlite/connection.ts';
import { SqliteDatabase } from '../../../src/stores/sqlite/database.ts';
import { nodeSqlite } from '../../../src/stores/sqlite/node-sqlite.ts';
import { MIGRATIONS } from '../../../src/stores/sqlite/schema.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { Child, runAll } from './child-processes.ts';
import { testFolder } from './stored-journal.ts';

interface Opening {
  readonly durability?: Durability;
  readonly sqliteVersion?: string;
}

function open(path: string, { durability = 'process', sqliteVersion }: Opening = {}): SqliteDatabase {
  const database = new SqliteDatabase({ path, clock: new FakeClock(), durability, sqliteVersion });
  onTestFinished(() => database.close());
  return database;
}

function pragma(database: SqliteDatabase, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

const modeOf = (path: string): number => statSync(path).mode & 0o777;
const WAL_FILES = ['', '-wal', '-shm'];

/** The error of opening a path, which must be a ConfigError that names the path and the ways out. */
function refusal(path: string, options: Opening = {}): string {
  let error: unknown;
  try {
    open(path, options);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(ConfigError);
  const { message } = error as ConfigError;
  expect(message).toContain(path);
  expect(message).toContain('`storage.path`');
  expect(message).toContain('`snapshotPath: null`');
  return message;
}

describe('the file of a database', () => {
  it('is made with its folders, for this user only, whatever the umask', () => {
    const folder = join(testFolder(), 'a', 'b');
    const path = join(folder, 'x.db');
    const umask = process.umask(0);
    onTestFinished(() => void process.umask(umask));
    open(path);
    expect([modeOf(join(folder, '..')), modeOf(folder)]).toEqual([0o700, 0o700]);
    expect(WAL_FILES.map((suffix) => modeOf(path + suffix))).toEqual([0o600, 0o600, 0o600]);
  });

  it('leaves the mode of a folder and of a file that were there', () => {
    const folder = testFolder();
    const path = join(folder, 'x.db');
    open(path).close();
    chmodSync(folder, 0o755);
    chmodSync(path, 0o640);
    open(path);
    expect([modeOf(folder), modeOf(path)]).toEqual([0o755, 0o640]);
  });

  it('may be a link to a file of this user', () => {
    const folder = testFolder();
    open(join(folder, 'real.db')).close();
    symlinkSync(join(folder, 'real.db'), join(folder, 'link.db'));
    const database = open(join(folder, 'link.db'));
    expect(database.path.endsWith('real.db')).toBe(true);
    expect(existsSync(join(folder, 'real.db-wal'))).toBe(true);
  });

  it('may not be a link to nothing', () => {
    const folder = testFolder();
    symlinkSync(join(folder, 'none.db'), join(folder, 'link.db'));
    expect(refusal(join(folder, 'link.db'))).toContain('link to nothing');
    expect(existsSync(join(folder, 'none.db'))).toBe(false);
  });

  it.runIf(process.platform === 'linux')('may not be a link to a file of another user', async () => {
    const folder = testFolder();
    // Where the tests run as root, the child is somebody else; where not, a file of root's is at hand.
    const isRoot = process.getuid?.() === 0;
    const target = isRoot ? join(folder, 'real.db') : '/etc/hostname';
    if (isRoot) writeFileSync(target, '', { mode: 0o666 });
    chmodSync(folder, 0o777);
    symlinkSync(target, join(folder, 'link.db'));
    const child = new Child([
      'open-as',
      join(folder, 'link.db'),
      String(isRoot ? 65534 : process.getuid?.()),
    ]);
    child.tell('go');
    expect([await child.line(), await child.line()]).toEqual([
      'ready',
      expect.stringMatching(/^ConfigError: .*link to a file of another user/),
    ]);
  });

  it('may not be a folder, nor a device', () => {
    const folder = testFolder();
    mkdirSync(join(folder, 'x.db'));
    expect(refusal(join(folder, 'x.db'))).toContain('is a folder');
    if (process.platform !== 'win32') expect(refusal('/dev/null')).toContain('no regular file');
  });

  it('may not lie in a file', () => {
    const file = join(testFolder(), 'file');
    writeFileSync(file, '');
    refusal(join(file, 'x.db'));
    refusal(join(file, 'a', 'x.db'));
  });

  it.runIf(process.getuid?.() === 0)('is refused where it or its folder is read-only', async () => {
    const folder = testFolder();
    const path = join(folder, 'x.db');
    open(path).close();
    const openAs = async (): Promise<string> => {
      const child = new Child(['open-as', path, '65534']);
      child.tell('go');
      await child.line();
      return child.line();
    };
    chmodSync(folder, 0o755);
    chmodSync(path, 0o666);
    expect(await openAs()).toMatch(/^ConfigError: .*folder .* is read-only/);
    chmodSync(folder, 0o777);
    chmodSync(path, 0o444);
    expect(await openAs()).toMatch(/^ConfigError: .*file is read-only/);
    expect(statSync(path).size).toBeGreaterThan(0);
  });
});

describe('opening a database', () => {
  it('sets it up for the durability that is asked for', () => {
    const folder = testFolder();
    const process = open(join(folder, 'process.db'));
    expect(
      ['journal_mode', 'synchronous', 'foreign_keys', 'trusted_schema'].map((name) => pragma(process, name)),
    ).toEqual(['wal', 1, 1, 0]);
    expect([pragma(process, 'busy_timeout'), pragma(process, 'journal_size_limit')]).toEqual([2000, 2 ** 26]);
    const power = open(join(folder, 'power.db'), { durability: 'power' });
    expect(['journal_mode', 'synchronous', 'fullfsync'].map((name) => pragma(power, name))).toEqual([
      'wal',
      2,
      1,
    ]);
  });

  it.each(['3.51.2', '3.47.2', '3.9.99', '2.99.99'])(
    'does not use the WAL mode of SQLite %s, which can damage files',
    (sqliteVersion) => {
      const path = join(testFolder(), 'x.db');
      const database = open(path, { sqliteVersion });
      expect(database.unsafeWal).toBe(sqliteVersion);
      expect(pragma(database, 'journal_mode')).toBe('truncate');
      database.transaction(() => database.prepare("INSERT INTO freezes VALUES (1, 'r', 1, 'b')").run());
      expect(existsSync(`${path}-wal`)).toBe(false);
      expect(modeOf(`${path}-journal`)).toBe(0o600);
    },
  );

  it.each(['3.51.3', '3.52.0', '3.100.0', '4.0.0'])('uses the WAL mode of SQLite %s', (sqliteVersion) => {
    const database = open(join(testFolder(), 'x.db'), { sqliteVersion });
    expect([database.unsafeWal, pragma(database, 'journal_mode')]).toEqual([null, 'wal']);
  });

  it('takes a database out of WAL mode where that is not safe, unless another process has it open so', () => {
    const path = join(testFolder(), 'x.db');
    const other = open(path);
    expect(refusal(path, { sqliteVersion: '3.51.2' })).toContain('another process has it open in WAL mode');
    other.close();
    expect(pragma(open(path, { sqliteVersion: '3.51.2' }), 'journal_mode')).toBe('truncate');
  });

  it('makes the tables once, however many processes open it at once', async () => {
    const path = join(testFolder(), 'x.db');
    const versions = await runAll(Array.from({ length: 6 }, () => ['open', path]));
    expect(new Set(versions)).toEqual(new Set([String(MIGRATIONS.length)]));
    expect(pragma(open(path), 'integrity_check')).toBe('ok');
  });

  it('refuses the tables of a newer plyra-guard, and says to upgrade', () => {
    const path = join(testFolder(), 'x.db');
    const database = open(path);
    database.prepare(`PRAGMA user_version = ${MIGRATIONS.length + 1}`).get();
    database.close();
    const before = readFileSync(path);
    expect(refusal(path)).toMatch(/newer plyra-guard.*Upgrade/);
    expect(readFileSync(path)).toEqual(before);
  });

  it.each(['CREATE TABLE accounts (id INTEGER)', 'PRAGMA user_version = 7'])(
    'refuses the database of another program, and leaves it as it is: %s',
    (sql) => {
      const path = join(testFolder(), 'x.db');
      const other = new (nodeSqlite().DatabaseSync)(path);
      other.exec(sql);
      other.close();
      const before = readFileSync(path);
      expect(refusal(path)).toContain('another program');
      expect(readFileSync(path)).toEqual(before);
    },
  );

  it('takes an empty file for a new database', () => {
    const path = join(testFolder(), 'x.db');
    writeFileSync(path, '');
    expect(pragma(open(path), 'user_version')).toBe(MIGRATIONS.length);
  });

  it('refuses what is no database, and leaves it as it is', () => {
    const path = join(testFolder(), 'x.db');
    writeFileSync(path, 'version: "1"\nrules: []\n'.repeat(100));
    expect(refusal(path)).toContain('no SQLite database');
    expect(readFileSync(path, 'utf8')).toMatch(/^version/);
  });

  it('refuses a damaged database, and leaves it as it is', () => {
    const path = join(testFolder(), 'x.db');
    open(path).close();
    const damaged = readFileSync(path);
    damaged.fill(0xff, 100, 4096);
    writeFileSync(path, damaged);
    expect(refusal(path)).toContain('damaged');
    expect(readFileSync(path)).toEqual(damaged);
  });

  it('says that another process holds it locked', async () => {
    const path = join(testFolder(), 'x.db');
    open(path, { sqliteVersion: '3.51.2' }).close();
    const child = new Child(['lock', path, 'BEGIN EXCLUSIVE']);
    child.tell('go');
    expect([await child.line(), await child.line()]).toEqual(['ready', 'locked']);
    expect(refusal(path)).toContain('another process holds the database locked');
    child.tell('let go');
    expect(await child.line()).toBe('unlocked');
    open(path);
  });
});
