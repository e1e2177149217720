import type { Dialect } from './dialects.ts';
import { dollarBody, dynamicSql, literalText } from './dynamic.ts';
import { isUnbalanced, splitAtSemicolons, splitAtVerbs } from './pieces.ts';
import { type SqlStatement, statementOf } from './statement.ts';
import { readTokens, type Token } from './tokens.ts';
import { CONTROL_VERBS, VERBS } from './words.ts';

/** An SQL text as one dialect reads it. */
export interface DialectReading {
  readonly dialect: Dialect;
  /** All that could be read; those from strings and bodies follow the statement that holds them. */
  readonly statements: readonly SqlStatement[];
  /** Why the dialect would refuse the text, or `null`. */
  readonly failure: string | null;
  /** How many statements stand before what it would refuse: it may have run them by then. */
  readonly before: number;
  /** Why it cannot be told what the text does, whatever the dialect; or `null`. */
  readonly opaque: string | null;
  /** Whether another dialect may read it in another way. */
  readonly ambiguous: boolean;
  /** Whether it holds a comment that MySQL runs. */
  readonly executable: boolean;
}

/** How a text without statements fails. */
export const NO_STATEMENT = 'it holds no statement';

/** Reads a text as a dialect does, and the SQL in its strings one level deep. */
export function readAs(text: string, dialect: Dialect): DialectReading {
  return new Reader(text, dialect, 'text').read();
}

/** Reads the body of a routine, which is not in a string any more, as a dialect does. */
export function readBodyAs(text: string, dialect: Dialect): DialectReading {
  return new Reader(text, dialect, 'body').read();
}

/** A body holds control words, assignments and conditions around its statements: what is no statement is passed over. */
type Level = 'text' | 'literal' | 'body';

class Reader {
  readonly #text: string;
  readonly #dialect: Dialect;
  readonly #level: Level;
  readonly #statements: SqlStatement[] = [];
  #failure: string | null = null;
  #before = 0;
  #opaque: string | null = null;

  constructor(text: string, dialect: Dialect, level: Level) {
    this.#text = text;
    this.#dialect = dialect;
    this.#level = level;
  }

  read(): DialectReading {
    const { tokens, failure, ambiguous, executable } = readTokens(this.#text, this.#dialect);
    const pieces = splitAtSemicolons(tokens, this.#text);
    const unfinished = failure === null || tokens.at(-1)?.upper === ';' ? undefined : pieces.at(-1);
    for (const piece of pieces) {
      if (piece === unfinished) continue;
      if (isUnbalanced(piece)) this.#fail('parentheses do not match');
      for (const part of splitAtVerbs(piece)) this.#statement(part);
    }
    if (failure !== null) this.#fail(failure);
    else if (pieces.length === 0) this.#fail(NO_STATEMENT);
    return {
      dialect: this.#dialect,
      statements: this.#statements,
      failure: this.#failure,
      before: this.#failure === null ? this.#statements.length : this.#before,
      opaque: this.#opaque,
      ambiguous,
      executable,
    };
  }

  #fail(reason: string): void {
    if (this.#failure === null) this.#before = this.#statements.length;
    this.#failure ??= reason;
  }

  #statement(tokens: readonly Token[]): void {
    const lead = tokens[0]?.upper ?? '';
    if (this.#level === 'body' && (!VERBS.has(lead) || CONTROL_VERBS.has(lead))) return;
    const statement = statementOf(tokens, this.#text);
    if (typeof statement === 'string') {
      this.#fail(statement);
      return;
    }
    this.#statements.push(statement);
    const dynamic = dynamicSql(tokens, this.#level === 'body');
    this.#opaque ??= dynamic.unreadable;
    for (const text of dynamic.texts) this.#inner(text, 'literal', true);
    if (dynamic.texts.length === 0) this.#bodies(tokens, statement.kind);
  }

  /** Dollar-quoted text is code to some databases wherever it stands; a routine may have its body in a plain string. */
  #bodies(tokens: readonly Token[], kind: string): void {
    const isRoutine = kind === 'do' || kind === 'create function' || kind === 'create procedure';
    for (const [i, token] of tokens.entries()) {
      if (token.kind === 'dollar') this.#inner(dollarBody(token), 'body', isRoutine);
      else if (isRoutine && token.kind === 'string' && ['AS', 'DO'].includes(tokens[i - 1]?.upper ?? '')) {
        const body = literalText(token);
        if (body === null) this.#opaque ??= 'the body of a routine has escapes';
        else this.#inner(body, 'body', true);
      }
    }
  }

  #inner(text: string, level: Level, runs: boolean): void {
    if (this.#level !== 'text') {
      if (runs) this.#opaque ??= 'SQL in a string holds SQL in a string';
      return;
    }
    const inner = new Reader(text, this.#dialect, level).read();
    this.#statements.push(...inner.statements);
    if (!runs) return;
    if (inner.failure !== null && inner.failure !== NO_STATEMENT) {
      this.#opaque ??= `in a string that is run: ${inner.failure}`;
    }
    this.#opaque ??= inner.opaque;
  }
}
