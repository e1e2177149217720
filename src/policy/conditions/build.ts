import type { Node, Span } from './ast.ts';
import { ConditionSyntaxError } from './errors.ts';
import type { Run } from './run.ts';

/** A compiled expression. Throws `ConditionRuntimeError`. */
export type Closure = (run: Run) => unknown;

/** Turns nodes into closures. `locals` are the comprehension variables in reach, by slot; the last of a name counts. */
export interface Builder {
  readonly source: string;
  readonly locals: readonly string[];
  build(node: Node, locals?: readonly string[]): Closure;
}

/** The expression as error messages and traces show it. */
export function excerpt(source: string, span: Span): string {
  const text = source.slice(span.start, span.end).replace(/\s+/g, ' ');
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** Refuses the part of the source at `span`. */
export function refuse(span: Span, message: string, hint = ''): never {
  throw new ConditionSyntaxError(message, span.start, span.end - span.start, hint);
}
