import { codePointSource } from './class-source.ts';
import { caseGroup } from './code-points.ts';
import type { AssertionKind, CharNode, RepeatNode, SetNode, SyntaxNode } from './syntax-tree.ts';

/**
 * How the leaves of a pattern are written in RE2. `last`: nothing of the pattern comes after the assertion,
 * so that it may consume the final newline.
 */
export interface Dialect {
  char(node: CharNode): string;
  set(node: SetNode): string;
  assertion(kind: AssertionKind, last: boolean): string;
}

/** Matches nothing at all. */
export const NEVER = '[^\\x00-\\x{10FFFF}]';

/** RE2 over the text itself. `$` at the end of a pattern consumes the final newline; `\b` counts ASCII letters. */
export const PLAIN: Dialect = Object.freeze({
  char: ({ codePoint, fold }: CharNode): string =>
    fold ? `[${caseGroup(codePoint).map(codePointSource).join('')}]` : codePointSource(codePoint),
  set: (node: SetNode): string => node.re2,
  assertion: plainAssertion,
});

/** RE2 over the empty text, where Python's `\B` does not hold. */
export const EMPTY_TEXT: Dialect = Object.freeze({
  ...PLAIN,
  assertion: (kind: AssertionKind, last: boolean): string =>
    kind === 'not-word-boundary' || kind === 'ascii-not-word-boundary' ? NEVER : plainAssertion(kind, last),
});

/** Writes a tree as RE2 source. */
export function emitRe2(tree: SyntaxNode, dialect: Dialect): string {
  return emit(tree, dialect, true);
}

function emit(node: SyntaxNode, dialect: Dialect, last: boolean): string {
  if (node.type === 'char') return dialect.char(node);
  if (node.type === 'set') return dialect.set(node);
  if (node.type === 'assertion') return dialect.assertion(node.kind, last);
  if (node.type === 'repeat') return emitRepeat(node, dialect, last);
  if (node.type === 'choice')
    return `(?:${node.options.map((option) => emit(option, dialect, last)).join('|')})`;
  return node.items.map((item, i) => emit(item, dialect, last && i === node.items.length - 1)).join('');
}

function emitRepeat(node: RepeatNode, dialect: Dialect, last: boolean): string {
  const { item, min, max, greedy } = node;
  const inner = emit(item, dialect, last && max <= 1);
  const atom = item.type === 'char' || item.type === 'set' ? inner : `(?:${inner})`;
  return atom + quantifier(min, max) + (greedy ? '' : '?');
}

function quantifier(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

function plainAssertion(kind: AssertionKind, last: boolean): string {
  switch (kind) {
    case 'start':
      return '\\A';
    case 'end':
      return '\\z';
    case 'end-or-newline':
      return last ? '(?:\\n?\\z)' : '\\z';
    case 'line-start':
      return '(?m:^)';
    case 'line-end':
      return '(?m:$)';
    case 'word-boundary':
    case 'ascii-word-boundary':
      return '\\b';
    default:
      return '\\B';
  }
}
