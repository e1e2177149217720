import { isQuote, isSpace } from './characters.ts';
import { isSureSecret } from './evidence.ts';
import { type KeyBefore, keyBefore, nameOfPair } from './key-before.ts';
import { isWorkingDirectory, type SensitiveKeys } from './sensitive-keys.ts';
import { COMMON_VALUES } from './sensitive-words.ts';
import type { Span, Tell } from './spans.ts';
import { readIndentedLines, readRestOfLine, readValue, type WrittenValue } from './written-value.ts';

/** How much white space may stand before a value. */
const GAP = 64;
/** Longest beginning of a line in which quotes are counted. */
const LINE = 400;
/** A name that ends as that of a file does in which lines are counted. */
const SOURCE_FILE =
  /\.(?:[cm]?[jt]sx?|pyi?|rs|go|java|kts?|rb|php|[ch]|cc|[ch]pp|cs|swift|scala|dart|lua|exs?|sh|sql|vue|svelte|html?|s?css|md|txt|json|ya?ml|toml|ini|cfg|conf|xml|log)$/i;
/** Schemes of the header `Authorization`: the credential is the word after. */
const SCHEMES: ReadonlySet<string> = new Set([
  ...['bearer', 'basic', 'token', 'digest', 'negotiate', 'apikey', 'api-key', 'key'],
]);

/**
 * Finds what is assigned to a sensitive name: `password=…`, `"api_key": "…"`, `Authorization: Bearer …`,
 * `$env:TOKEN = '…'`, a block of YAML. Each separator is looked at once, and each value is read once.
 */
export function findAssignments(text: string, keys: SensitiveKeys, tell: Tell): void {
  for (let at = nextSeparator(text, 0); at >= 0; ) {
    const after = readAssignment(text, at, keys, tell);
    at = nextSeparator(text, Math.max(after, at + 1));
  }
}

function nextSeparator(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x3a || code === 0x3d || code === 0xff1a || code === 0xff1d) return i;
  }
  return -1;
}

/** Tells of the value behind the separator at `at` if its name is sensitive. Answers where to go on. */
function readAssignment(text: string, at: number, keys: SensitiveKeys, tell: Tell): number {
  if (text.startsWith('::', at) || text.startsWith('://', at)) return at + 2;
  const key = keyBefore(text, at, keys);
  // The user of a URL has a rule of its own.
  if (key === null || (text.charAt(at) === ':' && text.startsWith('//', key.start - 2))) return at + 1;
  if (isPlaceInFile(text, at, key)) return at + 1;
  let { kind } = key;
  // A pair's first member says what the second one is.
  const pair = kind === 'none' ? nameOfPair(text, at + 1) : '';
  if (kind === 'none') kind = keys.kindOf(pair);
  if (kind === 'none') return at + 1;
  // A name that is none by itself was told by the words before it.
  const name = pair === '' && keys.kindOf(key.name) !== 'none' ? key.name : pair;
  return readAssigned(text, at, { ...key, kind }, (start, end) => {
    tell(start, end, !isSureSecret(name, text.slice(start, end), keys));
  });
}

/** Tells of the value behind the separator at `at`, which is a secret. Answers where to go on. */
function readAssigned(text: string, at: number, key: KeyBefore, tell: Tell): number {
  const start = startOfValue(text, at);
  const lines = linesBelow(text, at, start, key);
  if (lines !== null) {
    tell(lines.start, lines.end);
    return lines.end;
  }
  const value = closesPrompt(text, at, start) ? null : readValue(text, start);
  if (value === null) return start;
  if (isWorkingDirectory(key.name, text.slice(value.start, value.start + 3))) return value.after;
  if (value.bare && isCall(text, at, value)) return value.start;
  if (value.bare) {
    const after = readBare(text, value, key, tell);
    const mayGoOn = key.indent >= 0 && (text.charAt(at) === ':' || isSpace(text.charCodeAt(at - 1)));
    return mayGoOn ? readMoreWords(text, value, after, tell) : after;
  }
  if (value.end > value.start) tell(value.start, value.end);
  return value.after;
}

/** Over the rest of `==`, `=>`, `:=` and the white space before the value, which stands in the same line. */
function startOfValue(text: string, at: number): number {
  let start = at + 1;
  while (start < at + 3 && '=>~'.includes(text.charAt(start)) && start < text.length) start++;
  const from = start;
  while (start < from + GAP && isSpace(text.charCodeAt(start)) && !isLineEnd(text.charCodeAt(start))) start++;
  return start;
}

/** `token.ts:12`, as compilers and searches name a line of a file. */
function isPlaceInFile(text: string, at: number, { name }: KeyBefore): boolean {
  return (
    text.charAt(at) === ':' &&
    SOURCE_FILE.test(name) &&
    /^[0-9]{1,6}(?![^\s:,)\]'"`-])/.test(text.slice(at + 1, at + 9))
  );
}

/**
 * `input("Password: ")`, `grep "password=" src`: the quote behind the separator closes one that opened in the same line.
 * Quotes with as many backslashes before them are counted; an apostrophe within a word is none.
 */
function closesPrompt(text: string, at: number, start: number): boolean {
  let behind = start;
  while (text.charCodeAt(behind) === 0x5c && behind < start + 16) behind++;
  const quote = text.charAt(behind);
  if (!isQuote(quote.charCodeAt(0)) || isQuote(text.charCodeAt(at - 1))) return false;
  if (!/^[\s),;+\]]|^$/.test(text.slice(behind + 1, behind + 2))) return false;
  const line = text.slice(Math.max(0, at - LINE), at);
  const from = line.lastIndexOf('\n') + 1;
  if (from === 0 && at > LINE) return false;
  const escapes = '\\'.repeat(behind - start);
  let count = 0;
  for (const found of line.slice(from).matchAll(/(\\*)(["'`])/g)) {
    const end = from + found.index + found[0].length;
    const isApostrophe = quote === "'" && /^[A-Za-z]'[A-Za-z]$/.test(line.slice(end - 2, end + 1));
    if (found[1] === escapes && found[2] === quote && !isApostrophe) count++;
  }
  return count % 2 === 1;
}

/** What YAML takes for the value if there is none in the line: the lines below that are indented more. */
function linesBelow(text: string, at: number, start: number, { indent }: KeyBefore) {
  if (indent < 0 || text.charAt(at) !== ':') return null;
  const header = /^[|>][0-9+-]{0,3}(?=[ \t]{0,8}(?:#[^\n]{0,80})?\r?\n)/.exec(text.slice(start, start + 128));
  const end = start + (header?.[0].length ?? 0);
  let line = end;
  if (header !== null) line = text.indexOf('\n', end);
  else if (text.charAt(line) === '\r') line++;
  return text.charAt(line) === '\n' ? readIndentedLines(text, line + 1, indent) : null;
}

function readBare(text: string, value: WrittenValue, { kind, quote, indent }: KeyBefore, tell: Tell): number {
  const { start } = value;
  if (kind === 'line' && (quote !== '' || indent >= 0 || hasManyParts(text, value))) {
    const line = readRestOfLine(text, start, quote);
    if (isCommon(text, line)) return line.end;
    tell(line.start, line.end);
    return line.end;
  }
  let { end } = value;
  const word = text.slice(start, Math.min(end, start + 64)).toLowerCase();
  if (SCHEMES.has(word)) {
    const credential = wordAfter(text, end);
    if (credential !== null) {
      tell(credential.start, credential.end);
      return credential.after;
    }
  }
  if (kind === 'unless-number' && /^[0-9][0-9.,_]{0,30}$/.test(text.slice(start, end).slice(0, 40)))
    return end;
  if (isCommon(text, { start, end })) return typedValue(text, end, tell);
  while (kind === 'line' && text.charAt(end) === ';') {
    const more = wordAfter(text, end + 1);
    if (more === null) break;
    end = more.after;
  }
  tell(start, end);
  return end;
}

/** `token = read_token(…)`, as programs have it, without a text among what is handed over. */
function isCall(text: string, at: number, { start }: WrittenValue): boolean {
  const call = /^[A-Za-z_$][\w$]{0,40}(?:\.[A-Za-z_$][\w$]{0,40}){0,5}\([^"'`\n]{0,120}\)/;
  return (
    text.startsWith('= ', at) && text.charAt(at - 1) === ' ' && call.test(text.slice(start, start + 380))
  );
}

/** A text of several words, as YAML and INI files have it without quotes: all of its line, unless more is assigned there. */
function readMoreWords(text: string, { start, end }: WrittenValue, after: number, tell: Tell): number {
  const line = readRestOfLine(text, start, '');
  if (after !== end || line.end <= end || /[:=,;]/.test(text.slice(end, line.end))) return after;
  if (isCommon(text, { start, end })) return after;
  tell(start, line.end);
  return line.end;
}

/** `Digest username="…", response="…"` and the like. */
function hasManyParts(text: string, { start }: WrittenValue): boolean {
  return /^(?:digest|aws4-hmac-sha256|oauth|hawk|signature)\s/i.test(text.slice(start, start + 20));
}

/** `password: string = "…"`: the value comes after the type. */
function typedValue(text: string, at: number, tell: Tell): number {
  const equals = /^\s{0,4}=\s{0,4}(?![=>\s])/.exec(text.slice(at, at + 16));
  if (equals === null) return at;
  const value = readValue(text, at + equals[0].length);
  if (value === null || (value.bare && COMMON_VALUES.has(text.slice(value.start, value.end).toLowerCase())))
    return at;
  if (value.end > value.start) tell(value.start, value.end);
  return value.after;
}

function isCommon(text: string, { start, end }: Span): boolean {
  if (end - start > 64) return false;
  return COMMON_VALUES.has(
    text
      .slice(start, end)
      .toLowerCase()
      .replace(/[.,;:!?)]{1,3}$/, ''),
  );
}

function wordAfter(text: string, at: number): WrittenValue | null {
  let start = at;
  while (start < at + GAP && isSpace(text.charCodeAt(start)) && !isLineEnd(text.charCodeAt(start))) start++;
  return start === at || isQuote(text.charCodeAt(start)) ? null : readValue(text, start);
}

function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}
