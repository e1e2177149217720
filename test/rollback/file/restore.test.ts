import {
  appendFileSync,
  chmodSync,
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from './digest.ts';
import { Scene } from './scene.ts';

describe.each([
  ['with folders held open', undefined],
  ['with folders looked at again', false],
])('a restore %s', (_, holdFolders) => {
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene({ holdFolders });
  });
  afterEach(() => scene.remove());

  /** Acts, restores, and expects all to be as it was; twice, for the second time changes nothing. */
  function undone(actionType: string, parameters: Record<string, unknown>, work: () => void): void {
    const before = digestOf(scene.folder);
    const taken = scene.act(actionType, parameters, work);
    expect(digestOf(scene.folder)).not.toEqual(before);
    scene.restore(taken);
    expect(digestOf(scene.folder)).toEqual(before);
    expect(scene.now(taken)).toEqual(taken.before);
    scene.restore(taken);
    expect(digestOf(scene.folder)).toEqual(before);
  }

  it('puts back content, mode and time of a file that was written over', () => {
    const path = scene.write('a.txt', 'before');
    chmodSync(path, 0o4751);
    utimesSync(path, 1_000_000_000.123456, 1_000_000_000.123456);
    undone('file.write', { path }, () => {
      writeFileSync(path, 'after, and longer');
      chmodSync(path, 0o600);
    });
  });

  it('puts back a file that was written over with the same content', () => {
    const path = scene.write('a.txt', 'same');
    utimesSync(path, 1, 1);
    undone('file.write', { path }, () => writeFileSync(path, 'same'));
  });

  it('cuts off what was appended', () => {
    const path = scene.write('log', 'one\n');
    undone('file.append', { path }, () => appendFileSync(path, 'two\n'));
  });

  it('brings back a file that was deleted', () => {
    const path = scene.write('a.txt', 'precious');
    undone('file.delete', { path }, () => unlinkSync(path));
  });

  it('brings back an empty file, and one of several pieces', () => {
    const empty = scene.write('empty', '');
    const large = scene.write('large', Buffer.alloc(3_000_001, 'abc'));
    undone('file.delete', { paths: [empty, large] }, () => {
      unlinkSync(empty);
      unlinkSync(large);
    });
  });

  it('removes a file that was not there, with the folders that were made for it', () => {
    const path = scene.path('new/deep/a.txt');
    undone('file.create', { path }, () => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, 'x');
    });
  });

  it('brings back a folder with all that was in it', () => {
    scene.write('tree/a', 'a');
    scene.write('tree/b/c', 'c');
    mkdirSync(scene.path('tree/empty'));
    symlinkSync('../a', scene.path('tree/b/link'));
    symlinkSync('nowhere', scene.path('tree/dangling'));
    chmodSync(scene.path('tree/b/c'), 0o400);
    chmodSync(scene.path('tree/b'), 0o555);
    chmodSync(scene.path('tree'), 0o2750);
    const path = scene.path('tree');
    undone('file.rmdir', { path }, () => rmSync(path, { recursive: true }));
  });

  it('puts back a file where a folder is now, and a folder where a file is now', () => {
    const file = scene.write('file', 'content');
    scene.write('folder/inside', 'content');
    undone('file.write', { paths: [file, scene.path('folder')] }, () => {
      unlinkSync(file);
      rmSync(scene.path('folder'), { recursive: true });
      scene.write('file/inside', 'x');
      scene.write('folder', 'x');
    });
  });

  it('moves back a file and a folder', () => {
    const from = scene.write('from', 'content');
    scene.write('tree/a/b', 'content');
    undone('file.move', { src: from, dest: scene.path('to') }, () => renameSync(from, scene.path('to')));
    undone('file.move', { src: scene.path('tree'), dest: scene.path('wood') }, () =>
      renameSync(scene.path('tree'), scene.path('wood')),
    );
  });

  it('moves back what was moved over a file', () => {
    const from = scene.write('from', 'new');
    const to = scene.write('to', 'old');
    undone('file.move', { source: from, destination: to }, () => renameSync(from, to));
  });

  it('removes what was copied into a folder under its own name', () => {
    const from = scene.write('from', 'content');
    scene.write('into/other', 'stays');
    undone('file.copy', { source: from, destination: scene.path('into') }, () =>
      cpSync(from, scene.path('into/from')),
    );
  });

  it('undoes the copy of a folder into another that was there', () => {
    scene.write('one/same', 'new');
    scene.write('one/more', 'new');
    scene.write('two/same', 'old');
    undone('file.copy', { src: scene.path('one'), dest: scene.path('two') }, () =>
      cpSync(scene.path('one'), scene.path('two'), { recursive: true }),
    );
  });

  it('puts back modes in a whole tree, and no contents', () => {
    const file = scene.write('tree/a', 'a');
    const taken = scene.act('file.chmod', { path: scene.path('tree'), mode: '700' }, () => {
      chmodSync(scene.path('tree'), 0o700);
      chmodSync(file, 0o777);
    });
    writeFileSync(file, 'written since');
    scene.write('tree/new', 'made since');
    scene.restore(taken);
    expect(statSync(file).mode & 0o7777).toBe(0o644);
    expect(statSync(scene.path('tree')).mode & 0o7777).toBe(0o755);
    expect(readFileSync(file, 'utf8')).toBe('written since');
    expect(readFileSync(scene.path('tree/new'), 'utf8')).toBe('made since');
  });

  it('brings back what a link led to when somebody wrote through it, and the link when it was deleted', () => {
    const target = scene.write('elsewhere/target', 'before');
    symlinkSync('elsewhere/target', scene.path('second'));
    symlinkSync(scene.path('second'), scene.path('link'));
    const path = scene.path('link');
    undone('file.write', { path }, () => writeFileSync(path, 'after'));
    undone('file.delete', { path }, () => unlinkSync(path));
    expect(readFileSync(target, 'utf8')).toBe('before');
    expect(readlinkSync(path)).toBe(scene.path('second'));
  });

  it('removes what was written through a link that led to nothing', () => {
    symlinkSync('missing/file', scene.path('link'));
    undone('file.write', { path: scene.path('link') }, () => scene.write('missing/file', 'x'));
  });

  it('removes a link that was made, and brings back a link whose target was changed', () => {
    const link = scene.path('link');
    undone('file.symlink', { target: '/etc', path: link }, () => symlinkSync('/etc', link));
    symlinkSync('one', link);
    undone('file.symlink', { target: 'two', path: link }, () => {
      unlinkSync(link);
      symlinkSync('two', link);
    });
  });

  it('writes into a file with several names, so that all of them have the old content', () => {
    const path = scene.write('one', 'before, and longer');
    linkSync(path, scene.path('two'));
    chmodSync(path, 0o444);
    undone('file.write', { path }, () => {
      chmodSync(path, 0o644);
      writeFileSync(path, 'after');
    });
    expect(readFileSync(scene.path('two'), 'utf8')).toBe('before, and longer');
    expect(lstatSync(path).nlink).toBe(2);
  });

  it('links the names of one file again that were captured together', () => {
    const names = ['tree/one', 'tree/deep/two', 'tree/three'].map((name) => scene.path(name));
    const [one = '', two = '', three = ''] = names;
    scene.write('tree/one', 'content');
    mkdirSync(dirname(two));
    linkSync(one, two);
    linkSync(one, three);
    const path = scene.path('tree');
    const areOne = (): boolean => new Set(names.map((name) => lstatSync(name).ino)).size === 1;
    undone('file.delete', { path }, () => rmSync(path, { recursive: true }));
    expect(areOne()).toBe(true);
    undone('file.delete', { path }, () => unlinkSync(one));
    expect(areOne()).toBe(true);
    undone('file.write', { path }, () => [writeFileSync(one, 'after'), unlinkSync(three)]);
    expect(areOne()).toBe(true);
    expect(lstatSync(one).nlink).toBe(3);
  });

  it('writes what was written through a link in a folder back to where it led', () => {
    scene.write('elsewhere', 'before');
    scene.write('from/link', 'new');
    mkdirSync(scene.path('into'));
    symlinkSync(scene.path('elsewhere'), scene.path('into/link'));
    undone('file.copy', { src: scene.path('from'), dest: scene.path('into') }, () =>
      writeFileSync(scene.path('into/link'), 'new'),
    );
  });

  it('brings back one of several names of a file as a file of its own', () => {
    const path = scene.write('one', 'content');
    linkSync(path, scene.path('two'));
    undone('file.delete', { path }, () => unlinkSync(path));
  });

  it('puts back mode and time of the folder that something was made in', () => {
    const path = scene.path('new');
    utimesSync(scene.folder, 1_000_000_000, 1_000_000_000);
    const taken = scene.act('file.create', { path }, () => {
      writeFileSync(path, 'x');
      chmodSync(scene.folder, 0o700);
    });
    scene.restore(taken);
    expect(statSync(scene.folder).mtimeMs).toBeCloseTo(1_000_000_000_000, 0);
    expect(statSync(scene.folder).mode & 0o7777).toBe(0o755);
  });

  it('leaves the time of a folder that somebody else has changed since', () => {
    const path = scene.path('new');
    utimesSync(scene.folder, 1_000_000_000, 1_000_000_000);
    const taken = scene.act('file.create', { path }, () => writeFileSync(path, 'x'));
    scene.write('other', 'x');
    scene.restore(taken);
    expect(statSync(scene.folder).mtimeMs).toBeGreaterThan(1_500_000_000_000);
  });

  it('puts back the same modes whatever the umask is', () => {
    const path = scene.write('tree/a', 'a');
    chmodSync(path, 0o666);
    chmodSync(scene.path('tree'), 0o777);
    const usual = process.umask(0o077);
    try {
      undone('file.delete', { path: scene.path('tree') }, () =>
        rmSync(scene.path('tree'), { recursive: true }),
      );
    } finally {
      process.umask(usual);
    }
  });

  it('leaves no temporary file, and nothing open', () => {
    const path = scene.write('tree/a', 'a');
    undone('file.delete', { path: scene.path('tree') }, () =>
      rmSync(scene.path('tree'), { recursive: true }),
    );
    undone('file.write', { path }, () => writeFileSync(path, 'b'));
    expect(JSON.stringify(digestOf(scene.folder))).not.toContain('plyra');
  });
});
