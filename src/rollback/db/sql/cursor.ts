import type { Token } from '../../../policy/spellings/sql/tokens.ts';
import { type DatabaseName, isPlaceholder } from './binding.ts';
import type { Fragment } from './fragment.ts';
import { Unreadable } from './unreadable.ts';

/** A statement of one table, from its first token to its last. */
export interface Source {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly bindings: ReadonlyMap<Token, unknown>;
  readonly database: DatabaseName;
}

/** Walks over the tokens of a statement. What stands between parentheses or brackets is stepped over as one. */
export class Cursor {
  at = 0;
  readonly source: Source;

  constructor(source: Source) {
    this.source = source;
  }

  get token(): Token | undefined {
    return this.source.tokens[this.at];
  }

  /** The keyword or sign here; empty for names, strings and at the end. */
  get word(): string {
    return this.token?.upper ?? '';
  }

  get isAtEnd(): boolean {
    return this.at >= this.source.tokens.length;
  }

  /** The keyword or sign some tokens ahead. */
  ahead(count: number): string {
    return this.source.tokens[this.at + count]?.upper ?? '';
  }

  /** Steps over the words if they stand here, all of them. */
  skip(...words: readonly string[]): boolean {
    if (!words.every((word, i) => this.ahead(i) === word)) return false;
    this.at += words.length;
    return true;
  }

  /** Steps over words that must stand here. */
  expect(...words: readonly string[]): void {
    if (!this.skip(...words))
      throw new Unreadable(`${this.here()} stands where ${words.join(' ')} is expected`);
  }

  /** What stands here, for a message. */
  here(): string {
    return this.token === undefined ? 'the end' : `\`${this.token.text.slice(0, 40)}\``;
  }

  /** A name, quoted or not, as the database knows it. */
  name(): string {
    const { token } = this;
    if (token === undefined || (token.kind !== 'word' && token.kind !== 'name')) {
      throw new Unreadable(`${this.here()} stands where a name is expected`);
    }
    this.at++;
    return nameOf(token, this.source.database);
  }

  /** `a`, `a.b`, `a.b.c`. */
  path(): string[] {
    const names = [this.name()];
    while (this.skip('.')) names.push(this.name());
    return names;
  }

  /** The names in a parenthesis: `(a, "b c")`. */
  names(): string[] {
    this.expect('(');
    const names = [this.name()];
    while (this.skip(',')) names.push(this.name());
    this.expect(')');
    return names;
  }

  /** Steps over one token, or a parenthesis or bracket with all in it. */
  step(): void {
    let depth = 0;
    do {
      if (this.word === '(' || this.word === '[') depth++;
      else if (this.word === ')' || this.word === ']') depth--;
      this.at++;
    } while (depth > 0 && !this.isAtEnd);
    if (depth !== 0) throw new Unreadable('its parentheses do not match');
  }

  /** Steps to the first of the words outside of parentheses, or to the end. */
  to(isEnd: (cursor: Cursor) => boolean): void {
    while (!this.isAtEnd && !isEnd(this)) this.step();
  }

  /** What was stepped over since `from`. */
  fragment(from: number): Fragment {
    const { text, tokens, bindings, database } = this.source;
    const slice = tokens.slice(from, this.at);
    const first = slice[0];
    if (first === undefined) throw new Unreadable(`${this.here()} stands where an expression is expected`);
    const parts: string[] = [];
    const values: unknown[] = [];
    const calls = new Set<string>();
    let start = first.from;
    for (const [i, token] of slice.entries()) {
      if (isPlaceholder(token, database)) {
        parts.push(text.slice(start, token.from));
        values.push(bindings.get(token));
        start = token.to;
      } else if (slice[i + 1]?.upper === '(' && (token.kind === 'word' || token.kind === 'name')) {
        calls.add(nameOf(token, database));
      }
    }
    parts.push(text.slice(start, slice.at(-1)?.to));
    return { parts, values, calls: [...calls] };
  }
}

/** PostgreSQL folds names without quotes to lower case; SQLite compares them without looking at it. */
function nameOf(token: Token, database: DatabaseName): string {
  if (token.kind === 'word') {
    return database === 'postgres'
      ? token.text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase())
      : token.text;
  }
  const quote = token.text.charAt(token.text.length - 1);
  const inner = token.text.slice(1, -1);
  // `[a]]b]` is no name in SQLite: brackets have no escape.
  return quote === ']' ? inner : inner.replaceAll(quote + quote, quote);
}
