import { LiteralAutomaton } from '../literal-automaton.ts';
import { COMMON_VALUES, LAST, STRONG } from './sensitive-words.ts';
import { MARK, type Tell } from './spans.ts';
import { spelledForms } from './spelled-forms.ts';

/** Most secrets of one action, and most characters of all of them together. */
const MAX_SECRETS = 1000;
const MAX_CHARACTERS = 500_000;
/** Most characters of one secret that are compared; where a longer one begins, the whole rest of a text is hidden. */
const MAX_LENGTH = 65_536;
/** A form is found by its first characters, and compared from there on. */
const HEAD = 256;
/** Shorter secrets count as whole words only. */
const SHORT = 3;

/** The secrets of one action, and where they occur in its texts, however they are spelled there. */
export class KnownSecrets {
  readonly #secrets = new Set<string>();
  #short: Set<string> | null = null;
  /** By the automaton's id: the forms that begin with its literal. */
  readonly #forms: Form[][] = [];
  #automaton: LiteralAutomaton | null = null;
  #characters = 0;
  #overflow = false;

  /** Whether there are more than can be looked for: then no text can be trusted. */
  get overflow(): boolean {
    return this.#overflow;
  }

  get isEmpty(): boolean {
    return this.#secrets.size === 0;
  }

  /** Gives up looking for single secrets. */
  giveUp(): void {
    this.#overflow = true;
  }

  /** Adds a secret. Everyday words such as `true`, and signs alone, are none. */
  add(secret: string): void {
    const text = secret.length > MAX_LENGTH ? secret.slice(0, MAX_LENGTH) : secret;
    this.#addOne(text);
    const trimmed = text.trim();
    if (trimmed !== text) this.#addOne(trimmed);
    // Where a sentence ends with the secret, the full stop is read as its end.
    const bare = trimmed.replace(/[.,;:!?)\]}>]{1,3}$/, '');
    if (bare.length >= SHORT && bare !== trimmed) this.#addOne(bare);
    const unescaped = text.includes('\\') ? fromJson(text) : text;
    if (unescaped !== text) this.#addOne(unescaped);
  }

  #addOne(secret: string): void {
    if (this.#overflow || secret === '' || secret === MARK || this.#secrets.has(secret)) return;
    if (isEverydayWord(secret.toLowerCase())) return;
    if (secret.length < SHORT && !/[\p{L}\p{N}]/u.test(secret)) return;
    this.#secrets.add(secret);
    this.#characters += secret.length;
    if (this.#secrets.size > MAX_SECRETS || this.#characters > MAX_CHARACTERS) this.#overflow = true;
  }

  /** Tells of every place in `text` where a secret stands. Overlapping ones are all told. */
  find(text: string, tell: Tell): void {
    if (this.#secrets.size === 0 || this.#overflow) return;
    const automaton = this.#automaton ?? this.#build();
    if (automaton.size > 0) this.#findForms(automaton, text, tell);
    if (this.#short !== null && this.#short.size > 0) findWords(text, this.#short, tell);
  }

  #build(): LiteralAutomaton {
    const automaton = new LiteralAutomaton();
    const short = new Set<string>();
    for (const secret of this.#secrets) {
      if (secret.length < SHORT) short.add(secret);
      else
        for (const form of spelledForms(secret)) this.#addForm(automaton, form, secret.length === MAX_LENGTH);
    }
    automaton.build();
    this.#short = short;
    this.#automaton = automaton;
    return automaton;
  }

  #addForm(automaton: LiteralAutomaton, text: string, isCut: boolean): void {
    const id = automaton.add(text.slice(0, HEAD));
    const forms = this.#forms[id];
    if (forms === undefined) this.#forms[id] = [{ text, isCut }];
    else forms.push({ text, isCut });
  }

  #findForms(automaton: LiteralAutomaton, text: string, tell: Tell): void {
    // Comparing what follows a long beginning could be done again and again in a text that repeats itself.
    let patience = 4 * text.length + MAX_LENGTH;
    let covered = 0;
    automaton.endings(text, (id, end) => {
      let start = end;
      for (const form of this.#forms[id] ?? []) {
        const head = Math.min(HEAD, form.text.length);
        start = end - head;
        covered = Math.max(covered, form.isCut ? text.length : end);
        // Where the first character behind what is covered differs, this form covers no more.
        if (form.text.charCodeAt(covered - start) !== text.charCodeAt(covered)) continue;
        const more = sameFrom(form.text, head, text, end, patience);
        patience -= more;
        covered = patience <= 0 ? text.length : Math.max(covered, end + more);
      }
      tell(start, covered);
    });
  }
}

/** A secret in one of its spellings. `isCut`: it is longer than that. */
interface Form {
  readonly text: string;
  readonly isCut: boolean;
}

/** How many characters of `form` from `at` on are those of `text` from `from` on; at most `most`. */
function sameFrom(form: string, at: number, text: string, from: number, most: number): number {
  let same = 0;
  while (
    same < most &&
    at + same < form.length &&
    form.charCodeAt(at + same) === text.charCodeAt(from + same)
  )
    same++;
  return same;
}

/** Words that say nothing of a secret, also `password` and `token` themselves: texts would be full of marks. */
function isEverydayWord(word: string): boolean {
  return (
    COMMON_VALUES.has(word) || [word, word.replace(/s$/, '')].some((one) => STRONG.has(one) || LAST.has(one))
  );
}

/** Tells of short secrets where no letter, digit or `_` stands beside them. */
function findWords(text: string, words: ReadonlySet<string>, tell: Tell): void {
  for (let at = 0; at < text.length; at++) {
    for (let length = 1; length < SHORT && at + length <= text.length; length++) {
      if (!words.has(text.slice(at, at + length))) continue;
      if (!isWordAt(text, at - 1) && !isWordAt(text, at + length)) tell(at, at + length);
    }
  }
}

function isWordAt(text: string, at: number): boolean {
  return at >= 0 && at < text.length && /[\p{L}\p{N}_]/u.test(text.charAt(at));
}

function fromJson(text: string): string {
  try {
    const read: unknown = JSON.parse(`"${text}"`);
    return typeof read === 'string' ? read : text;
  } catch {
    return text;
  }
}
