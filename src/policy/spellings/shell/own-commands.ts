import type { Feed } from './feed.ts';
import type { Field } from './field.ts';
import { isDescriptor, isInput } from './interpreters.ts';
import { ownLanguage, readOwnScript, scriptsOf } from './own-scripts.ts';

/** Programs that start commands when their words or their input say so in a language of their own. */
const STARTS: ReadonlyMap<string, RegExp> = new Map([
  ['sqlite3', /(?:^|[\n;])\s{0,9}\.(?:shell|system|load|(?:read|import|once|output|o)\s{0,9}["']?\|)/],
  ['psql', /\\!|\\(?:[ogw]\w{0,3}|copy\b[^\n]{0,200})\s{0,9}(?:\||program\b)|\bprogram\s{0,9}['$]/i],
  ['mysql', /\\!|(?:^|[\n;])\s{0,9}system\s/i],
  ['mariadb', /\\!|(?:^|[\n;])\s{0,9}system\s/i],
  ['gdb', /^\s{0,9}(?:!|she|mak|pyt|pi|source\b|\|)/],
  ['lldb', /^\s{0,9}(?:platform shell|script\b|command script)/],
  ['vim', /^[+:]{0,2}!|\bsystem\(/],
  ['ed', /(?:^|\n)[^\n]{0,99}!/],
]);
const SAME: ReadonlyMap<string, string> = new Map([
  ['vi', 'vim'],
  ['nvim', 'vim'],
  ['view', 'vim'],
  ['ex', 'vim'],
  ['red', 'ed'],
]);
const MAKES: ReadonlySet<string> = new Set(['make', 'gmake', 'bmake']);
const MAKEFILES: readonly string[] = Object.freeze(['Makefile', 'makefile', 'GNUmakefile']);

const OWN: ReadonlySet<string> = new Set([
  ...['sed', 'awk', 'gawk', 'nawk', 'mawk'],
  ...MAKES,
  ...STARTS.keys(),
  ...SAME.keys(),
]);

/** What a program does by its own language: why that is not read, or the files that it takes its script from. */
export function fromOwnLanguage(
  name: string,
  args: readonly Field[],
  feed: Feed,
): string | readonly string[] {
  if (!OWN.has(name)) return [];
  const starts = `\`${name}\` starts commands from its own script`;
  const language = ownLanguage(name);
  if (language !== null) {
    const [scripts, files] = scriptsOf(language, args);
    if (files.some(isPrinted)) return `\`${name}\` runs code that it reads from its input`;
    return readOwnScript(language, scripts.join('\n')).runs ? starts : files;
  }
  if (MAKES.has(name)) return fromMake(name, args);
  const known = SAME.get(name) ?? name;
  const pattern = STARTS.get(known);
  if (pattern === undefined) return [];
  if (args.some(({ text }) => pattern.test(text))) return starts;
  if (feed.kind === 'text' && pattern.test(feed.field.text)) return starts;
  return known === 'ed' && feed.kind === 'unknown'
    ? `\`${name}\` runs code that it reads from its input`
    : [];
}

function fromMake(name: string, args: readonly Field[]): string | readonly string[] {
  const files: string[] = [];
  for (const [i, { text }] of args.entries()) {
    if (/^(?:--ev|-E)/.test(text)) return `\`${name}\` starts commands from its own script`;
    const file = /^(?:-\w{0,9}f|--(?:file|makefile)=?)(.*)$/s.exec(text);
    if (file !== null) files.push(file[1] === '' ? (args[i + 1]?.text ?? '') : (file[1] ?? ''));
  }
  if (files.some(isPrinted)) return `\`${name}\` runs code that it reads from its input`;
  return files.length > 0 ? files : MAKEFILES;
}

function isPrinted(file: string): boolean {
  return isInput(file) || isDescriptor(file) || file.startsWith('<(');
}
