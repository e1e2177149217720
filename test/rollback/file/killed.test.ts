import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../architecture/repository.ts';
import { digestOf } from './digest.ts';
import { Scene, type Taken } from './scene.ts';

const compiled = mkdtempSync(join(tmpdir(), 'plyra-compiled-'));
afterAll(() => rmSync(compiled, { recursive: true }));

/** More steps than any of these takes. */
const MANY = 1_000;

/** Runs a capture or a restore in a process of its own that is killed before a step; true if it came to its end. */
function endsBefore(step: number, scene: Scene, work: 'capture' | 'restore', given: unknown): boolean {
  const file = `${scene.home}/given.json`;
  writeFileSync(file, JSON.stringify(given));
  const args = ['--import', './test/rollback/file/dies-at-step.ts', 'test/rollback/file/undo-child.ts'];
  const child = spawnSync(process.execPath, [...args, scene.home, work, file], {
    cwd: ROOT,
    // What was compiled once is not compiled again for each of some two hundred processes.
    env: { ...process.env, PLYRA_DIES_AT: String(step), NODE_COMPILE_CACHE: compiled },
    encoding: 'utf8',
  });
  if (child.status !== 0 && child.signal !== 'SIGKILL') throw new Error(`${work} failed: ${child.stderr}`);
  return child.status === 0;
}

interface Wreck {
  readonly scene: Scene;
  readonly before: readonly string[];
  readonly taken: Taken;
}

/** What an act may do, all in one: each kind of thing goes through each kind of change. */
function wrecked(): Wreck {
  const scene = new Scene();
  const { path } = fill(scene);
  const before = digestOf(scene.folder);
  const taken = scene.act('file.write', { paths: path }, () => {
    scene.write('file', 'after');
    for (const name of ['gone', 'link', 'to folder']) unlinkSync(scene.path(name));
    for (const name of ['tree', 'to file']) rmSync(scene.path(name), { recursive: true });
    symlinkSync('after', scene.path('link'));
    scene.write('to folder/a/b', 'after');
    scene.write('to file', 'after');
    scene.write('made/a/b', 'after');
    symlinkSync('b', scene.path('made/a/link'));
    writeFileSync(scene.path('names'), 'after');
    chmodSync(scene.path('mode'), 0o600);
    chmodSync(scene.folder, 0o700);
  });
  return { scene, before, taken };
}

function fill(scene: Scene): { readonly path: readonly string[] } {
  const names = ['file', 'gone', 'link', 'to folder', 'to file', 'tree', 'made', 'names', 'mode'];
  for (const name of ['file', 'gone', 'to folder', 'to file/a/b', 'tree/a/b', 'tree/c', 'names', 'mode']) {
    scene.write(name, `before ${name}`);
  }
  symlinkSync('before', scene.path('link'));
  symlinkSync('c', scene.path('tree/link'));
  mkdirSync(scene.path('tree/empty'));
  chmodSync(scene.path('tree/a'), 0o555);
  linkSync(scene.path('names'), scene.path('other name'));
  utimesSync(scene.path('file'), 1_000_000_000, 1_000_000_000);
  return { path: names.map((name) => scene.path(name)) };
}

describe('a restore', () => {
  it('that is killed before any of its steps can be done again, and is whole then', { timeout: 0 }, () => {
    let steps = 0;
    for (let step = 1; step < MANY; step++) {
      const { scene, before, taken } = wrecked();
      const isDone = endsBefore(step, scene, 'restore', taken);
      // Killed a second time on the way, at a step that moves about.
      if (!isDone && step % 4 === 0) endsBefore(1 + ((step * 7) % 40), scene, 'restore', taken);
      scene.restore(taken);
      expect(digestOf(scene.folder), `killed before step ${step}`).toEqual(before);
      scene.remove();
      steps = step;
      if (isDone) break;
    }
    expect(steps).toBeGreaterThan(60);
    expect(steps).toBeLessThan(MANY - 1);
  });
});

describe('a capture', () => {
  it('that is killed before any of its steps leaves everything as it is', { timeout: 0 }, () => {
    const scene = new Scene();
    const { path } = fill(scene);
    const before = digestOf(scene.folder);
    for (let step = 1; step < MANY; step++) {
      const isDone = endsBefore(step, scene, 'capture', { paths: path });
      expect(digestOf(scene.folder)).toEqual(before);
      if (isDone) break;
    }
    scene.capture('file.delete', { paths: path });
    scene.remove();
  });
});
