import type { CharSet } from './char-set.ts';

/**
 * What an assertion asks of its position: `start` the beginning of the text; `end` its end; `end-or-newline`
 * its end or before one final newline; `line-start`, `line-end` the same at any newline; `word-boundary` and
 * `not-word-boundary` as Python counts letters, the `ascii-` ones as the ASCII flag does.
 */
export type AssertionKind =
  | 'start'
  | 'end'
  | 'end-or-newline'
  | 'line-start'
  | 'line-end'
  | 'word-boundary'
  | 'not-word-boundary'
  | 'ascii-word-boundary'
  | 'ascii-not-word-boundary';

/** One literal code point. `fold`: it also stands for the characters equal to it under Python's IGNORECASE. */
export interface CharNode {
  readonly type: 'char';
  readonly codePoint: number;
  readonly fold: boolean;
}

/** One character of a set. `re2` is the RE2 class that names the set. */
export interface SetNode {
  readonly type: 'set';
  readonly set: CharSet;
  readonly re2: string;
}

/** A zero-width assertion. */
export interface AssertionNode {
  readonly type: 'assertion';
  readonly kind: AssertionKind;
}

/** Nodes one after the other; no items match the empty string. */
export interface SequenceNode {
  readonly type: 'sequence';
  readonly items: readonly SyntaxNode[];
}

/** One of several, the earlier preferred. */
export interface ChoiceNode {
  readonly type: 'choice';
  readonly options: readonly SyntaxNode[];
}

/** `item`, `min` to `max` times (Infinity: no limit), as many (`greedy`) or as few as possible. */
export interface RepeatNode {
  readonly type: 'repeat';
  readonly item: SyntaxNode;
  readonly min: number;
  readonly max: number;
  readonly greedy: boolean;
}

/** A parsed pattern. Groups have no node of their own: only the whole match is ever asked for. */
export type SyntaxNode = CharNode | SetNode | AssertionNode | SequenceNode | ChoiceNode | RepeatNode;
