import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { START } from '../../../src/testing/store/records.ts';
import { bytesOf, keep, NO_LIMITS, read } from '../../../src/testing/store/snapshots.ts';
import { newPath, openStore } from './open-store.ts';

const MB = 1 << 20;
const HOUR = 3_600_000;

function open() {
  const path = newPath();
  const store = openStore({ path });
  return { snapshots: store.snapshots, database: store.database, folder: join(dirname(path), 'blobs') };
}

describe('contents in SQLite', () => {
  it('are in the database up to 1 MB, deflated, and once', () => {
    const { snapshots, database, folder } = open();
    for (let i = 0; i < 3; i++) keep(snapshots, new Uint8Array(MB));
    const rows = database.prepare('SELECT encoding, bytes, length(content) AS kept FROM blobs').all();
    expect(rows).toMatchObject([{ encoding: 'deflate', bytes: MB }]);
    expect(Number(rows[0]?.kept)).toBeLessThan(MB / 100);
    expect(existsSync(folder)).toBe(false);
  });

  it('are files beside it above that, named by their hash, once, and readable for their owner only', () => {
    const { snapshots, folder } = open();
    const hashes = [1, 1, 2].map((seed) => keep(snapshots, bytesOf(MB + 1, seed)));
    expect(readdirSync(folder).sort()).toEqual([...new Set(hashes)].sort());
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it('leave nothing where they were abandoned, or could not be written', () => {
    const { snapshots, folder } = open();
    const writer = snapshots.blobs.begin();
    writer.write(bytesOf(MB + 1));
    expect(readdirSync(folder)).toHaveLength(1);
    writer.abandon();
    expect(readdirSync(folder)).toEqual([]);
    const failing = snapshots.blobs.begin();
    failing.write(bytesOf(MB + 1, 7));
    const [part = ''] = readdirSync(folder);
    expect(part).toMatch(/\.part$/);
    // What is in the way of its place is a folder that is not empty.
    const other = open();
    const name = keep(other.snapshots, bytesOf(MB + 1, 7));
    mkdirSync(join(folder, name, 'x'), { recursive: true });
    expect(() => failing.end()).toThrow();
    expect(readdirSync(folder)).toEqual([name]);
    expect(() => read(snapshots, name)).toThrow(/no content/);
  });

  it('that a process left half written go after an hour, and nothing else does', () => {
    const { snapshots, folder } = open();
    const kept = keep(snapshots, bytesOf(MB + 1));
    for (const name of ['old.part', 'new.part', 'notes.txt']) writeFileSync(join(folder, name), 'x');
    utimesSync(join(folder, 'old.part'), START / 1000 - 7_200, START / 1000 - 7_200);
    utimesSync(join(folder, 'new.part'), START / 1000, START / 1000);
    chmodSync(folder, 0o700);
    snapshots.prune(NO_LIMITS, START + HOUR - 1);
    expect(readdirSync(folder).sort()).toEqual([kept, 'new.part', 'notes.txt'].sort());
    expect(read(snapshots, kept)).toHaveLength(MB + 1);
  });

  it('name no file outside of their folder', () => {
    const { snapshots, database } = open();
    const hash = '../journal.db';
    database
      .prepare("INSERT INTO blobs (hash, bytes, encoding, content, kept_at) VALUES (?, 1, 'file', NULL, 0)")
      .run(hash);
    expect(() => read(snapshots, hash)).toThrow(/names no content/);
  });
});
