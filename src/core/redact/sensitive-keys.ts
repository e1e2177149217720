import { keyWords, splitName } from './key-words.ts';
import {
  ABOUT,
  LAST,
  NEUTRAL,
  NO_CREDENTIAL,
  PHRASES,
  STRONG,
  STRONG_ENDS,
  STRONG_JOINED,
  WHOLE_LINE,
} from './sensitive-words.ts';

/**
 * What stands under a name: nothing secret; a secret; a secret unless it is a number (`tokens`, which are also counted);
 * a secret that goes on to the end of its line (`Cookie`).
 */
export type KeyKind = 'none' | 'secret' | 'unless-number' | 'line';

/** Names of ordinary length whose kind is remembered. */
const MEMORY = 2000;
const ORDINARY = 64;

/** Tells by its words whether a name is one of a secret. */
export class SensitiveKeys {
  readonly #configured: readonly ConfiguredKey[];
  readonly #known = new Map<string, KeyKind>();

  /** `configured`: names beside the built-in ones; see {@link problemOfKey} for what is none. */
  constructor(configured: readonly string[] = []) {
    this.#configured = configured.map(readKey);
  }

  /** The kind of a name such as the key of an object. */
  kindOf(name: string): KeyKind {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const kind = kindOfWords(keyWords(name), name);
    const found = kind === 'none' && this.#isConfigured(name) ? 'secret' : kind;
    if (name.length <= ORDINARY && this.#known.size < MEMORY) this.#known.set(name, found);
    return found;
  }

  /** Whether a sensitive name is one beyond doubt, unlike `pass`, `auth`, `pin`, `cookie`, and `tokens`, which are counted. */
  isStrong(name: string): boolean {
    const kind = this.kindOf(name);
    if (kind === 'none' || kind === 'unless-number') return false;
    const words = keyWords(name);
    return (
      words.some((word, i) => isStrong(word) || PHRASES.has(`${words[i - 1]} ${word}`)) ||
      STRONG_JOINED.test(words.join('')) ||
      this.#isConfigured(name)
    );
  }

  /** The kind of words of prose before a colon, of which only the last ones are a name: `Your API key: …`. */
  kindOfProse(text: string): KeyKind {
    const words = keyWords(text);
    const last = words.at(-1);
    if (last === undefined || words.at(-2) === 'unexpected') return 'none';
    const phrase = words.slice(-2).join(' ');
    const kind = kindOfWords([last], text);
    if (kind === 'none' && PHRASES.has(phrase)) return WHOLE_LINE.has(phrase) ? 'line' : 'secret';
    return kind === 'none' && this.#isConfigured(text, true) ? 'secret' : kind;
  }

  #isConfigured(name: string, atEnd = false): boolean {
    if (this.#configured.length === 0) return false;
    const words = splitName(name);
    return this.#configured.some((key) => matchesKey(key, words, atEnd));
  }
}

function kindOfWords(all: readonly string[], written: string): KeyKind {
  let count = all.length;
  while (count > 1 && NEUTRAL.has(all[count - 1] as string) && !isPhraseEnd(all, count)) count--;
  const last = all[count - 1];
  if (last === undefined || all[0] === 'no') return 'none';
  const words = all.slice(0, count);
  const phrase = words.slice(-2).join(' ');
  const tells = words.length > 1 && ABOUT.has(last) && !PHRASES.has(phrase);
  if (WHOLE_LINE.has(last) || WHOLE_LINE.has(phrase)) return 'line';
  if (LAST.has(last)) return 'secret';
  if (tells) return 'none';
  for (let i = 1; i < count; i++) {
    if (PHRASES.has(`${words[i - 1]} ${words[i]}`)) return 'secret';
  }
  const strong = words.filter(isStrong);
  if (strong.length === 0) return STRONG_JOINED.test(words.join('')) ? 'secret' : 'none';
  if (strong.some((word) => word !== 'token')) return 'secret';
  const at = words.indexOf('token');
  if (words.includes('per') || words.slice(0, at).some((word) => NO_CREDENTIAL.has(word))) return 'none';
  return words.length === 1 && /s[^a-z]*$/i.test(written) ? 'unless-number' : 'secret';
}

function isPhraseEnd(words: readonly string[], count: number): boolean {
  return PHRASES.has(`${words[count - 2]} ${words[count - 1]}`);
}

function isStrong(word: string): boolean {
  return STRONG.has(word) || STRONG_ENDS.some((end) => word.endsWith(end));
}

/** A name of `redaction.keys`: its words, and whether its ends are open. */
interface ConfiguredKey {
  readonly words: readonly string[];
  readonly openStart: boolean;
  readonly openEnd: boolean;
}

function readKey(name: string): ConfiguredKey {
  return { words: splitName(name), openStart: name.startsWith('*'), openEnd: name.endsWith('*') };
}

/** The words of the key, in a row: `*` lets the first one begin, or the last one end, with anything more. */
function matchesKey(
  { words, openStart, openEnd }: ConfiguredKey,
  name: readonly string[],
  atEnd: boolean,
): boolean {
  const count = words.length;
  if (count === 0) return false;
  const matches = (word: string, i: number): boolean => {
    const wanted = words[i] as string;
    if (word === wanted || word === `${wanted}s` || `${word}s` === wanted) return true;
    const start = i === 0 && openStart;
    const end = i === count - 1 && openEnd;
    if (start && end) return word.includes(wanted);
    return (start && word.endsWith(wanted)) || (end && word.startsWith(wanted));
  };
  for (let at = atEnd ? Math.max(0, name.length - count) : 0; at + count <= name.length; at++) {
    if (name.slice(at, at + count).every(matches)) return true;
  }
  return !atEnd && name.join('') === words.join('');
}

/** `PWD` and `OLDPWD` are the shell's directories, not passwords, where they hold a path. `value`: its beginning. */
export function isWorkingDirectory(name: string, value: string): boolean {
  return (name === 'PWD' || name === 'OLDPWD') && /^(?:[/~]|[A-Za-z]:[\\/])/.test(value);
}

/**
 * What is wrong with a name of `redaction.keys`; `undefined` if nothing is. A name without any letter would match
 * nothing, and a `*` counts only where it begins or ends it.
 */
export function problemOfKey(name: string): string | undefined {
  if (splitName(name).length === 0)
    return 'holds no word, so it would hide nothing. Write a name such as `iban`.';
  if (name.slice(1, -1).includes('*'))
    return 'has a `*` inside: it may only stand at the beginning or the end.';
  return undefined;
}
