import { type Field, literalField } from './field.ts';
import { singleSpaced } from './line-text.ts';
import { filesAmong, operandsOf } from './operands.ts';
import { readOptions } from './options.ts';
import { ownLanguage, readOwnScript, scriptsOf } from './own-scripts.ts';

/** One simple command of a shell line. */
export interface ShellCommand {
  /** The last part of the command's path, decoded: `/bin/rm`, `\rm` and `r''m` are `rm`. `null` when not literal. */
  readonly name: string | null;
  /** The decoded words after the name, in the order given; what is not literal stands as written. */
  readonly args: readonly string[];
  /** Its options, normalised and single, a value joined by `=`: `['-r', '-f', '--mode=x']`. */
  readonly flags: readonly string[];
  /** The canonical text: quoting decoded, white space single, assignments in front, options normalised. */
  readonly form: string;
  /** Other readings, which may only forbid: each different from the form and from each other. */
  readonly other: readonly string[];
  /** The folder that it works in, where the line has changed to one that is known. */
  readonly folder: string | null;
  /** The words that name files, folders or addresses, decoded; relative ones also below a `cd` before. */
  readonly operands: readonly string[];
}

/** What is known of a simple command. */
export interface CommandParts {
  /** Assignments before the name, `A=1`. */
  readonly assignments: readonly Field[];
  /** The name and the words after it; at least one. */
  readonly fields: readonly Field[];
  /** The command as it stands in the source, `null` where it does not stand there as a whole. */
  readonly written: string | null;
  /** The folder that the line has changed to before, `null` when none is known. */
  readonly folder: string | null;
}

/** Programs that also go by a name with a `g` before it. */
const GNU: ReadonlySet<string> = new Set(
  'cat chgrp chmod chown chroot cp dd env find head install kill ln mkdir mv nice nohup rm rmdir sed shred sort split stdbuf tail tar tee timeout touch truncate unlink xargs'.split(
    ' ',
  ),
);

/** The name of a command: the last part of its literal word, `null` when that cannot be known. */
export function commandName(word: Field | undefined): string | null {
  if (word === undefined || !word.literal || (word.glob && word.text !== '[')) return null;
  // What `xargs` and `find` put in the place of `{}` is not in the line.
  if (word.text.includes('{}')) return null;
  const last = word.text.slice(word.text.lastIndexOf('/') + 1);
  const name = last.at(-4) === '.' && /^.+\.exe$/i.test(last) ? last.slice(0, -4) : last;
  return name.charCodeAt(0) === 0x67 && GNU.has(name.slice(1)) ? name.slice(1) : name;
}

/** Reads a simple command from its words. */
export function buildCommand({ assignments, fields, written, folder }: CommandParts): ShellCommand {
  const [first, ...rest] = fields;
  const name = commandName(first);
  const word = first?.text ?? '';
  const { flags, words, withoutGlobals } = readOptions(name ?? '', rest);
  const set = assignments.map(({ text }) => text);
  const args = rest.map(({ text }) => text);
  const form = printed([...set, word, ...words]);
  const other = new Set<string>();
  if (written !== null) other.add(written);
  if (name !== null && name !== word) {
    other.add(printed([...set, name, ...words]));
    if (set.length > 0) other.add(printed([name, ...words]));
  }
  if (set.length > 0) other.add(printed([word, ...words]));
  if (withoutGlobals !== null) other.add(printed([name ?? word, ...withoutGlobals]));
  // In the order given, and without what is not known.
  if (flags.length > 0) other.add(printed([word, ...args]));
  if (fields.some(({ literal }) => !literal)) {
    other.add(printed(fields.filter(({ literal }) => literal).map(({ text }) => text)));
  }
  other.delete(form);
  other.delete('');
  const files = withScriptFiles(name, rest);
  const operands = operandsOf([...assignments, ...files], folder);
  return { name, args, flags, form, other: [...other], folder, operands };
}

/** The words that may name files, with those that the script of a `sed` or `awk` reads and writes. */
function withScriptFiles(name: string | null, args: readonly Field[]): readonly Field[] {
  const files = filesAmong(name, args);
  const language = ownLanguage(name ?? '');
  if (language === null) return files;
  const [scripts] = scriptsOf(language, args);
  const { reads, writes } = readOwnScript(language, scripts.join('\n'));
  return [...files, ...[...reads, ...writes].map(literalField)];
}

/** Words as one line of text. A word of nothing stays visible. */
function printed(words: readonly string[]): string {
  return singleSpaced(words.map((word) => (word === '' ? "''" : word)).join(' '));
}
