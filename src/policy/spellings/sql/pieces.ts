import type { Token } from './tokens.ts';
import { BLOCK_WORDS, DATA_VERBS, NO_START_AFTER, OBJECT_MODIFIERS, OBJECTS, VERBS } from './words.ts';

/** The tokens between two `;`, of one statement or, where a dialect needs no `;`, of several. */
export function splitAtSemicolons(tokens: readonly Token[], text: string): readonly (readonly Token[])[] {
  const pieces: Token[][] = [[]];
  for (const token of tokens) {
    if (token.upper === ';' || isBatchEnd(token, text)) pieces.push([]);
    else pieces.at(-1)?.push(token);
  }
  return pieces.filter((piece) => piece.length > 0);
}

/** `GO` alone in its line, where SQL Server's tools cut a script. */
function isBatchEnd(token: Token, text: string): boolean {
  if (token.upper !== 'GO') return false;
  const before = (token.from < 16 ? '\n' : '') + text.slice(Math.max(0, token.from - 16), token.from);
  return /\n[ \t\r]*$/.test(before) && /^[ \t\r]{0,16}(?:\n|$)/.test(text.slice(token.to, token.to + 17));
}

/** Whether a parenthesis or bracket has no partner. */
export function isUnbalanced(piece: readonly Token[]): boolean {
  const open: string[] = [];
  for (const { upper } of piece) {
    if (upper === '(' || upper === '[') open.push(upper);
    else if (upper === ')' && open.pop() !== '(') return true;
    else if (upper === ']' && open.pop() !== '[') return true;
  }
  return open.length > 0;
}

/**
 * The statements of a piece. SQL Server needs nothing between them (`SELECT 1 DROP TABLE x`), and blocks hold them
 * after BEGIN, THEN, ELSE and LOOP: a verb outside of parentheses starts a new statement where none of its other uses
 * fits.
 */
export function splitAtVerbs(piece: readonly Token[]): readonly (readonly Token[])[] {
  const lead = piece.find(({ upper }) => upper !== '(')?.upper ?? '';
  const parts: Token[][] = [[]];
  let depth = 0;
  let awaitsMain = lead === 'WITH' || lead === 'EXPLAIN' || lead === 'DESCRIBE' || lead === 'DESC';
  for (const [i, token] of piece.entries()) {
    if (token.upper === '(') depth++;
    else if (token.upper === ')') depth--;
    else if (depth === 0 && token.kind === 'word' && i > 0 && VERBS.has(token.upper)) {
      if (awaitsMain && DATA_VERBS.has(token.upper)) awaitsMain = false;
      else if (startsStatement(piece, i, lead)) parts.push([]);
    }
    parts.at(-1)?.push(token);
  }
  return parts;
}

function startsStatement(piece: readonly Token[], i: number, lead: string): boolean {
  const before = piece[i - 1]?.upper ?? '';
  const verb = piece[i]?.upper ?? '';
  if (BLOCK_WORDS.has(before)) return verb !== 'END' && !isMergeAction(piece, i);
  if (before === 'AS' && (lead === 'CREATE' || lead === 'ALTER' || lead === 'PREPARE')) {
    return DATA_VERBS.has(verb) ? verb !== 'SELECT' && verb !== 'VALUES' : isOpening(piece, i);
  }
  if (isPartOfClause(piece, i, lead)) return false;
  if (lead === 'ALTER' && (verb === 'DROP' || verb === 'ALTER' || verb === 'CREATE')) {
    return ['TABLE', 'DATABASE', 'SCHEMA', 'USER', 'LOGIN', 'ROLE'].includes(piece[i + 1]?.upper ?? '');
  }
  return isOpening(piece, i);
}

/** `ON DELETE CASCADE`, `FOR UPDATE`, `a = update`; but `SET NOCOUNT ON DELETE FROM t` holds two statements. */
function isPartOfClause(piece: readonly Token[], i: number, lead: string): boolean {
  const before = piece[i - 1];
  const verb = piece[i]?.upper ?? '';
  if (before?.upper === 'ON') return lead !== 'SET' && (DATA_VERBS.has(verb) || verb === 'TRUNCATE');
  if (before?.upper === 'KEY') return verb === 'UPDATE';
  if (before?.kind === 'sign') return before.upper !== ')' && before.upper !== ']' && before.upper !== '*';
  return NO_START_AFTER.has(before?.upper ?? '');
}

/** Whether what follows the verb is what follows it at the start of a statement. */
function isOpening(piece: readonly Token[], i: number): boolean {
  const next = piece[i + 1];
  const upper = next?.upper ?? '';
  const named = next !== undefined && (next.kind === 'word' || next.kind === 'name');
  switch (piece[i]?.upper) {
    case 'CREATE':
    case 'DROP':
    case 'ALTER':
      return OBJECTS.has(upper) || OBJECT_MODIFIERS.has(upper);
    case 'TRUNCATE':
    case 'MERGE':
    case 'INSERT':
      return named && upper !== 'VALUES' && upper !== 'DEFAULT' && upper !== 'WHEN';
    case 'DELETE':
    case 'UPDATE':
      return named && !isMergeAction(piece, i);
    case 'EXEC':
    case 'EXECUTE':
      return (
        next !== undefined &&
        (next.kind !== 'sign' || upper === '(') &&
        !['FUNCTION', 'PROCEDURE', 'ON', 'AS'].includes(upper)
      );
    case 'REPLACE':
      return upper === 'INTO';
    case 'GRANT':
    case 'REVOKE':
    case 'DENY':
      return named && upper !== 'OPTION';
    case 'WAITFOR':
      return upper === 'DELAY' || upper === 'TIME';
    case 'BACKUP':
    case 'RESTORE':
      return upper === 'DATABASE' || upper === 'LOG';
    case 'BULK':
      return upper === 'INSERT';
    default:
      return false;
  }
}

/** `THEN UPDATE SET …`, `THEN DELETE WHEN …`, `DO UPDATE SET …`: parts of MERGE and INSERT. */
function isMergeAction(piece: readonly Token[], i: number): boolean {
  const next = piece[i + 1]?.upper ?? '';
  const verb = piece[i]?.upper;
  if (verb === 'UPDATE') return next === 'SET';
  if (verb === 'DELETE')
    return piece[i + 1] === undefined || ['WHEN', 'OUTPUT', 'RETURNING', 'CASCADE'].includes(next);
  return verb === 'INSERT' && ['(', 'VALUES', 'DEFAULT'].includes(next);
}
