import { appendFileSync, chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { RollbackHandler } from '../../../src/index.ts';
import { fileHandler } from '../../../src/rollback/file.ts';
import { type HarnessCall, type RollbackHarness, rollbackHandlerSuite } from '../../../src/testing/index.ts';
import { digestOf } from './digest.ts';
import { Scene } from './scene.ts';

const scenes: Scene[] = [];
afterAll(() => {
  for (const scene of scenes) scene.remove();
});

/** A folder in which files are made, changed and removed. */
function folderHarness(): RollbackHarness {
  const scene = new Scene();
  scenes.push(scene);
  scene.write('notes', 'before');
  scene.write('tree/a', 'a');
  scene.write('tree/b/c', 'c');
  const call = (actionType: string, name: string, act: (path: string) => void): HarnessCall => ({
    actionType,
    parameters: { path: scene.path(name) },
    kinds: { path: 'path' },
    act: () => act(scene.path(name)),
  });
  let breaks = 0;
  return {
    handler: () => breaking(() => breaks-- > 0),
    calls: [
      call('file.append', 'notes', (path) => appendFileSync(path, ' and after')),
      call('file.create', 'new/deep', () => scene.write('new/deep', 'x')),
      call('file.chmod', 'tree', (path) => chmodSync(path, 0o700)),
      call('file.mkdir', 'made', (path) => mkdirSync(path)),
      call('file.rmdir', 'tree', (path) => rmSync(path, { recursive: true })),
    ],
    look: () => digestOf(scene.folder),
    interfere: () => writeFileSync(scene.path('notes'), 'theirs'),
    breakOff: () => {
      breaks = 1;
    },
  };
}

/** The handler, with contents of which the second cannot be read when it is to break off. */
function breaking(breaks: () => boolean): RollbackHandler {
  const handler = fileHandler();
  return {
    ...handler,
    restore: (snapshot, context) => {
      let read = 0;
      const isBroken = breaks();
      const blobs = {
        read: (hash: string) => {
          if (isBroken && ++read === 2) throw new Error('the disk broke');
          return context.blobs.read(hash);
        },
      };
      return handler.restore(snapshot, { ...context, blobs });
    },
  };
}

rollbackHandlerSuite('files', folderHarness, { describe, it, expect });
