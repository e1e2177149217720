import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SqliteStore } from '../../src/stores/sqlite.ts';
import type { StoreSuiteTools } from '../../src/testing/index.ts';

type Damage = NonNullable<StoreSuiteTools['damage']>;

/** Files below a folder that have this name. */
function filesNamed(folder: string, name: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => path.endsWith(`/${name}`) && statSync(path).isFile());
}

function damageFiles(files: readonly string[]): boolean {
  for (const file of files) {
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(file, bytes);
  }
  return files.length > 0;
}

/** Turns one bit of a content over, in the table or in its file. */
export const damageSqlite: Damage = (store, hash) => {
  const { database } = store as SqliteStore;
  const { content } = database.prepare('SELECT content FROM blobs WHERE hash = ?').get(hash) ?? {};
  if (!(content instanceof Uint8Array)) return damageFiles(filesNamed(dirname(database.path), hash));
  const edited = Uint8Array.from(content);
  const at = edited.length >> 1;
  edited[at] = (edited[at] ?? 0) ^ 1;
  database.prepare('UPDATE blobs SET content = ? WHERE hash = ?').run(edited, hash);
  return true;
};

/** Nobody but the process gets at what is in its memory; the files of large contents lie in the folder for temporary ones. */
export const damageMemory: Damage = (_store, hash) => {
  const own = readdirSync(tmpdir()).filter((name) => name.startsWith('plyra-guard-'));
  return damageFiles(own.flatMap((name) => filesNamed(join(tmpdir(), name), hash)));
};
