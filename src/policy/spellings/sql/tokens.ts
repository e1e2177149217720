import type { Dialect } from './dialects.ts';
import {
  endOfBlockComment,
  endOfLine,
  endOfNumber,
  endOfQuoted,
  endOfWord,
  isDigit,
  isSpace,
  isUnicodeSpace,
} from './extents.ts';
import { KEYWORDS, VERBS } from './words.ts';

/** One token of an SQL text. */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'dollar' | 'number' | 'parameter' | 'sign';
  /** As written, with quotes and prefix. */
  readonly text: string;
  /** A word in upper case, a sign as it is; empty for everything else, so that no name is taken for a keyword. */
  readonly upper: string;
  readonly from: number;
  readonly to: number;
}

/** An SQL text in tokens, without comments. */
export interface Tokens {
  readonly tokens: readonly Token[];
  /** Why the text ends in the middle of something, or `null`. */
  readonly failure: string | null;
  /** Whether another dialect may see other tokens. */
  readonly ambiguous: boolean;
  /** Whether MySQL runs a part that is a comment elsewhere. */
  readonly executable: boolean;
}

/** Signs of more than one character. */
const LONG_SIGNS: ReadonlySet<string> = new Set(
  '->> #>> <=> !~* <> != <= >= || && :: := -> #> => ~* !~ << >> @>'.split(' '),
);

/** National, escape, bit, hex and Unicode strings, and those with a MySQL character set. */
const STRING_PREFIX = /^(?:[NEBX]|_[A-Z0-9]{3,12})$/;
/** `%s`, `%(name)s`, `?1`, `:name`, `@name`, `@@name`, `$1`. */
const PARAMETER = /^(?:%s(?!\w)|%\(\w{1,64}\)s|\?\d*|:[a-z_]\w*|@@?[\w$]+|\$\w+)/i;
const DOLLAR_TAG = /^\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]{0,62})?\$/i;
/** What may stand in brackets that ends at the same place in every dialect. */
const PLAIN_BRACKETS = /^[\w\s,.:+*%/@[-]*$/;
const BRACKET_NAME = /^\s*[a-z_@][\w $.@-]*$/i;
const MAX_BRACKETS = 256;
const MAX_PARAMETER = 130;
/** More are data, or a way to make the guard busy. */
const MAX_TOKENS = 10_000;

/** Reads a text as one dialect does. Stops where the text ends inside a string, a comment or a quoted name. */
export function readTokens(text: string, dialect: Dialect): Tokens {
  return new Tokenizer(text, dialect).read();
}

class Tokenizer {
  readonly #text: string;
  readonly #dialect: Dialect;
  readonly #tokens: Token[] = [];
  #at = 0;
  #failure: string | null = null;
  #ambiguous = false;
  #executable = false;
  #insideExecutable = false;

  constructor(text: string, dialect: Dialect) {
    this.#text = text;
    this.#dialect = dialect;
  }

  read(): Tokens {
    while (this.#at < this.#text.length && this.#failure === null)
      this.#next(this.#text.charCodeAt(this.#at));
    if (this.#insideExecutable) this.#failure ??= 'a comment has no end';
    if (this.#tokens.length > MAX_TOKENS) {
      const failure = `it has more than ${MAX_TOKENS} words and signs`;
      return { tokens: [], failure, ambiguous: false, executable: false };
    }
    return {
      tokens: this.#tokens,
      failure: this.#failure,
      ambiguous: this.#ambiguous,
      executable: this.#executable,
    };
  }

  #next(code: number): void {
    if (isSpace(code)) this.#at++;
    else if (code > 0x7f) this.#beyondAscii(code);
    else if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95) this.#word();
    else if (isDigit(code) || (code === 46 && isDigit(this.#code(1)) && !isIndexed(this.#tokens.at(-1)))) {
      this.#add('number', endOfNumber(this.#text, this.#at));
    } else this.#mark(this.#text.charAt(this.#at));
  }

  #code(ahead: number): number {
    return this.#text.charCodeAt(this.#at + ahead);
  }

  #add(kind: Token['kind'], to: number): void {
    const text = this.#text.slice(this.#at, to);
    const upper = kind === 'word' ? text.toUpperCase() : kind === 'sign' ? text : '';
    this.#tokens.push({ kind, text, upper, from: this.#at, to });
    this.#at = to;
  }

  #beyondAscii(code: number): void {
    const space = isUnicodeSpace(code);
    this.#ambiguous ||= space;
    if (space && this.#dialect.unicodeSpaces) this.#at++;
    else this.#word();
  }

  #word(): void {
    const end = endOfWord(this.#text, this.#at, this.#dialect.unicodeSpaces);
    const word = this.#text.slice(this.#at, end);
    if (/[\x85\u00a0-\uffff]/.test(word) && [...word].some((one) => isUnicodeSpace(one.charCodeAt(0)))) {
      this.#ambiguous = true;
    }
    if (this.#text.charAt(end) === "'" && STRING_PREFIX.test(word.toUpperCase())) {
      const escapes = this.#dialect.escapeStrings && /^e$/i.test(word);
      this.#quoted('string', end, "'", 'a string', escapes);
    } else this.#add('word', end);
  }

  #mark(mark: string): void {
    const next = this.#text.charAt(this.#at + 1);
    if (mark === "'") this.#quoted('string', this.#at, mark, 'a string', false);
    else if (mark === '"' || mark === '`') this.#quoted('name', this.#at, mark, 'a quoted name', false);
    else if (mark === '[' && next !== ']') this.#bracket();
    else if (mark === '#') this.#hash();
    else if (mark === '-' && next === '-') this.#dashes();
    else if (mark === '/' && next === '*') this.#comment();
    else if (mark === '*' && next === '/' && (this.#insideExecutable || this.#code(2) !== 42))
      this.#commentEnd();
    else {
      const tag = mark === '$' ? this.#dollarTag() : undefined;
      if (tag === undefined) this.#sign();
      else this.#dollar(tag);
    }
  }

  #quoted(kind: 'string' | 'name', quoteAt: number, quote: string, what: string, escapes: boolean): void {
    const backslashes = '\'"'.includes(quote) && (this.#dialect.backslashes || escapes);
    const end = endOfQuoted(this.#text, quoteAt + 1, quote, backslashes);
    const written = this.#text.slice(quoteAt, end < 0 ? this.#text.length : end);
    if ('\'"'.includes(quote) && written.includes(`\\${quote}`)) this.#ambiguous = true;
    if (end < 0) this.#failure = `${what} has no end`;
    else this.#add(kind, end);
  }

  /** `[a name]` of SQL Server and SQLite, or an index into an array. */
  #bracket(): void {
    const ahead = this.#text.slice(this.#at + 1, this.#at + MAX_BRACKETS);
    const close = ahead.indexOf(']');
    const short = close >= 0;
    const inner = ahead.slice(0, close);
    if (short && PLAIN_BRACKETS.test(inner) && !inner.includes('--') && !inner.includes('/*')) {
      if (BRACKET_NAME.test(inner) && !isIndexed(this.#tokens.at(-1)))
        this.#add('name', this.#at + close + 2);
      else this.#sign();
      return;
    }
    const doubtful = !short || !isBalanced(inner);
    this.#ambiguous ||= doubtful;
    if (doubtful && this.#dialect.bracketNames) this.#quoted('name', this.#at, ']', 'a quoted name', false);
    else this.#sign();
  }

  #dashes(): void {
    const tight = !isSpace(this.#code(2)) && this.#at + 2 < this.#text.length;
    this.#ambiguous ||= tight;
    if (tight && this.#dialect.dashNeedsSpace) this.#add('sign', this.#at + 1);
    else this.#lineComment();
  }

  #lineComment(): void {
    const end = endOfLine(this.#text, this.#at, this.#dialect.returnEndsLine);
    if (this.#text.charCodeAt(end) === 13 && this.#text.charCodeAt(end + 1) !== 10) this.#ambiguous = true;
    this.#at = end;
  }

  #hash(): void {
    this.#ambiguous = true;
    if (this.#dialect.hashComments) this.#lineComment();
    else if (this.#code(1) === 35 || endOfWord(this.#text, this.#at + 1, true) > this.#at + 1) {
      this.#add('word', endOfWord(this.#text, this.#at + (this.#code(1) === 35 ? 2 : 1), true));
    } else this.#sign();
  }

  #comment(): void {
    const executable = /^\/\*M?!\d{0,6}/.exec(this.#text.slice(this.#at, this.#at + 12));
    if (executable !== null) {
      this.#executable = true;
      if (this.#dialect.executableComments) {
        this.#insideExecutable = true;
        this.#at += executable[0].length;
        return;
      }
    }
    const end = endOfBlockComment(this.#text, this.#at, this.#dialect.nestedComments);
    const inner = this.#text.slice(this.#at + 2, end < 0 ? this.#text.length : end);
    if (inner.includes('/*')) this.#ambiguous = true;
    if (end < 0) this.#failure = 'a comment has no end';
    else this.#at = end;
  }

  #commentEnd(): void {
    if (!this.#insideExecutable) this.#failure = 'a comment has no start';
    this.#insideExecutable = false;
    this.#at += 2;
  }

  #dollarTag(): string | undefined {
    return DOLLAR_TAG.exec(this.#text.slice(this.#at, this.#at + 65))?.[0];
  }

  #dollar(tag: string): void {
    const end = this.#text.indexOf(tag, this.#at + tag.length);
    if (end < 0) this.#failure = 'a dollar-quoted string has no end';
    else this.#add('dollar', end + tag.length);
  }

  #sign(): void {
    const code = this.#text.charCodeAt(this.#at);
    // Parentheses, commas, dots and semicolons, which most signs are, combine with nothing.
    if (code === 40 || code === 41 || code === 44 || code === 46 || code === 59)
      this.#add('sign', this.#at + 1);
    else if (code === 92) this.#failure = 'a command to the database client';
    else this.#add(...this.#longSign());
  }

  #longSign(): ['sign' | 'parameter', number] {
    for (let length = 3; length > 1; length--) {
      if (LONG_SIGNS.has(this.#text.slice(this.#at, this.#at + length))) return ['sign', this.#at + length];
    }
    const parameter = '%?:@$'.includes(this.#text.charAt(this.#at))
      ? PARAMETER.exec(this.#text.slice(this.#at, this.#at + MAX_PARAMETER))
      : null;
    return parameter === null ? ['sign', this.#at + 1] : ['parameter', this.#at + parameter[0].length];
  }
}

/** Whether a bracket behind the token is an index, where a name in brackets could not stand either. */
export function isIndexed(before: Token | undefined): boolean {
  if (before === undefined) return false;
  if (before.kind === 'word')
    return before.upper === 'ARRAY' || !(KEYWORDS.has(before.upper) || VERBS.has(before.upper));
  return before.kind === 'name' || before.upper === ']' || before.upper === ')' || before.upper === '[';
}

/** Whether what stands in brackets opens no string, comment or statement that ends outside of them. */
function isBalanced(inner: string): boolean {
  if (/[;#$\\`[]|--|\/\*/.test(inner)) return false;
  return inner.split("'").length % 2 === 1 && inner.split('"').length % 2 === 1;
}
