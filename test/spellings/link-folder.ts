import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Symbolic links, by name, that lead out of the folder. */
const OUT = Object.freeze({
  'notes.txt': '/etc/passwd',
  config: '/etc',
  everything: '/',
  logs: '/var/log',
  self: '/proc/self',
});

/** Symbolic links, by name, that lead to another name in the folder. */
const WITHIN = Object.freeze({
  'chain.txt': 'notes.txt',
  'settings.txt': 'app/.env',
  'readme.md': '.ssh/id_rsa',
  guard: '.plyra',
  open: 'plans',
});

/** Files that the links lead to. Their text says nothing. */
const FILES = Object.freeze(['app/.env', '.ssh/id_rsa', '.plyra/snapshots.db', 'plans/plan.md']);

/** A temporary folder of symbolic links with names that say nothing, which goes away with `using`. */
export class LinkFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'links-'));

  constructor() {
    for (const file of FILES) {
      const path = join(this.path, file);
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, 'x');
    }
    for (const [name, target] of Object.entries(OUT)) symlinkSync(target, join(this.path, name));
    for (const [name, target] of Object.entries(WITHIN)) {
      symlinkSync(join(this.path, target), join(this.path, name));
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
