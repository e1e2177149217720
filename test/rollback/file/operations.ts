import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';

/** What a tool for files does, in a folder of few names so that operations meet. */
export type Operation =
  | { readonly kind: 'write' | 'append' | 'create'; readonly path: string; readonly content: string }
  | { readonly kind: 'delete' | 'mkdir' | 'rmdir'; readonly path: string }
  | { readonly kind: 'move' | 'copy' | 'symlink'; readonly from: string; readonly to: string }
  | { readonly kind: 'chmod'; readonly path: string; readonly mode: number };

const NAMES = ['a', 'b', 'c'];
const path = fc
  .array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 })
  .map((names) => names.join('/'));
const content = fc.oneof(
  fc.constantFrom('', 'x', 'same'),
  fc.string({ maxLength: 40 }),
  fc.integer({ min: 0, max: 3 }).map((n) => 'long '.repeat(n * 30_000)),
);
const mode = fc.constantFrom(0o600, 0o644, 0o755, 0o400, 0o000, 0o777, 0o4755, 0o1777);

/** One operation, sensible or not. */
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('write', 'append', 'create'), path, content }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('delete', 'mkdir', 'rmdir'), path }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('move', 'copy', 'symlink'), from: path, to: path }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('chmod'), path, mode }) },
);

/** 1 to 40 of them. */
export const operations = fc.array(operation, { minLength: 1, maxLength: 40 });

/** The call that an agent makes: action type and parameters, with paths in a folder. */
export function callOfOperation(
  folder: string,
  one: Operation,
): [type: string, parameters: Record<string, unknown>] {
  switch (one.kind) {
    case 'symlink':
      return ['file.symlink', { target: join(folder, one.from), path: join(folder, one.to) }];
    case 'move':
    case 'copy':
      return [`file.${one.kind}`, { source: join(folder, one.from), destination: join(folder, one.to) }];
    default:
      return [`file.${one.kind}`, { path: join(folder, one.path) }];
  }
}

/** What the tool does then. It throws where the system does. */
export function perform(folder: string, one: Operation): void {
  if ('from' in one) carry(one.kind, join(folder, one.from), join(folder, one.to));
  else change(join(folder, one.path), one);
}

function change(path: string, one: Exclude<Operation, { readonly from: string }>): void {
  switch (one.kind) {
    case 'write':
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, one.content);
      break;
    case 'append':
      appendFileSync(path, one.content);
      break;
    case 'create':
      writeFileSync(path, one.content, { flag: 'wx' });
      break;
    case 'delete':
      unlinkSync(path);
      break;
    case 'mkdir':
      mkdirSync(path, { recursive: true });
      break;
    case 'rmdir':
      rmSync(path, { recursive: true });
      break;
    default:
      chmodSync(path, one.mode);
  }
}

function carry(kind: 'move' | 'copy' | 'symlink', from: string, to: string): void {
  if (kind === 'symlink') symlinkSync(from, to);
  else if (kind === 'move') renameSync(from, intoFolder(from, to));
  else copy(from, intoFolder(from, to));
}

/** As `cp -r` does: links as links, and a file over a link to where that leads. */
function copy(from: string, to: string): void {
  const stats = lstatSync(from);
  if (stats.isSymbolicLink()) {
    rmSync(to, { force: true });
    symlinkSync(readlinkSync(from), to);
    return;
  }
  if (!stats.isDirectory()) {
    copyFileSync(from, to);
    return;
  }
  if (!lstatSync(to, { throwIfNoEntry: false })?.isDirectory()) mkdirSync(to);
  if (realpathSync(to).startsWith(realpathSync(from)))
    throw new Error('a folder cannot be copied into itself');
  for (const name of readdirSync(from)) copy(join(from, name), join(to, name));
}

/** As the programs of a shell do: into a folder that is there, under its own name. */
function intoFolder(from: string, to: string): string {
  return existsSync(to) && statSync(to).isDirectory() ? join(to, basename(from)) : to;
}
