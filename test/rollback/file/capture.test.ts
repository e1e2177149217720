import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IrreversibleError, RollbackError } from '../../../src/core/errors.ts';
import type { FileData } from '../../../src/rollback/file/entry.ts';
import { digestOf } from './digest.ts';
import { Scene } from './scene.ts';

let scene: Scene;
const here = process.cwd();
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => {
  process.chdir(here);
  scene.remove();
});

/** The captured paths, relative to the folder, each with how much of it. */
function captured(type: string, parameters: Record<string, unknown>, tool?: string): string[] | undefined {
  const data = scene.capture(type, parameters, tool) as FileData | undefined;
  return data?.paths.map(({ path, scope }) => `${path.replace(`${scene.folder}/`, '')} ${scope}`);
}

describe('actions that are captured', () => {
  it.each([
    ['file.write', { path: 'a' }],
    ['file.create', { name: 'a' }],
    ['fs.unlink', { path: 'a' }],
    ['filesystem.touch', { filename: 'a' }],
    ['file.delete', { arg0: 'a' }],
    ['tool.write_file', { path: 'a', content: 'x' }],
    ['tool.edit', { file_path: 'a', old_string: 'x', new_string: 'y' }],
    ['tool.search_and_replace', { path: 'a' }],
    ['tool.get_or_create_file', { path: 'a' }],
    ['agent.save', { path: 'a' }],
    ['notes.update', { file: './a' }],
    ['mcp.server__write_file', { path: 'a' }],
    ['tool.str_replace_based_edit_tool', { command: 'create', path: 'a' }],
    ['http.download', { url: 'https://example.com/a', path: 'a' }],
  ])('%s %o', (type, parameters) => {
    process.chdir(scene.folder);
    expect(captured(type, parameters)).toEqual(['a tree']);
  });

  it('are those of a tool whose name tells more than the action type', () => {
    process.chdir(scene.folder);
    expect(captured('tool', { path: 'a' }, 'write_file')).toEqual(['a tree']);
    expect(captured('tool', { path: 'a' }, 'read_file')).toBeUndefined();
  });
});

describe('actions that are not captured', () => {
  it.each([
    ['file.read', { path: 'a' }],
    ['file.list', { path: 'a' }],
    ['file.stat', { path: 'a' }],
    ['storage.get', { path: './a' }],
    ['file.search', { path: 'a' }],
    ['tool.read_file', { path: 'a' }],
    ['tool.list_directory', { path: 'a' }],
    ['tool.readFile', { path: 'a' }],
    ['tool.str_replace_based_edit_tool', { command: 'view', path: 'a' }],
    ['shell.run', { command: 'rm a', cwd: '/tmp' }],
    ['tool.anything', { command: 'rm a', path: 'a' }],
    ['db.query', { sql: 'DELETE FROM t', path: './a' }],
    ['sqlite.execute', { path: './a' }],
    ['mail.send', { attachment: './a' }],
    ['tool.upload_report', { path: 'a' }],
    ['tool.run_script', { path: 'a' }],
    ['http.post', { url: 'https://example.com', path: 'a' }],
    ['file.write', { content: 'no path' }],
    ['file.write', { cwd: '/tmp' }],
    ['payment.refund', { id: 'a' }],
  ])('%s %o', (type, parameters) => {
    expect(captured(type, parameters)).toBeUndefined();
    expect(scene.irreversible(type, parameters)).toBeUndefined();
  });
});

describe('paths that are captured', () => {
  beforeEach(() => process.chdir(scene.folder));

  it('are taken from the working directory and from the one that the call names', () => {
    expect(captured('file.write', { path: 'a', cwd: scene.path('sub') })).toEqual(['a tree', 'sub tree']);
    expect(captured('file.write', { path: 'a', root: 'sub' })).toEqual(['a tree', 'sub tree']);
  });

  it('are where the file system is left when somebody makes the parents of a file', () => {
    mkdirSync('there');
    expect(captured('file.write', { path: 'there/new/deep/file' })).toEqual(['there/new tree']);
  });

  it('have no link on the way to them', () => {
    mkdirSync('real');
    symlinkSync('real', 'link');
    expect(captured('file.write', { path: 'link/file' })).toEqual(['real/file tree']);
    expect(captured('file.write', { path: 'link/' })).toEqual(['link tree', 'real tree']);
  });

  it('go up from where a link leads, and from the link', () => {
    mkdirSync('real/inner', { recursive: true });
    symlinkSync('real/inner', 'link');
    expect(captured('file.write', { path: 'link/../file' })).toEqual(['real/file tree', 'file tree']);
  });

  it('end where links go round in a circle', () => {
    symlinkSync('two', 'one');
    symlinkSync('one', 'two');
    expect(captured('file.delete', { path: 'one' })).toEqual(['one tree', 'two tree']);
    expect(captured('file.write', { path: 'one/file' })).toEqual(['one tree']);
  });

  it('are those of a file URL, and of the home folder', () => {
    expect(captured('file.write', { path: pathToFileURL(scene.path('a b')).href })).toEqual(['a b tree']);
    const home = process.env.HOME;
    process.env.HOME = scene.folder;
    try {
      expect(captured('file.write', { path: '~/a' })).toEqual(['~ tree', 'a tree']);
    } finally {
      process.env.HOME = home;
    }
  });

  it('are all that a pattern may stand for where something is deleted, and the name itself where it is written', () => {
    scene.write('logs/one.log', 'x');
    expect(captured('file.delete', { path: 'logs/*.log' })).toEqual(['logs tree']);
    expect(captured('file.write', { path: 'app/[slug]/page.tsx' })).toEqual(['app tree']);
    scene.write('app/other', 'x');
    expect(captured('file.write', { path: 'app/[slug]/page.tsx' })).toEqual(['app/[slug] tree']);
  });

  it('are neither what is copied nor what lies beside the copy', () => {
    scene.write('from', 'x');
    scene.write('into/other', 'x');
    expect(captured('file.copy', { src: 'from', dest: 'into' })).toEqual(['into itself', 'into/from tree']);
    expect(captured('file.copy', { arg0: 'from', arg1: 'to' })).toEqual(['to tree']);
    expect(captured('file.mkdir', { path: 'into' })).toEqual(['into itself']);
  });

  it('are both ends of a move, also where the new name stands alone', () => {
    scene.write('sub/from', 'x');
    expect(captured('file.rename', { path: 'sub/from', new_name: 'to' })).toEqual([
      'sub/from tree',
      'to tree',
      'sub/to tree',
    ]);
  });

  it('are one where two ways lead to it', () => {
    scene.write('tree/file', 'x');
    expect(captured('file.delete', { paths: ['tree/file', 'tree', './tree/../tree/'] })).toEqual([
      'tree tree',
    ]);
  });
});

describe('what cannot be put back', () => {
  beforeEach(() => process.chdir(scene.folder));
  const expectIrreversible = (parameters: Record<string, unknown>, why: string): void => {
    expect(() => scene.capture('file.delete', parameters)).toThrow(IrreversibleError);
    expect(scene.irreversible('file.delete', parameters)).toContain(why);
  };

  it('is a pipe, a socket or a device, also within a tree', async () => {
    mkdirSync('tree');
    execFileSync('/bin/sh', ['-c', 'mkfifo tree/pipe']);
    const server = createServer();
    await new Promise<void>((done) => server.listen(scene.path('socket'), done));
    try {
      expectIrreversible({ path: 'tree' }, `${scene.path('tree/pipe')} is a pipe`);
      expectIrreversible({ path: 'socket' }, 'is a socket');
      expectIrreversible({ path: '/dev/null' }, 'is a device');
    } finally {
      await new Promise((done) => server.close(done));
    }
  });

  it('is the whole file system', () => {
    expectIrreversible({ path: '/' }, 'the whole file system');
    expect(captured('file.mkdir', { path: '/' })).toBeUndefined();
  });

  it('is a tree of too many files, or too deep, before any content is kept', () => {
    for (let i = 0; i < 10; i++) scene.write(`wide/${i}`, 'x');
    scene.write('deep/1/2/3/4/5', 'x');
    const careful = new Scene({ maxEntries: 9, maxDepth: 3 });
    try {
      const delete_ = (path: string) => () => careful.capture('file.delete', { path: scene.path(path) });
      expect(delete_('wide')).toThrow('more than 9 files and folders');
      expect(delete_('wide')).toThrow(IrreversibleError);
      expect(delete_('deep')).toThrow('more than 3 folders deep');
      expect(digestOf(`${careful.home}/blobs`)).toHaveLength(1);
    } finally {
      careful.remove();
    }
  });

  it('is a file whose size says nothing', () => {
    expect(() => scene.capture('file.write', { path: '/proc/self/status' })).toThrow(IrreversibleError);
  });
});

describe('a capture that fails', () => {
  it('is one of a file that may not be read, or lies where nobody may look', () => {
    const path = scene.write('closed/secret', 'x');
    chmodSync(path, 0o000);
    chmodSync(scene.home, 0o755);
    const child = `
      process.seteuid(65534);
      const { Scene } = await import(${JSON.stringify(new URL('./scene.ts', import.meta.url).href)});
      const scene = new Scene();
      for (const path of process.argv.slice(1)) {
        try { scene.capture('file.write', { path }); console.log('captured'); }
        catch (error) { console.log(error.name, error.message); }
      }
      scene.remove();`;
    const run = (): string[] =>
      execFileSync(process.execPath, ['--input-type=module', '-e', child, path], { encoding: 'utf8' })
        .trim()
        .split('\n');
    if (process.geteuid?.() !== 0) return;
    expect(run()).toEqual([`RollbackError Cannot capture ${path}: permission denied (EACCES).`]);
    chmodSync(scene.path('closed'), 0o000);
    expect(run()).toEqual([`RollbackError Cannot capture ${path}: permission denied (EACCES).`]);
  });

  it.each([
    ['a name that is too long', `${'x'.repeat(300)}`],
    ['a NUL in it', 'a\0b'],
  ])('is one of a path with %s', (_, name) => {
    const attempt = () => scene.capture('file.write', { path: scene.path(name) });
    expect(attempt).toThrow(RollbackError);
    expect(attempt).not.toThrow(IrreversibleError);
  });

  it('is one of a file that is written to all the time', () => {
    const path = scene.write('log', 'x');
    const blobs = {
      keep: (pieces: Uint8Array | Iterable<Uint8Array>) => {
        const ref = scene.blobs.keep(pieces);
        writeFileSync(path, 'y', { flag: 'a' });
        return ref;
      },
    };
    const given = [{ name: 'path', kind: 'path', isSure: true, text: path, argv: null, at: 0 }] as const;
    const intent = { actionType: 'file.write', toolName: 'tool' } as Parameters<
      typeof scene.handler.capture
    >[0];
    expect(() => scene.handler.capture(intent, { blobs, arguments: given })).toThrow(
      'was written to each of',
    );
  });
});
