import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IrreversibleError, RollbackError } from '../../../src/core/errors.ts';
import type { FileData } from '../../../src/rollback/file/entry.ts';
import { callOf, Scene } from './scene.ts';

let scene: Scene;
const here = process.cwd();
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => {
  process.chdir(here);
  scene.remove();
});

function captured(type: string, parameters: Record<string, unknown>): string[] | undefined {
  const data = scene.capture(type, parameters) as FileData | undefined;
  return data?.paths.map(({ path, scope }) => `${path.replace(`${scene.folder}/`, '')} ${scope}`);
}

describe('actions that only read files', () => {
  it.each([
    ['file.read', { path: 'a' }],
    ['file.list', { path: 'a' }],
    ['file.stat', { path: 'a' }],
    ['storage.get', { path: './a' }],
    ['file.search', { path: 'a' }],
    ['tool.read_file', { path: 'a' }],
    ['tool.list_directory', { path: 'a' }],
    ['tool.readFile', { path: 'a' }],
    ['tool.analyze', { path: 'a' }],
    ['tool.count_lines', { path: 'a' }],
    ['tool.git_status', { repo_path: './a' }],
    ['tool.git_diff_staged', { repo_path: './a' }],
    ['tool.codebase_search', { path: 'a' }],
    ['tool.directory_tree', { path: 'a' }],
    ['tool.file_exists', { path: 'a' }],
  ])('are not captured, and leave nothing to undo: %s %o', (type, parameters) => {
    expect(captured(type, parameters)).toBeUndefined();
    expect(scene.irreversible(type, parameters)).toBeNull();
  });

  it.each([
    ['tool.validate_and_fix', { path: 'a' }],
    ['tool.git_reset', { repo_path: './a' }],
    ['tool.parse_into', { output_path: './a' }],
    ['tool.check_out', { path: 'a' }],
  ])('are captured where they write all the same: %s %o', (type, parameters) => {
    process.chdir(scene.folder);
    expect(captured(type, parameters)).toEqual(['a tree']);
  });
});

it('is no more than irreversible where something cannot be read and nothing says that it is written to', () => {
  const path = scene.write('tree/log', 'x');
  const blobs = {
    keep: (pieces: Uint8Array | Iterable<Uint8Array>) => {
      const ref = scene.blobs.keep(pieces);
      writeFileSync(path, 'y', { flag: 'a' });
      return ref;
    },
  };
  const capture = (type: string) => () => {
    const { intent, given } = callOf(type, { path: scene.path('tree') }, 'tool');
    return scene.handler.capture(intent, { blobs, arguments: given });
  };
  expect(capture('tool.process')).toThrow(IrreversibleError);
  expect(capture('tool.edit')).not.toThrow(IrreversibleError);
  expect(capture('tool.edit')).toThrow(RollbackError);
});

describe('prose that begins like a path', () => {
  it.each([`/cc everyone${' and more'.repeat(60)}`, '/cc\0'])('does not keep a tool from running', (note) => {
    expect(scene.capture('tool.add_note', { note })).toBeUndefined();
    expect(scene.irreversible('tool.add_note', { note })).toBeNull();
    expect(() => scene.capture('tool.add_note', { path: note })).toThrow(RollbackError);
  });
});
