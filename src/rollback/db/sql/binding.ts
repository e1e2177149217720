import type { Token } from '../../../policy/spellings/sql/tokens.ts';
import { Unreadable } from './unreadable.ts';

/** The databases that can be read. */
export type DatabaseName = 'sqlite' | 'postgres';

/** Values by position, or by name with or without the sign before it. */
export type GivenValues = readonly unknown[] | Readonly<Record<string, unknown>> | null;

/** True for a token that a value is bound to. PostgreSQL's `?` and `:` are operators, and its `@` too. */
export function isPlaceholder(token: Token, database: DatabaseName): boolean {
  if (token.kind !== 'parameter') return false;
  return database === 'postgres' ? token.text.startsWith('$') : /^[?:@$]/.test(token.text);
}

/**
 * The value of every placeholder, by the token that it stands in. Throws Unreadable where that cannot be told, or where
 * drivers do not agree on it.
 */
export function bindingsOf(
  tokens: readonly Token[],
  given: GivenValues,
  database: DatabaseName,
): ReadonlyMap<Token, unknown> {
  const places = tokens.filter((token) => isPlaceholder(token, database));
  if (places.length === 0) return new Map();
  if (given === null) {
    throw new Unreadable(
      'the values of its placeholders are not known: pass them as a parameter named params, or give the option `statement`',
    );
  }
  return database === 'postgres' ? byNumber(places, given) : likeSqlite(places, given);
}

function byNumber(places: readonly Token[], given: NonNullable<GivenValues>): Map<Token, unknown> {
  const bound = new Map<Token, unknown>();
  for (const token of places) {
    const number = /^\$(\d{1,5})$/.exec(token.text)?.[1];
    if (number === undefined) throw new Unreadable(`${token.text} is no placeholder of PostgreSQL`);
    bound.set(token, at(given, Number(number), token));
  }
  return bound;
}

/** A bare `?` counts on from the largest number so far; `?7` names its own. */
function likeSqlite(places: readonly Token[], given: NonNullable<GivenValues>): Map<Token, unknown> {
  const bound = new Map<Token, unknown>();
  let largest = 0;
  for (const token of places) {
    if (!token.text.startsWith('?')) {
      bound.set(token, named(given, token));
      continue;
    }
    const number = token.text === '?' ? largest + 1 : Number(token.text.slice(1));
    largest = Math.max(largest, number);
    bound.set(token, at(given, number, token));
  }
  return bound;
}

function at(given: NonNullable<GivenValues>, number: number, { text }: Token): unknown {
  if (!Array.isArray(given)) throw new Unreadable(`${text} is bound by position, and the values have names`);
  if (number < 1 || number > given.length) throw new Unreadable(`there is no value for ${text}`);
  return given[number - 1];
}

function named(given: NonNullable<GivenValues>, { text }: Token): unknown {
  if (Array.isArray(given)) throw new Unreadable(`${text} is bound by name, and the values have none`);
  const values = given as Readonly<Record<string, unknown>>;
  const keys = [text, text.slice(1)].filter((key) => Object.hasOwn(values, key));
  if (keys.length !== 1)
    throw new Unreadable(`there is ${keys.length === 0 ? 'no' : 'more than one'} value for ${text}`);
  return values[keys[0] as string];
}
