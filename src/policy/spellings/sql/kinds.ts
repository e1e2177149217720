import type { Token } from './tokens.ts';
import { DATA_VERBS, OBJECT_MODIFIERS, OBJECTS, VERB_NAMES, VERBS } from './words.ts';

/** The verbs of a statement. */
export interface StatementKinds {
  readonly kind: string;
  readonly kinds: readonly string[];
  /** Where each UPDATE and DELETE stands that is a statement of its own or in a WITH. */
  readonly changes: readonly number[];
}

/** The kinds of a statement, or `null` when it starts with no known verb. */
export function kindsOf(tokens: readonly Token[]): StatementKinds | null {
  const lead = tokens.findIndex(({ upper }) => upper !== '(');
  if (lead < 0 || !VERBS.has(tokens[lead]?.upper ?? '')) return null;
  const main = mainVerb(tokens, lead);
  const kinds = [verbName(tokens, main)];
  const changes = isChange(tokens[main]) ? [main] : [];
  // GRANT SELECT selects nothing.
  const namesRights = kinds[0] === 'grant' || kinds[0] === 'revoke' || kinds[0] === 'deny';
  for (const [i, token] of tokens.entries()) {
    if (i === main || token.kind !== 'word') continue;
    if (token.upper === 'SELECT' && !namesRights) kinds.push('select');
    else if (isInner(tokens, i)) {
      kinds.push(verbName(tokens, i));
      if (isChange(token) && tokens[i - 1]?.upper !== 'THEN') changes.push(i);
    }
  }
  return { kind: kinds[0] ?? '', kinds: [...new Set(kinds)], changes };
}

/** WITH has the kind of what it leads to. */
function mainVerb(tokens: readonly Token[], lead: number): number {
  if (tokens[lead]?.upper !== 'WITH') return lead;
  let depth = 0;
  for (let i = lead; i < tokens.length; i++) {
    const upper = tokens[i]?.upper ?? '';
    if (upper === '(') depth++;
    else if (upper === ')' && --depth < 0) return lead;
    else if (depth === 0 && DATA_VERBS.has(upper)) return i;
  }
  return lead;
}

/** A verb in a parenthesis (`WITH x AS (DELETE …)`), behind EXPLAIN, or an action of MERGE. */
function isInner(tokens: readonly Token[], i: number): boolean {
  const verb = tokens[i]?.upper ?? '';
  const before = tokens[i - 1]?.upper ?? '';
  if (!DATA_VERBS.has(verb) || verb === 'VALUES' || tokens[i + 1]?.upper === '(') return false;
  if (before === '(' || before === 'THEN' || before === 'AS')
    return before !== 'AS' || tokens[0]?.upper === 'PREPARE';
  return tokens[0]?.upper === 'EXPLAIN' && (i < 4 || before === ')');
}

function isChange(token: Token | undefined): boolean {
  return token?.upper === 'UPDATE' || token?.upper === 'DELETE';
}

/** `drop table`, `select into`, `exec`: the verb, for definitions with their object. */
function verbName(tokens: readonly Token[], i: number): string {
  const verb = tokens[i]?.upper ?? '';
  if (verb === 'SELECT') return writesResult(tokens, i) ? 'select into' : 'select';
  if (verb !== 'CREATE' && verb !== 'DROP' && verb !== 'ALTER')
    return VERB_NAMES.get(verb) ?? verb.toLowerCase();
  let at = i + 1;
  while (at < i + 12 && !OBJECTS.has(tokens[at]?.upper ?? '') && isModifier(tokens, at)) at++;
  return `${verb.toLowerCase()} ${(tokens[at]?.upper ?? '').toLowerCase()}`.trim();
}

/** MySQL's `DEFINER = name@host` and `ALGORITHM = MERGE` are modifiers too. */
function isModifier(tokens: readonly Token[], at: number): boolean {
  const { upper = '' } = tokens[at] ?? {};
  return (
    OBJECT_MODIFIERS.has(upper) ||
    upper === '=' ||
    tokens[at - 1]?.upper === '=' ||
    upper === '@' ||
    tokens[at]?.kind === 'parameter'
  );
}

/** `SELECT … INTO new_table` and `INTO OUTFILE` write; `INTO @variable` does not. */
function writesResult(tokens: readonly Token[], i: number): boolean {
  let depth = 0;
  for (let at = i + 1; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.upper === '(') depth++;
    else if (token?.upper === ')' && --depth < 0) return false;
    else if (depth === 0 && token?.upper === 'INTO') return tokens[at + 1]?.kind !== 'parameter';
  }
  return false;
}
