import { type DoubleQuotedChild, parse, type Word, type WordPart } from 'unbash';
import { expandBraces } from './braces.ts';
import { type Field, type Hole, joinedFields, literalField } from './field.ts';
import type { Scope } from './scope.ts';

/** Words that every shell reads as they stand. */
const PLAIN = /^[\w@%+:,./=~^-]+$/;

/** The words that a word of the source becomes: quoting decoded, known variables and braces filled in. */
export function fieldsOf(word: Word, scope: Scope): readonly Field[] {
  if (PLAIN.test(word.text) && !(word.text.startsWith('~') && scope.changes('HOME')))
    return [{ text: word.text, literal: true, glob: false }];
  const written = scope.expansions > 0 ? expandBraces(word.text) : null;
  if (written === null) return decode(word, scope);
  scope.expansions -= written.length;
  return written.flatMap((text) => wordsIn(text).flatMap((part) => decode(part, scope)));
}

/** The text of a word that is not split: the value of an assignment, the target of a redirect. */
export function textOfWord(word: Word, scope: Scope): Field {
  const fields = decode(word, scope);
  return joinedFields(fields);
}

/** The text of a here-document, where quotes are characters like others. */
export function textOfParts(parts: readonly WordPart[], scope: Scope): Field {
  const builder = new FieldBuilder(scope);
  for (const part of parts) builder.quoted(part);
  return builder.end()[0] ?? literalField('');
}

function wordsIn(text: string): readonly Word[] {
  if (text === '') return [];
  // A word that begins with `#` is no comment here, as braces are expanded after comments are found.
  const command = parse(text.startsWith('#') ? `: \\${text}` : `: ${text}`).commands[0]?.command;
  return command?.type === 'Command' ? command.args.filter((arg): arg is Word => arg.type === 'Word') : [];
}

function decode(word: Word, scope: Scope): readonly Field[] {
  const parts = word.parts;
  if (word.text.startsWith('~') && scope.changes('HOME')) {
    // What `~` is has been changed.
    const end = /^~[^/]*/.exec(word.text)?.[0].length ?? 1;
    const hole = { start: 0, end, quoted: false };
    return [{ text: word.text, literal: false, glob: false, holes: [hole] }];
  }
  if (parts === undefined) return [{ text: word.value, literal: true, glob: false }];
  const builder = new FieldBuilder(scope);
  for (const part of parts) builder.part(part);
  return builder.end();
}

class FieldBuilder {
  readonly #scope: Scope;
  readonly #fields: Field[] = [];
  #text = '';
  #literal = true;
  #glob = false;
  #holes: Hole[] = [];
  #begun = false;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  part(part: WordPart): void {
    switch (part.type) {
      case 'Literal':
        // A line continuation is a literal of nothing.
        if (part.value !== '') this.#known(part.value);
        break;
      case 'SingleQuoted':
      case 'AnsiCQuoted':
        this.#known(part.value);
        break;
      case 'Glob':
        this.#glob = true;
        this.#known(part.value);
        break;
      case 'ExtendedGlob':
        this.#glob = true;
        this.#known(part.text);
        break;
      case 'DoubleQuoted':
      case 'LocaleString':
        this.#begun = true;
        for (const child of part.parts) this.quoted(child);
        break;
      case 'BraceExpansion':
        // Too long a list to expand.
        if (/,|\.\./.test(part.text)) this.#unknown(part.text, false);
        else this.#known(part.text);
        break;
      case 'SimpleExpansion':
      case 'ParameterExpansion':
        this.#variable(part.text, false);
        break;
      default:
        this.#unknown(part.text, false);
    }
  }

  end(): readonly Field[] {
    if (this.#begun) this.#push();
    return this.#fields;
  }

  #push(): void {
    const field = { text: this.#text, literal: this.#literal, glob: this.#glob };
    this.#fields.push(this.#literal ? field : { ...field, holes: this.#holes });
    if (!this.#literal) this.#holes = [];
    this.#text = '';
    this.#literal = true;
    this.#glob = false;
    this.#begun = false;
  }

  quoted(child: DoubleQuotedChild | WordPart): void {
    if (child.type === 'Literal') this.#known(child.value);
    else if (child.type === 'SimpleExpansion' || child.type === 'ParameterExpansion')
      this.#variable(child.text, true);
    else this.#unknown(child.text, true);
  }

  #known(text: string): void {
    this.#text += text;
    this.#begun = true;
  }

  #unknown(text: string, quoted: boolean): void {
    this.#holes.push({ start: this.#text.length, end: this.#text.length + text.length, quoted });
    this.#known(text);
    this.#literal = false;
  }

  /** `$name` and `${name}`; with `IFS`, whatever is done to it, white space. */
  #variable(text: string, quoted: boolean): void {
    const match = /^\$(?:(\w+)|\{(\w+)(\W[\s\S]*)?\})$/.exec(text);
    const name = match?.[1] ?? match?.[2] ?? '';
    if (name === 'IFS' && this.#scope.splitsAtSpace) {
      if (quoted) this.#known(' \t\n');
      else if (this.#begun) this.#push();
      return;
    }
    const value = match === null || match[3] !== undefined ? null : this.#scope.value(name);
    const folder = match?.[3] === undefined && this.#scope.isFolder(name);
    if (value === null && folder) this.#known(text);
    else if (value === null) this.#unknown(text, quoted);
    else if (quoted) this.#known(value);
    else this.#split(value);
  }

  /** A value that is not quoted ends words at its white space, and its stars are those of file names. */
  #split(value: string): void {
    if (/[*?[]/.test(value)) this.#glob = true;
    const pieces = value.split(/[ \t\n]+/);
    for (const [index, piece] of pieces.entries()) {
      if (index > 0 && this.#begun) this.#push();
      if (piece !== '') this.#known(piece);
    }
  }
}
