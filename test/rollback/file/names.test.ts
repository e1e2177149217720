import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from './digest.ts';
import { Scene } from './scene.ts';

let scene: Scene;
beforeEach(() => {
  scene = new Scene();
});
afterEach(() => scene.remove());

describe('names', () => {
  it.each([
    ['a newline', 'one\ntwo'],
    ['quotes and blanks', ` "it's" `],
    ['a backslash', 'a\\xff'],
    ['letters beyond ASCII', 'Grüße 🗂️'],
    ['the greatest length', 'x'.repeat(255)],
    ['a look like a pattern', '[a]{b}*?'],
    ['a look like a member of objects', '__proto__'],
  ])('with %s are captured and put back', (_, name) => {
    const path = scene.write(name, 'before');
    scene.write(`tree/${name}`, 'before');
    const before = digestOf(scene.folder);
    const taken = scene.act('file.delete', { paths: [path, scene.path('tree')] }, () => {
      unlinkSync(path);
      rmSync(scene.path('tree'), { recursive: true });
    });
    expect(taken.before?.[path]).toContain('file 0644, 6 bytes');
    scene.restore(taken);
    expect(digestOf(scene.folder)).toEqual(before);
  });

  it('that are no text are captured, told apart and put back', () => {
    mkdirSync(scene.path('tree'));
    const odd = Buffer.concat([Buffer.from(`${scene.path('tree')}/caf`), Buffer.from([0xe9])]);
    const like = scene.path('tree/caf\\xe9');
    writeFileSync(odd, 'odd');
    writeFileSync(like, 'like');
    symlinkSync(Buffer.from([0xff, 0x2f, 0xfe]), scene.path('tree/link'));
    mkdirSync(Buffer.concat([odd, Buffer.from('-folder')]));
    writeFileSync(Buffer.concat([odd, Buffer.from('-folder/in')]), 'in');
    const before = digestOf(scene.folder);
    const taken = scene.act('file.delete', { path: scene.path('tree') }, () =>
      rmSync(scene.path('tree'), { recursive: true }),
    );
    expect(Object.keys(taken.before ?? {})).toContain(`${scene.path('tree')}//caf\\xe9`);
    scene.restore(taken);
    expect(digestOf(scene.folder)).toEqual(before);
    const made = scene.act('file.write', { path: scene.path('new') }, () => {
      mkdirSync(scene.path('new'));
      writeFileSync(Buffer.concat([Buffer.from(`${scene.path('new')}/`), Buffer.from([0xff])]), 'x');
    });
    scene.restore(made);
    expect(existsSync(scene.path('new'))).toBe(false);
  });
});

describe('a file with several names', () => {
  it('is one whose other names lead nowhere else after the act wrote a new one', () => {
    const path = scene.write('one', 'before');
    linkSync(path, scene.path('two'));
    const taken = scene.act('file.write', { path }, () => {
      writeFileSync(scene.path('new'), 'after');
      renameSync(scene.path('new'), path);
    });
    scene.restore(taken);
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readFileSync(scene.path('two'), 'utf8')).toBe('before');
  });
});
