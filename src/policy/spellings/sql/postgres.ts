import { ignoreRejection, isThenable } from '../../../core/awaitable.ts';
import type { SqlParser } from '../../../core/sql-parser.ts';
import { canonicalText } from './canonical-text.ts';
import { POSTGRES } from './dialects.ts';
import { kindsOf } from './kinds.ts';
import { factsOfTree, type TreeFacts } from './parse-tree.ts';
import { NO_STATEMENT, readAs, readBodyAs } from './reading.ts';
import type { SqlStatement } from './statement.ts';
import { readTokens } from './tokens.ts';
import { fieldsOf } from './tree-node.ts';

/** An SQL text as PostgreSQL's own parser reads it. */
export interface PostgresReading {
  /** The statements in order, then those in strings and bodies that they run. Tables as PostgreSQL folds their names. */
  readonly statements: readonly SqlStatement[];
  /**
   * Why it cannot be told what the text does, although PostgreSQL accepts it; or `null`. These are: SQL put together
   * while it runs, a body or a string of code that cannot be read, code in a language other than SQL and PL/pgSQL,
   * `COPY … PROGRAM`, and a tree that cannot be walked.
   */
  readonly opaque: string | null;
}

/** Longer texts are left to the tokenizer, so that a hostile one does not keep the parser busy. */
const MAX_LENGTH = 8_192;

/**
 * What a parser says of a text; `null` where it refuses the text, finds no statement in it, or gives no tree that fits
 * the text. Never throws.
 */
export function readAsPostgres(text: string, parse: SqlParser): PostgresReading | null {
  // What is not well formed has other bytes than characters, and a NUL ends the text for PostgreSQL.
  if (text.length > MAX_LENGTH || !text.isWellFormed() || text.includes('\0')) return null;
  const tree = treeOf(text, parse);
  try {
    return readingOf(text, tree);
  } catch {
    return { statements: [], opaque: 'its parse tree cannot be read' };
  }
}

function treeOf(text: string, parse: SqlParser): unknown {
  try {
    const tree = parse(text);
    if (!isThenable(tree)) return tree;
    ignoreRejection(tree);
  } catch {
    // What PostgreSQL refuses is left to the tokenizer.
  }
  return null;
}

function readingOf(text: string, tree: unknown): PostgresReading | null {
  const { stmts } = fieldsOf(tree);
  if (!Array.isArray(stmts) || stmts.length === 0 || stmts.length > MAX_LENGTH) return null;
  const slices = slicesOf(text, stmts);
  if (slices === null) return null;
  const own: SqlStatement[] = [];
  const inner: SqlStatement[] = [];
  let opaque: string | null = null;
  for (const [i, slice] of slices.entries()) {
    const facts = factsOfTree(fieldsOf(stmts[i]).stmt);
    if (facts === null) return null;
    own.push(statementOf(slice, facts));
    const read = readAs(slice, POSTGRES);
    inner.push(...read.statements);
    opaque ??= facts.opaque ?? read.opaque;
    for (const body of facts.bodies) {
      const { statements, failure, opaque: unknown } = readBodyAs(body, POSTGRES);
      inner.push(...statements);
      const unread =
        failure === null || failure === NO_STATEMENT ? null : `in a string that is run: ${failure}`;
      opaque ??= unknown ?? unread;
    }
  }
  return { statements: [...own, ...inner], opaque };
}

function statementOf(slice: string, facts: TreeFacts): SqlStatement {
  const { tokens, failure } = readTokens(slice, POSTGRES);
  const whole = failure === null && tokens.length > 0;
  const kind = facts.kind ?? kindsOf(tokens)?.kind ?? (tokens[0]?.text ?? '').toLowerCase();
  return {
    kind,
    kinds: [...new Set([kind, ...facts.kinds])],
    tables: facts.tables,
    hasWhere: facts.hasWhere,
    // What the tokenizer cannot follow to its end is better as it is than cut.
    text: whole ? canonicalText(tokens) : slice.trim(),
    given: whole ? slice.slice(tokens[0]?.from, tokens.at(-1)?.to) : slice.trim(),
  };
}

/** The text of each statement, or `null` where the places do not fit the text. A length of 0 is the rest of it. */
function slicesOf(text: string, stmts: readonly unknown[]): readonly string[] | null {
  const places = new BytePlaces(text);
  const slices: string[] = [];
  for (const one of stmts) {
    const { stmt_location: location = 0, stmt_len: length = 0 } = fieldsOf(one);
    if (typeof location !== 'number' || typeof length !== 'number') return null;
    const from = places.next(location);
    const to = length === 0 ? places.next(places.bytes) : places.next(location + length);
    if (from === null || to === null || from >= to) return null;
    slices.push(text.slice(from, to));
  }
  return slices;
}

/** Turns places in bytes of UTF-8, in rising order, into places in a string. */
class BytePlaces {
  readonly bytes: number;
  readonly #text: string;
  #byte = 0;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.bytes = new TextEncoder().encode(text).length;
  }

  /** `null` for a place before the last one, within a character or beyond the end. */
  next(byte: number): number | null {
    while (this.#byte < byte && this.#at < this.#text.length) {
      const code = this.#text.codePointAt(this.#at) ?? 0;
      this.#byte += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      this.#at += code < 0x10000 ? 1 : 2;
    }
    return this.#byte === byte ? this.#at : null;
  }
}
