import type { Field } from './field.ts';

const URL_LIKE = /^[A-Za-z][A-Za-z0-9+.-]{0,30}:\/\//;
const PATH_LIKE = /^(?:[/~\\]|\.{1,2}(?:[/\\]|$)|\.\w|[A-Za-z]:[\\/])|^[^\s]+[/\\]/;

/** Programs whose words name no files. */
const WITHOUT_FILES: ReadonlySet<string> = new Set(['echo', 'printf', 'true', 'false', ':', 'test', '[']);
/** Programs whose first word, but for options, is what they look for or do, unless an option says that instead. */
const PROGRAM_FIRST: ReadonlySet<string> = new Set([
  'grep',
  'egrep',
  'fgrep',
  'rg',
  'ag',
  'jq',
  'sed',
  'awk',
  'gawk',
]);
const PROGRAM_OPTION = /^(?:-[A-Za-z]*[ef]|--(?:regexp|file|expression|from-file)(?:=|$))/;

/** Whether the words of a program name nothing that it touches. */
export function printsOnly(name: string): boolean {
  return WITHOUT_FILES.has(name);
}

/** Whether the words of a program are texts, of which none is a command. */
export function takesNoCommand(name: string): boolean {
  return WITHOUT_FILES.has(name) || PROGRAM_FIRST.has(name);
}

/** The words that may name files: not what is printed, and not what is looked for. */
export function filesAmong(name: string | null, args: readonly Field[]): readonly Field[] {
  if (name === null) return args;
  if (WITHOUT_FILES.has(name)) return args.filter(({ literal }) => !literal);
  if (!PROGRAM_FIRST.has(name) || args.some(({ text }) => PROGRAM_OPTION.test(text))) return args;
  const program = args.findIndex(({ text }) => !text.startsWith('-'));
  return args.filter((_, i) => i !== program);
}

/**
 * The words of a command that name a file, a folder or an address, in whatever option or setting they stand. A
 * relative one is also listed below `folder`, where the line has changed to before.
 */
export function operandsOf(args: readonly Field[], folder: string | null): readonly string[] {
  const found = new Set<string>();
  for (const { text, literal } of args) {
    if (text.length > 4096 || text === '') continue;
    addOperands(text, folder, literal, found);
    // A line has no arguments of its own: `$@` and `$1` are nothing.
    if (!literal && text.includes('$')) {
      const filled = text.replace(/\$(?:[@*!\d]|\{[@*\d]\})/g, '');
      if (filled !== text && filled !== '') addOperands(filled, folder, literal, found);
    }
  }
  return [...found];
}

function addOperands(text: string, folder: string | null, literal: boolean, found: Set<string>): void {
  const option = text.startsWith('-');
  for (const part of partsOf(text, option)) {
    if (URL_LIKE.test(part)) found.add(part);
    else {
      const isPathLike = PATH_LIKE.test(part);
      if (isPathLike) found.add(part);
      if (folder !== null && literal && (isPathLike || isElsewhere(folder))) found.add(below(folder, part));
    }
  }
}

/**
 * Whether a folder may lie outside the one that the line begins in. Below that one any word may name a file, but no word
 * that does not look like a path leads out of it again.
 */
function isElsewhere(folder: string): boolean {
  return /^(?:[/~\\$]|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)/.test(folder);
}

/** The word itself, and what stands in it after `=`, `@`, an option letter or between colons. */
function partsOf(text: string, option: boolean): readonly string[] {
  const parts = option ? [] : [text];
  const equals = text.indexOf('=');
  const value = equals > 0 && equals < 64 ? text.slice(equals + 1) : '';
  if (value !== '') parts.push(value);
  const attached = option && /^-\w[/~.]/.test(text) ? text.slice(2) : '';
  if (attached !== '') parts.push(attached);
  for (const part of [...parts]) {
    if (part.startsWith('@')) parts.push(part.slice(1));
    if (part.includes(':') && !URL_LIKE.test(part) && !/^[A-Za-z]:[\\/]/.test(part)) {
      parts.push(...part.split(':', 8).filter((piece) => /^[/~.]/.test(piece)));
    }
  }
  return parts.filter((part) => part !== '' && part !== '-');
}

/** A path as seen from `folder`. */
export function below(folder: string, path: string): string {
  if (/^(?:[/~\\$]|[A-Za-z]:[\\/])/.test(path) || URL_LIKE.test(path)) return path;
  return folder.endsWith('/') ? folder + path : `${folder}/${path}`;
}
