import type { AssertionKind, SyntaxNode } from './syntax-tree.ts';

/** What a pattern holds that decides how it can be run. */
export interface TreeFacts {
  /** `\b` or `\B` as Python counts letters. */
  readonly unicodeBoundary: boolean;
  /** `\b` or `\B` under the ASCII flag. */
  readonly asciiBoundary: boolean;
  /** `\B` of either kind. */
  readonly notBoundary: boolean;
  /** `^` or `$` under the MULTILINE flag. */
  readonly lineAssertion: boolean;
  /** `$` without that flag. */
  readonly dollar: boolean;
  /** Such a `$` with more of the pattern after it. */
  readonly innerDollar: boolean;
  /** How many ranges and characters its classes name: a bound for the kinds of letters it tells apart. */
  readonly edges: number;
}

/** Gathers the facts about a tree. */
export function factsOf(tree: SyntaxNode): TreeFacts {
  const kinds = new Set<AssertionKind>();
  let innerDollar = false;
  const edges = new Map<string, number>();
  const visit = (node: SyntaxNode, last: boolean): void => {
    if (node.type === 'assertion') {
      kinds.add(node.kind);
      if (node.kind === 'end-or-newline' && !last) innerDollar = true;
    } else if (node.type === 'char') edges.set(`${node.codePoint}`, 1);
    else if (node.type === 'set') edges.set(node.re2, Math.min(node.set.length, 20));
    else if (node.type === 'repeat') visit(node.item, last && node.max <= 1);
    else if (node.type === 'choice') for (const option of node.options) visit(option, last);
    else for (const [i, item] of node.items.entries()) visit(item, last && i === node.items.length - 1);
  };
  visit(tree, true);
  return {
    unicodeBoundary: kinds.has('word-boundary') || kinds.has('not-word-boundary'),
    asciiBoundary: kinds.has('ascii-word-boundary') || kinds.has('ascii-not-word-boundary'),
    notBoundary: kinds.has('not-word-boundary') || kinds.has('ascii-not-word-boundary'),
    lineAssertion: kinds.has('line-start') || kinds.has('line-end'),
    dollar: kinds.has('end-or-newline'),
    innerDollar,
    edges: [...edges.values()].reduce((sum, count) => sum + count, 0),
  };
}
