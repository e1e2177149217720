import { type Field, joinedFields, literalField } from './field.ts';

/** How many values of one name are kept. */
const MOST_VALUES = 64;
/** How many readings of one command there may be. */
const MOST_FILLED = 32;
/** How deep values may stand in values. */
const DEEPEST = 4;
/** How many values are filled in for one line. */
const MOST_STEPS = 4000;
/** How many characters may be filled in for one line. */
const MOST_CHARACTERS = 40_000;
/** A longer text is not filled in. */
const LONGEST = 4096;

/** Numbers of the shell itself, and the substitutions that print a number, a name or a new path. */
const TAME =
  /^(?:\$[?$!#]|\$\{#[^}]*\}|\$\(\(.*|(?:\$\(|`)\s?(?:mktemp|pgrep|pidof|lsof|id|whoami|date|pwd|nproc|hostname|git (?:rev-parse|branch|merge-base|describe))\b[^;|&$`()<>\n]*[)`])$/;
const EXPANSION = /^\$(?:(\w+|[@*])|\{(!?)(\w+|[@*])(?:\[[^\]]*\])?([\s\S]*)\})$/;

/**
 * What the variables and substitutions of a line may stand for, gathered from everything that gives them a value,
 * wherever it stands. A guess serves for readings that may only forbid.
 */
export class Guesses {
  readonly #values = new Map<string, Field[]>();
  #steps = 0;
  #characters = 0;

  /** Whether there was more to fill in than is tried. */
  get exhausted(): boolean {
    return this.#steps > MOST_STEPS || this.#characters > MOST_CHARACTERS;
  }

  /** Records a value of a variable, of a positional parameter, or of a substitution as it is written. */
  add(name: string, value: Field): void {
    const known = this.#values.get(name);
    if (known === undefined) this.#values.set(name, [value]);
    else if (known.length <= MOST_VALUES && !known.some(({ text }) => text === value.text)) known.push(value);
  }

  /** Records each word and all of them together. */
  addWords(name: string, words: readonly Field[]): void {
    if (words.length > 1) this.add(name, joinedFields(words));
    for (const word of words) this.add(name, word);
  }

  /** Records the words that a function, a script or `set` is given. */
  addParameters(words: readonly Field[]): void {
    for (const name of ['@', '*']) this.add(name, joinedFields(words));
    for (const [index, word] of words.entries()) this.add(`${index + 1}`, word);
  }

  /** The words of a command with what they may stand for; empty when nothing is known. */
  filled(fields: readonly Field[]): readonly (readonly Field[])[] {
    if (this.#values.size === 0 && !fields.some(({ text, literal }) => !literal && text.includes('${')))
      return [];
    const choices = fields.map((field) =>
      field.holes === undefined || field.holes.length === 0 ? [] : this.#texts(field, 0),
    );
    const counts = choices.map(({ length }) => Math.max(1, length));
    const product = counts.reduce((total, count) => Math.min(total * count, 1e6), 1);
    if (choices.every((texts, i) => texts.length === 0 || texts[0] === fields[i]?.text)) return [];
    const total = product <= MOST_FILLED ? product : Math.max(...counts);
    return Array.from({ length: total }, (_, round) => {
      let rest = round;
      return fields.flatMap((field, i) => {
        const count = counts[i] ?? 1;
        const text = choices[i]?.[product <= MOST_FILLED ? rest % count : round % count];
        rest = Math.floor(rest / count);
        this.#characters += text?.length ?? 0;
        return text === undefined ? [field] : wordsOf(text);
      });
    });
  }

  /** Whether a word is nothing but a variable or substitution that may become any words. */
  isUnknown({ text, holes = [] }: Field): boolean {
    const [hole] = holes;
    return (
      hole !== undefined &&
      !hole.quoted &&
      hole.start === 0 &&
      hole.end === text.length &&
      !this.#isTame(text, 0)
    );
  }

  #isTame(text: string, depth: number): boolean {
    if (TAME.test(text)) return true;
    if (depth > DEEPEST) return false;
    const known = this.#values.get(nameOf(text)) ?? [];
    if (known.length > MOST_VALUES) return false;
    if (known.length === 0) return this.#valuesOf(text, depth).length > 0;
    return known.every(
      ({ text: value, literal, holes }) =>
        literal || holes?.[0]?.start !== 0 || this.#isTame(value.slice(0, holes[0].end), depth + 1),
    );
  }

  /** What a word may be, each hole filled. */
  #texts({ text, holes = [] }: Field, depth: number): readonly string[] {
    this.#characters += text.length;
    if (this.exhausted) return [];
    if (holes.length === 0) return [text];
    if (depth > DEEPEST || text.length > LONGEST || ++this.#steps > MOST_STEPS) return [];
    const values = holes.map(({ start, end }) => this.#valuesOf(text.slice(start, end), depth + 1));
    const total = Math.min(MOST_VALUES, Math.max(...values.map(({ length }) => length)));
    return Array.from({ length: total }, (_, round) => {
      let filled = '';
      let at = 0;
      for (const [index, { start, end }] of holes.entries()) {
        const known = values[index] ?? [];
        filled +=
          text.slice(at, start) + (known[round % Math.max(1, known.length)] ?? text.slice(start, end));
        at = end;
      }
      return (filled + text.slice(at)).slice(0, LONGEST);
    });
  }

  #valuesOf(written: string, depth: number): readonly string[] {
    const recorded = (name: string): readonly string[] =>
      (this.#values.get(name) ?? []).flatMap((value) => this.#texts(value, depth)).slice(0, MOST_VALUES);
    const match = EXPANSION.exec(written);
    if (match === null) return recorded(written);
    const [, plain, indirect, name = plain ?? '', change = ''] = match;
    const own = recorded(name);
    const values = indirect === '!' ? own.flatMap(recorded) : own;
    if (change === '') return values;
    const given = /^:?[-=+]([\s\S]*)$/.exec(change);
    if (given === null) return values.map((value) => changed(value, change));
    const word = (given[1] ?? '').replace(/["'\\]/g, '');
    return [...values, ...(/^[$`]/.test(word) ? this.#texts(wholeHole(word), depth) : [word])];
  }
}

function wholeHole(text: string): Field {
  return { text, literal: false, glob: false, holes: [{ start: 0, end: text.length, quoted: false }] };
}

function nameOf(written: string): string {
  const match = EXPANSION.exec(written);
  return match?.[1] ?? match?.[3] ?? written;
}

function wordsOf(text: string): readonly Field[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => ({ ...literalField(word), glob: /[*?[]/.test(word) }));
}

/** What `${name…}` makes of a value, where the pattern is plain text. */
function changed(value: string, change: string): string {
  const pattern = change.replace(/^[#%]{1,2}/, '');
  if (change.startsWith('#')) return value.startsWith(pattern) ? value.slice(pattern.length) : value;
  if (change.startsWith('%')) return value.endsWith(pattern) ? value.slice(0, -pattern.length) : value;
  if (change.startsWith(',')) return value.toLowerCase();
  if (change.startsWith('^')) return value.toUpperCase();
  const slice = /^:\s?(-?\d{1,4})(?::(\d{1,4}))?$/.exec(change);
  if (slice !== null) {
    const tail = value.slice(Number(slice[1]));
    return slice[2] === undefined ? tail : tail.slice(0, Number(slice[2]));
  }
  const swap = /^\/\/?([^/]+)\/?([^/]*)$/.exec(change);
  return swap === null ? value : value.replaceAll(swap[1] ?? '', swap[2] ?? '');
}
