import { MAX_REPEAT } from './parse-pattern.ts';
import { PatternError } from './pattern-error.ts';
import type { RepeatNode, SyntaxNode } from './syntax-tree.ts';

/** Largest program, in instructions. */
export const MAX_PROGRAM = 10_000;

/** Most instructions that counted repeats may unroll to, where the pattern is not a plain chain (see chain.ts). */
export const MAX_UNROLLED = 250;

interface Size {
  readonly total: number;
  readonly unrolled: number;
  readonly product: number;
}

/**
 * Refuses a pattern whose program is too big to match 10 KB in some tens of milliseconds. `chained`: the
 * pattern is decided without a program, so its repeats may count up to 1,000.
 */
export function checkProgramSize(tree: SyntaxNode, source: string, chained: boolean): void {
  const { total, unrolled, product } = sizeOf(tree);
  const refuse = (what: string, hint: string): never => {
    throw new PatternError(`${what}: ${hint}`, 0, source.length, hint);
  };
  if (product > MAX_REPEAT)
    refuse(`nested repeats multiply to more than ${MAX_REPEAT}`, 'use `*` or `+` for one of them');
  if (total > MAX_PROGRAM)
    refuse(`the pattern needs more than ${MAX_PROGRAM} instructions`, 'split it into several rules');
  if (!chained && unrolled > MAX_UNROLLED) {
    refuse(
      `counted repeats unroll to more than ${MAX_UNROLLED} instructions`,
      'use `*` or `+`, or lower the counts',
    );
  }
}

/** From so many instructions in counted repeats on, an automaton may have too many states to keep. */
const MAY_GROW = 12;

/** Whether the automaton of a pattern may have too many states to keep. */
export function mayGrow(tree: SyntaxNode): boolean {
  return sizeOf(tree).unrolled >= MAY_GROW;
}

function sizeOf(node: SyntaxNode): Size {
  if (node.type === 'repeat') return sizeOfRepeat(node);
  if (node.type !== 'sequence' && node.type !== 'choice') return { total: 1, unrolled: 0, product: 1 };
  const parts = node.type === 'sequence' ? node.items : node.options;
  let total = node.type === 'choice' ? parts.length - 1 : 0;
  let unrolled = 0;
  let product = 1;
  for (const part of parts) {
    const size = sizeOf(part);
    total += size.total;
    unrolled += size.unrolled;
    product = Math.max(product, size.product);
  }
  return { total, unrolled, product };
}

function sizeOfRepeat({ item, min, max }: RepeatNode): Size {
  const inner = sizeOf(item);
  const bounded = max !== Number.POSITIVE_INFINITY;
  const count = Math.max(1, bounded ? max : min);
  const total = inner.total * count + (bounded ? count - Math.min(min, count) : 1);
  return {
    total,
    unrolled: count > 1 ? total : inner.unrolled,
    product: count * inner.product,
  };
}
