import type { FileFacts } from '../../core/file-facts.ts';
import { canonicalPath, canonicalUrl } from './canonical-place.ts';
import { lexical, relativeName } from './path/places.ts';

/** The folders where every system has its programs: `/bin/rm` is `rm`. A program elsewhere is another one. */
const SYSTEM_PROGRAM = /^\/(?:usr\/(?:local\/)?)?s?bin\/([^/]+)$/;
/** What a command may stand behind, and what stands before one on a printed line. */
const BEFORE_COMMAND: ReadonlySet<string> = new Set(
  '; & && | |& || ! ( { if then else elif do while'.split(' '),
);
/** What stands before the value of an option, an assignment or a setting. */
const SETTING = /^(?:-{0,2}[A-Za-z_][\w-]*=|-\w(?=[/~.]))/;

/** The line of a shell reading with every word that names a place in its canonical form. */
export function canonicalLine(line: string, files: FileFacts): string {
  const words: string[] = [];
  let isCommand = true;
  for (const word of line.split(' ')) {
    const end = word.length > 1 && word.endsWith(';') ? ';' : '';
    const bare = word.slice(0, word.length - end.length);
    words.push((isCommand ? programName(bare, files) : canonicalWord(bare, files)) + end);
    isCommand = end !== '' || BEFORE_COMMAND.has(word);
  }
  return words.join(' ');
}

function programName(word: string, files: FileFacts): string {
  if (!word.includes('/')) return word;
  return SYSTEM_PROGRAM.exec(lexical(word, files))?.[1] ?? canonicalWord(word, files);
}

/** A word of a command as it is, unless it names a place. What is only known when it runs stays as it is. */
function canonicalWord(word: string, files: FileFacts): string {
  if (/[$`]/.test(word)) return word;
  const setting = SETTING.exec(word)?.[0] ?? '';
  const value = word.slice(setting.length);
  return setting + (value === '' ? '' : canonicalValue(value, files));
}

function canonicalValue(value: string, files: FileFacts): string {
  if (value.includes('://')) return canonicalUrl(value);
  if (!/[/\\]|^~|^\.\.?$/.test(value)) return value;
  const path = canonicalPath(value, files);
  // A word without a slash is a name in the working directory too, and stays as it is.
  return relativeName([path], files) ?? path;
}
