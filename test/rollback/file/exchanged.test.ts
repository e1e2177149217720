import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RollbackFailedError } from '../../../src/core/errors.ts';
import type { BlobReader } from '../../../src/rollback/handler.ts';
import { digestOf } from './digest.ts';
import { Scene, type Taken } from './scene.ts';

describe.each([
  ['with folders held open', undefined],
  ['with folders looked at again', false],
])('a restore %s', (_, holdFolders) => {
  let scene: Scene;
  /** A folder that is none of the action's business. */
  let outside: string;
  beforeEach(() => {
    scene = new Scene({ holdFolders });
    outside = `${scene.home}/outside`;
    mkdirSync(outside);
    writeFileSync(`${outside}/file`, 'untouched');
  });
  afterEach(() => scene.remove());

  const overwritten = (): Taken => {
    const path = scene.write('a/b/file', 'before');
    return scene.act('file.write', { path }, () => writeFileSync(path, 'after'));
  };
  /** Restores without the check that a coordinator makes, as by force. */
  const force = (taken: Taken, blobs: BlobReader = scene.blobs): void => {
    scene.handler.restore(taken, { blobs });
  };

  it('writes nothing behind a folder that has become a link, and names it', () => {
    const taken = overwritten();
    renameSync(scene.path('a/b'), scene.path('a/c'));
    symlinkSync(outside, scene.path('a/b'));
    const all = digestOf(scene.home);
    expect(() => force(taken)).toThrow(`The folder ${scene.path('a/b')} is a symbolic link by now`);
    expect(() => scene.now(taken)).toThrow('is a symbolic link by now');
    expect(digestOf(scene.home)).toEqual(all);
  });

  it('writes nothing behind a folder further up that has become a link, even to the same folder', () => {
    const taken = overwritten();
    renameSync(scene.path('a'), scene.path('c'));
    symlinkSync('c', scene.path('a'));
    expect(() => force(taken)).toThrow(`The folder ${scene.path('a')} is a symbolic link by now`);
    expect(readFileSync(scene.path('c/b/file'), 'utf8')).toBe('after');
  });

  it('writes nothing into a folder that was there before and put in place of the captured one', () => {
    mkdirSync(scene.path('older'));
    const made = scene.path('older');
    const birth = lstatSync(made, { bigint: true }).birthtimeNs;
    const taken = overwritten();
    // As if it had been captured long after the other folder was made.
    const late = { ...taken, data: { ...(taken.data as object), at: Number(birth / 1_000_000n) + 60_000 } };
    rmSync(scene.path('a/b'), { recursive: true });
    renameSync(made, scene.path('a/b'));
    expect(() => force(late)).toThrow(
      `${scene.path('a/b')} is another folder than at the time of the action`,
    );
    expect(readdirSync(scene.path('a/b'))).toEqual([]);
  });

  it('goes into a folder that was made anew since, as a restore makes it', () => {
    const taken = overwritten();
    rmSync(scene.path('a'), { recursive: true });
    scene.write('a/b/file', 'after');
    scene.restore(taken);
    expect(readFileSync(scene.path('a/b/file'), 'utf8')).toBe('before');
  });

  it('puts the file in place of a link that somebody put there, and does not follow it', () => {
    const taken = overwritten();
    unlinkSync(scene.path('a/b/file'));
    symlinkSync(`${outside}/file`, scene.path('a/b/file'));
    expect(() => scene.restore(taken)).toThrow('changed');
    scene.restore(taken, 'force');
    expect(lstatSync(scene.path('a/b/file')).isFile()).toBe(true);
    expect(readFileSync(scene.path('a/b/file'), 'utf8')).toBe('before');
    expect(readFileSync(`${outside}/file`, 'utf8')).toBe('untouched');
  });

  it('changes no mode or time through a link that somebody put there', () => {
    const path = scene.write('file', 'same');
    const taken = scene.act('file.chmod', { path }, () => chmodSync(path, 0o600));
    unlinkSync(path);
    symlinkSync(`${outside}/file`, path);
    const before = digestOf(outside);
    expect(() => force(taken)).toThrow(RollbackFailedError);
    expect(digestOf(outside)).toEqual(before);
    expect(readlinkSync(path)).toBe(`${outside}/file`);
  });

  it('removes a link that was put inside a made folder, and not what it leads to', () => {
    const taken = scene.act('file.mkdir', { path: scene.path('made') }, () => mkdirSync(scene.path('made')));
    symlinkSync(outside, scene.path('made/link'));
    expect(() => scene.restore(taken)).toThrow('changed');
    scene.restore(taken, 'force');
    expect(existsSync(scene.path('made'))).toBe(false);
    expect(readFileSync(`${outside}/file`, 'utf8')).toBe('untouched');
  });

  it('brings a tree back beside, and not behind, a link that took its place', () => {
    scene.write('tree/inside/file', 'content');
    const path = scene.path('tree');
    const before = digestOf(scene.folder);
    const taken = scene.act('file.delete', { path }, () => rmSync(path, { recursive: true }));
    symlinkSync(outside, path);
    scene.restore(taken, 'force');
    expect(digestOf(scene.folder)).toEqual(before);
    expect(readdirSync(outside)).toEqual(['file']);
  });

  it('brings back nothing where a folder inside a captured tree has become a link but the link itself', () => {
    scene.write('tree/inside/file', 'content');
    const path = scene.path('tree');
    const before = digestOf(scene.folder);
    const taken = scene.act('file.write', { path }, () =>
      writeFileSync(scene.path('tree/inside/file'), 'after'),
    );
    rmSync(scene.path('tree/inside'), { recursive: true });
    symlinkSync(outside, scene.path('tree/inside'));
    expect(() => scene.restore(taken)).toThrow('changed');
    scene.restore(taken, 'force');
    expect(digestOf(scene.folder)).toEqual(before);
    expect(readFileSync(`${outside}/file`, 'utf8')).toBe('untouched');
  });

  /** Contents during whose reading something happens. */
  const meanwhile = (work: () => void): BlobReader => ({
    *read(hash) {
      yield* scene.blobs.read(hash);
      work();
    },
  });

  it('writes nothing outside when a folder is exchanged for a link in the midst of it', () => {
    const taken = overwritten();
    const exchange = meanwhile(() => {
      renameSync(scene.path('a'), scene.path('c'));
      symlinkSync(outside, scene.path('a'));
      mkdirSync(`${outside}/b`);
    });
    try {
      force(taken, exchange);
    } catch (error) {
      expect(error).toBeInstanceOf(RollbackFailedError);
    }
    expect(readdirSync(`${outside}/b`)).toEqual([]);
    expect(readdirSync(outside).sort()).toEqual(['b', 'file']);
  });

  it('stays in the folder that it holds, or stops, when that is moved and linked to in the midst of it', () => {
    const taken = overwritten();
    const exchange = meanwhile(() => {
      renameSync(scene.path('a'), scene.path('c'));
      symlinkSync('c', scene.path('a'));
    });
    if (holdFolders === false) {
      expect(() => force(taken, exchange)).toThrow(`${scene.path('a')} is a symbolic link by now`);
      expect(readFileSync(scene.path('c/b/file'), 'utf8')).toBe('after');
    } else {
      force(taken, exchange);
      expect(readFileSync(scene.path('c/b/file'), 'utf8')).toBe('before');
    }
  });

  it('leaves alone what somebody wrote in the midst of it', () => {
    const taken = overwritten();
    const path = scene.path('a/b/file');
    expect(() =>
      force(
        taken,
        meanwhile(() => writeFileSync(path, 'theirs')),
      ),
    ).toThrow('was changed while');
    expect(readFileSync(path, 'utf8')).toBe('theirs');
    expect(readdirSync(scene.path('a/b'))).toEqual(['file']);
  });

  it('leaves alone what somebody made in the midst of it where nothing was', () => {
    const path = scene.write('file', 'before');
    const taken = scene.act('file.delete', { path }, () => unlinkSync(path));
    expect(() =>
      force(
        taken,
        meanwhile(() => writeFileSync(path, 'theirs')),
      ),
    ).toThrow('meanwhile (EEXIST)');
    expect(readFileSync(path, 'utf8')).toBe('theirs');
    expect(readdirSync(scene.folder)).toEqual(['file']);
  });

  it('leaves alone what somebody changed after it was decided to put it back', () => {
    const one = scene.write('one', 'before');
    const taken = scene.act('file.write', { path: one }, () => writeFileSync(one, 'after'));
    const now = scene.now(taken);
    writeFileSync(one, 'theirs');
    expect(() => scene.handler.restore(taken, { blobs: scene.blobs, now })).toThrow(
      `${one} was changed while it was put back`,
    );
    expect(readFileSync(one, 'utf8')).toBe('theirs');
  });

  it('leaves a folder that the act made when somebody puts something into it in the last moment', () => {
    const path = scene.path('made/file');
    const taken = scene.act('file.create', { path }, () => scene.write('made/file', 'x'));
    const now = scene.now(taken);
    scene.write('made/theirs', 'theirs');
    expect(() => scene.handler.restore(taken, { blobs: scene.blobs, now })).toThrow(
      `${scene.path('made/theirs')} was changed while`,
    );
    expect(readFileSync(scene.path('made/theirs'), 'utf8')).toBe('theirs');
  });

  it('writes nothing of a content that was damaged', () => {
    const taken = overwritten();
    for (const name of readdirSync(`${scene.home}/blobs`))
      writeFileSync(`${scene.home}/blobs/${name}`, 'evil');
    expect(() => force(taken)).toThrow('its kept content was damaged');
    expect(readFileSync(scene.path('a/b/file'), 'utf8')).toBe('after');
    expect(readdirSync(scene.path('a/b'))).toEqual(['file']);
  });

  it('changes nothing for a content that is not there', () => {
    const taken = overwritten();
    rmSync(`${scene.home}/blobs`, { recursive: true });
    expect(() => force(taken)).toThrow(`Cannot put back ${scene.path('a/b/file')}`);
    expect(readFileSync(scene.path('a/b/file'), 'utf8')).toBe('after');
  });
});

describe('what the act left', () => {
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene();
  });
  afterEach(() => scene.remove());

  it.each<[string, (path: string) => void]>([
    ['content', (path) => writeFileSync(path, 'AFTER')],
    ['mode', (path) => chmodSync(path, 0o640)],
    ['type', (path) => [unlinkSync(path), mkdirSync(path)]],
    ['presence', (path) => unlinkSync(path)],
  ])('is told from a later change of %s', (_what, change) => {
    const path = scene.write('file', 'before');
    const taken = scene.act('file.write', { path }, () => writeFileSync(path, 'after'));
    change(path);
    const all = digestOf(scene.folder);
    expect(scene.now(taken)[path]).not.toBe(taken.after?.[path]);
    expect(() => scene.restore(taken)).toThrow(path);
    expect(digestOf(scene.folder)).toEqual(all);
  });

  it('is told from a later change in the target of a link', () => {
    symlinkSync('one', scene.path('link'));
    const taken = scene.act('file.write', { path: scene.path('link') }, () => scene.write('one', 'x'));
    unlinkSync(scene.path('link'));
    symlinkSync('two', scene.path('link'));
    expect(() => scene.restore(taken)).toThrow('link to two');
  });

  it('is told from a file that somebody put into a folder that the act made', () => {
    const path = scene.path('made');
    const taken = scene.act('file.mkdir', { path }, () => mkdirSync(path));
    scene.write('made/theirs', 'theirs');
    expect(() => scene.restore(taken)).toThrow(scene.path('made/theirs'));
  });

  it('is the same after somebody has touched it', () => {
    const path = scene.write('file', 'before');
    const taken = scene.act('file.write', { path }, () => writeFileSync(path, 'after'));
    writeFileSync(path, 'after');
    scene.restore(taken);
    expect(readFileSync(path, 'utf8')).toBe('before');
  });
});
