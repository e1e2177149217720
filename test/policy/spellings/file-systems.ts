import { type FileFacts, LEXICAL_FILES } from '../../../src/core/file-facts.ts';
import { readPath } from '../../../src/policy/spellings/path.ts';

/** A file system that is made of its links alone: everything else exists. */
export function filesWith(
  links: Readonly<Record<string, string>>,
  facts: Partial<FileFacts> = {},
): FileFacts {
  const realPath = (path: string): string | null => {
    let pending = path.split('/').reverse();
    let real: string[] = [];
    let turns = 0;
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (name === '..') real.pop();
      else if (name !== '' && name !== '.') real.push(name);
      const target = links[`/${real.join('/')}`];
      if (target === undefined) continue;
      if (++turns > 40) return null;
      real = target.startsWith('/') ? [] : real.slice(0, -1);
      pending = pending.concat(target.split('/').reverse());
    }
    return `/${real.join('/')}`;
  };
  return { ...LEXICAL_FILES, cwd: '/w', home: '/home/u', realPath, ...facts };
}

export const LINUX = filesWith({
  '/tmp/etc': '/etc',
  '/tmp/deep': '/data/x/y',
  '/loop': '/loop',
  '/w/out': '../secret',
});
export const MAC = filesWith(
  { '/tmp': '/private/tmp', '/etc': '/private/etc', '/w': '/Volumes/w' },
  {
    foldsCase: true,
    aliases: [
      ['/tmp', '/private/tmp'],
      ['/etc', '/private/etc'],
      ['/w', '/Volumes/w'],
    ],
  },
);

export const WINDOWS: FileFacts = { ...LEXICAL_FILES, windows: true, cwd: 'C:/w', home: 'C:/Users/u' };

export const canonical = (text: string, files: FileFacts): readonly string[] =>
  readPath(text, files).meanings[0]?.canonical ?? [];
export const other = (text: string, files: FileFacts): readonly string[] =>
  readPath(text, files).meanings[0]?.other ?? [];
