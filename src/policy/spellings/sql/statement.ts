import { canonicalText } from './canonical-text.ts';
import { hasOwnWhere } from './conditions.ts';
import { kindsOf } from './kinds.ts';
import { tablesOf } from './tables.ts';
import type { Token } from './tokens.ts';
import { DATA_VERBS, NEVER_LAST } from './words.ts';

/** One statement of an SQL text. */
export interface SqlStatement {
  /**
   * The leading verb in lower case, for definitions with their object: `select`, `select into`, `delete`,
   * `drop table`, `create index`, `exec`. WITH has the kind of its main statement.
   */
  readonly kind: string;
  /** Every verb in it, the kind first: `['select', 'delete']` for a WITH that deletes. */
  readonly kinds: readonly string[];
  /** Names as written, without quotes, `schema.table`, in order, distinct. */
  readonly tables: readonly string[];
  /**
   * For UPDATE and DELETE, also those in a WITH: whether each has its own WHERE, where a WHERE that always holds does
   * not count. For all others: whether there is a WHERE outside of parentheses.
   */
  readonly hasWhere: boolean;
  /** The canonical text. */
  readonly text: string;
  /** The slice as given. */
  readonly given: string;
}

/** More changes in one statement are no statement of daily work. */
const MAX_CHANGES = 16;

/** A statement from its tokens, or why it is none. */
export function statementOf(tokens: readonly Token[], source: string): SqlStatement | string {
  const found = kindsOf(tokens);
  if (found === null) return 'it does not start with a verb of SQL';
  const last = tokens.at(-1);
  const alone = tokens.length === 1 && DATA_VERBS.has(last?.upper ?? '');
  if (alone || NEVER_LAST.has(last?.upper ?? '') || last?.upper === ',' || last?.upper === '=') {
    return 'a statement ends in the middle';
  }
  const { kind, kinds, changes } = found;
  const hasWhere =
    changes.length === 0
      ? hasOwnWhere(tokens, 0)
      : changes.length <= MAX_CHANGES && changes.every((at) => hasOwnWhere(tokens, at));
  return {
    kind,
    kinds,
    tables: tablesOf(tokens),
    hasWhere,
    text: canonicalText(tokens),
    given: source.slice(tokens[0]?.from ?? 0, last?.to ?? 0),
  };
}
