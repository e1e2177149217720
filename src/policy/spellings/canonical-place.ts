import type { FileFacts } from '../../core/file-facts.ts';
import { fromRoot } from './path/places.ts';
import { readPath } from './path.ts';
import { readUrl } from './url.ts';

/** A path by the one name from the root that all its spellings share; every place where it may lead. */
export function canonicalPath(text: string, files: FileFacts): string {
  const names = readPath(text, files).meanings.map(({ canonical }) => {
    const name = canonical.find((form) => fromRoot(form, files) === form) ?? canonical[0] ?? text;
    return files.foldsCase ? name.toLowerCase() : name;
  });
  return names.join(' | ');
}

/** A URL by the one form that all its spellings share, whether its bare path had a slash or not. */
export function canonicalUrl(text: string): string {
  const forms = readUrl(text).meanings.map(({ canonical }) => canonical.toSorted()[0] ?? text);
  return forms.map(withPlainLetters).join(' | ');
}

/** Letters that need no `%` are the same without it (RFC 3986, 6.2.2.2). */
function withPlainLetters(url: string): string {
  return url.replace(/%([0-9a-f]{2})/gi, (given, hex: string) => {
    const letter = String.fromCharCode(Number.parseInt(hex, 16));
    return /[\w.~-]/.test(letter) ? letter : given.toUpperCase();
  });
}
