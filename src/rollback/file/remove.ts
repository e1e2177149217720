import { lstatSync, rmdirSync, unlinkSync } from 'node:fs';
import { isSameFile } from './content.ts';
import { permissions } from './entry.ts';
import { changedMeanwhile, type Expected } from './expected.ts';
import { putBackFacts } from './facts.ts';
import type { Folders } from './folders.ts';
import { type Seen, see } from './look.ts';
import { joined, nameOf, parentOf } from './path-text.ts';

/** Removes what an act made, one thing after the other, as far as it is what the act left. */
export class Remover {
  readonly #folders: Folders;
  readonly #expected: Expected;

  constructor(folders: Folders, expected: Expected) {
    this.#folders = folders;
    this.#expected = expected;
  }

  /** Removes a thing, a folder with what is in it. Stops with a RollbackFailedError at what somebody else changed. */
  remove(seen: Seen): void {
    const { path } = seen;
    const folder = parentOf(path);
    this.#expected.check(path, seen);
    if (seen.type === 'folder') {
      this.#empty(seen);
      rmdirSync(this.#folders.at(folder, nameOf(path)));
    } else {
      const place = this.#folders.at(folder, nameOf(path));
      const now = lstatSync(place, { bigint: true, throwIfNoEntry: false });
      if (now === undefined) return;
      if (!isSameFile(now, seen.stats)) throw changedMeanwhile(path);
      unlinkSync(place);
    }
    this.#folders.changed(folder);
  }

  #empty({ path, stats }: Seen): void {
    const mode = permissions(stats);
    const isOpen = (mode & 0o700) === 0o700 || process.geteuid?.() === 0;
    if (!isOpen) {
      const facts = { path, mode: mode | 0o700, uid: Number(stats.uid), gid: Number(stats.gid) };
      putBackFacts(this.#folders, path, { ...facts, atime: '0', mtime: '0' }, stats, 'no times');
    }
    for (const name of this.#folders.names(path)) {
      const inside = see(this.#folders, joined(path, name));
      if (inside !== undefined) this.remove(inside);
    }
  }
}
