import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ActionGuard, Policy } from '../../../src/index.ts';

let folder: string;
let guard: ActionGuard;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plyra-own-'));
  mkdirSync(join(folder, 'project/journal'), { recursive: true });
  symlinkSync('project', join(folder, 'link'));
  guard = new ActionGuard({
    policy: new Policy({ rules: [], defaultAction: 'allow' }),
    snapshotPath: join(folder, 'link/journal/journal.db'),
  });
});
afterEach(async () => {
  await guard.close();
  rmSync(folder, { recursive: true });
});

it.each(['project', 'project/journal/journal.db', 'project/journal/store.key', 'project/journal/blobs'])(
  "runs what may change the guard's own files, and never puts those back: %s",
  (path) => {
    mkdirSync(join(folder, 'project/journal/blobs'), { recursive: true });
    const done = guard.protect('file.edit')((_: { path: string }) => 'done');
    expect(done({ path: join(folder, path) })).toBe('done');
    const [entry] = guard.getAuditLog();
    expect(entry).toMatchObject({ reversible: false, state: 'done' });
    expect(entry?.labels.join()).toContain("belongs to the guard's own journal");
  },
);

it('undoes what is done beside them', async () => {
  const path = join(folder, 'project/notes');
  writeFileSync(path, 'before');
  const write = guard.protect('file.write')((call: { path: string }) => writeFileSync(call.path, 'after'));
  write({ path });
  expect(await guard.rollback(guard.getAuditLog()[0]?.actionId ?? '')).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe('before');
});
