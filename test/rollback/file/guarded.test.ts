import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ActionGuard, RollbackReport } from '../../../src/index.ts';
import { soakFactor } from '../../seed.ts';
import { digestOf } from './digest.ts';
import { guardOf, performGuarded, TASK } from './guarded-folder.ts';
import { type Operation, operations, perform } from './operations.ts';
import { Scene } from './scene.ts';

/** 40 sequences in `npm test`, 2,000 in the soak. */
const RUNS = 40 * soakFactor;

/** What somebody who is not guarded does, in a way that no operation does. */
const foreign = fc.record({
  kind: fc.constantFrom('write', 'chmod', 'delete'),
  path: fc
    .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
    .map((names) => names.join('/')),
});
type Foreign = typeof foreign extends fc.Arbitrary<infer T> ? T : never;
const THEIRS = 'by somebody else';
const THEIR_MODE = 0o741;

function attempt(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

/** Makes the change; false where it cannot be made here, or would be made through a link. */
function intrude(folder: string, { kind, path }: Foreign): boolean {
  const place = join(folder, path);
  return attempt(() => {
    for (let above = dirname(place); above !== folder; above = dirname(above)) {
      if (lstatSync(above, { throwIfNoEntry: false })?.isSymbolicLink()) throw new Error('a link');
    }
    const stats = lstatSync(place, { throwIfNoEntry: false });
    if (stats !== undefined && !stats.isFile()) throw new Error('no file');
    if (kind === 'write') mkdirSync(dirname(place), { recursive: true });
    if (kind === 'write') writeFileSync(place, THEIRS);
    else if (kind === 'chmod') perform(folder, { kind, path, mode: THEIR_MODE });
    else rmSync(place);
  });
}

function isStillThere(folder: string, { kind, path }: Foreign): boolean {
  const stats = lstatSync(join(folder, path), { throwIfNoEntry: false });
  if (kind === 'delete') return stats === undefined;
  if (kind === 'chmod') return stats !== undefined && (stats.mode & 0o7777) === THEIR_MODE;
  return stats?.isFile() === true && readFileSync(join(folder, path), 'utf8') === THEIRS;
}

/** Whether a report says of an item that it was changed. At most five are named of each action. */
function names(report: RollbackReport, item: string): boolean {
  const told = Object.values(report.reasons);
  return told.some((reason) => reason.includes(`${item}: before the action`) || /And \d+ more/.test(reason));
}

let scene: Scene;
let guard: ActionGuard;
beforeEach(() => {
  scene = new Scene();
});
afterEach(async () => {
  await guard.close();
  scene.remove();
});

describe('a task of 1 to 40 guarded operations on files', () => {
  const inScene = async (work: () => Promise<void>): Promise<void> => {
    rmSync(scene.folder, { recursive: true });
    mkdirSync(scene.folder);
    guard = guardOf(null);
    try {
      await work();
    } finally {
      await guard.close();
    }
  };

  it('is undone by one call', { timeout: 0 }, async () => {
    const property = fc.asyncProperty(operations, operations, (first, task) =>
      inScene(async () => {
        for (const one of first) attempt(() => perform(scene.folder, one));
        const before = digestOf(scene.folder);
        for (const one of task) performGuarded(guard, scene.folder, one);
        const report = await guard.rollbackTask(TASK);
        expect(report.reasons).toEqual({});
        expect(digestOf(scene.folder)).toEqual(before);
      }),
    );
    await fc.assert(property, { numRuns: RUNS });
  });

  it('is undone but for what somebody else changed, which stays and is named', { timeout: 0 }, async () => {
    const property = fc.asyncProperty(
      operations,
      operations,
      operations,
      foreign,
      (first, task, rest, theirs) =>
        inScene(async () => {
          for (const one of first) attempt(() => perform(scene.folder, one));
          const item = join(scene.folder, theirs.path);
          const before = digestOf(scene.folder, 'no times');
          let wasAlwaysThere = existsSync(item);
          for (const one of task) {
            performGuarded(guard, scene.folder, one);
            wasAlwaysThere &&= existsSync(item);
          }
          // Who deletes what the rollback deletes anyway, or deleted before, does nothing that could be told from it.
          fc.pre(theirs.kind !== 'delete' || wasAlwaysThere);
          fc.pre(intrude(scene.folder, theirs));
          for (const one of rest) performGuarded(guard, scene.folder, one);
          const report = await guard.rollbackTask(TASK);
          expect(isStillThere(scene.folder, theirs), 'their change is there').toBe(true);
          if (report.failed.length > 0) {
            expect(names(report, item), `${item} in ${JSON.stringify(report.reasons)}`).toBe(true);
          } else {
            const rid = (lines: string[]): string[] =>
              lines.filter((line) => !isAbout(line, theirs.path, before));
            expect(rid(digestOf(scene.folder, 'no times'))).toEqual(rid(before));
          }
        }),
    );
    await fc.assert(property, { numRuns: RUNS });
  });
});

/** Whether a line of a digest is about a path, or about a folder above it that was made with it. */
function isAbout(line: string, path: string, before: readonly string[]): boolean {
  const names = path.split('/');
  return names.some((_, at) => {
    const above = `./${names.slice(0, at + 1).join('/')}`;
    const isIt = at === names.length - 1;
    const starts = line.startsWith(`${above} `) || line.startsWith(`${above}/ `);
    return starts && (isIt || !before.some((old) => old.startsWith(`${above}/ `)));
  });
}

describe('an action on files, undone by the guard', () => {
  const write = (path: string, content: string): Operation => ({ kind: 'write', path, content });

  it('is undone by another guard on the same journal', async () => {
    const database = join(scene.home, 'journal.db');
    scene.write('a', 'before');
    scene.write('b', Buffer.alloc(3_000_000, 'b'));
    const before = digestOf(scene.folder);
    guard = guardOf(database);
    performGuarded(guard, scene.folder, write('a', 'after'));
    performGuarded(guard, scene.folder, { kind: 'delete', path: 'b' });
    await guard.close();
    guard = guardOf(database);
    expect((await guard.rollbackTask(TASK)).success).toBe(true);
    expect(digestOf(scene.folder)).toEqual(before);
  });

  it('is undone by force over what somebody changed', async () => {
    guard = guardOf(null);
    scene.write('a', 'before');
    performGuarded(guard, scene.folder, write('a', 'after'));
    writeFileSync(scene.path('a'), 'theirs');
    await expect(guard.rollbackTask(TASK)).resolves.toMatchObject({ success: false });
    expect(readFileSync(scene.path('a'), 'utf8')).toBe('theirs');
    await expect(guard.rollbackTask(TASK, { force: true })).resolves.toMatchObject({ success: true });
    expect(readFileSync(scene.path('a'), 'utf8')).toBe('before');
  });

  it('is not undone behind a link, not even by force', async () => {
    guard = guardOf(null);
    scene.write('folder/a', 'before');
    mkdirSync(`${scene.home}/outside`);
    performGuarded(guard, scene.folder, write('folder/a', 'after'));
    rmSync(scene.path('folder'), { recursive: true });
    symlinkSync(`${scene.home}/outside`, scene.path('folder'));
    const report = await guard.rollbackTask(TASK, { force: true });
    expect(Object.values(report.reasons).join()).toContain(
      `${scene.path('folder')} is a symbolic link by now`,
    );
    expect(existsSync(`${scene.home}/outside/a`)).toBe(false);
  });

  it('says what a dry run would change, and changes nothing', async () => {
    guard = guardOf(null);
    const path = scene.write('a', 'before');
    performGuarded(guard, scene.folder, write('a', 'after'));
    const [entry] = guard.getAuditLog();
    const plan = await guard.rollbackPlan(entry?.actionId ?? '');
    expect(plan?.changes.map(({ item }) => item)).toEqual([path]);
    expect(statSync(path).size).toBe('after'.length);
  });

  it('runs as one that cannot be undone where there is too much, and says so in the log', () => {
    guard = guardOf(null);
    performGuarded(guard, '/dev', write('null', 'x'));
    expect(guard.getAuditLog()[0]).toMatchObject({
      reversible: false,
      labels: [expect.stringContaining('/dev/null is a device')],
    });
  });
});
