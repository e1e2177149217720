import { ANY, sameSet } from './char-set.ts';
import type { SyntaxNode } from './syntax-tree.ts';

/** Whether a pattern is seen to match every text: it can match the empty string wherever its anchors let it. */
export function matchesEverything(tree: SyntaxNode): boolean {
  if (tree.type === 'choice') return tree.options.some(matchesEverything);
  return nullableAt(tree, 'start') || nullableAt(tree, 'end') || spansAll(tree);
}

/** Whether the node matches the empty string at that edge of any text. */
function nullableAt(node: SyntaxNode, edge: 'start' | 'end'): boolean {
  switch (node.type) {
    case 'sequence':
      return node.items.every((item) => nullableAt(item, edge));
    case 'choice':
      return node.options.some((option) => nullableAt(option, edge));
    case 'repeat':
      return node.min === 0 || nullableAt(node.item, edge);
    case 'assertion':
      if (edge === 'start') return node.kind === 'start' || node.kind === 'line-start';
      return node.kind === 'end' || node.kind === 'end-or-newline' || node.kind === 'line-end';
    default:
      return false;
  }
}

/** `^…$` around a `.*` that also takes newlines. */
function spansAll(node: SyntaxNode): boolean {
  if (node.type !== 'sequence') return false;
  const at = node.items.findIndex(
    (item) =>
      item.type === 'repeat' && item.min === 0 && item.max === Number.POSITIVE_INFINITY && isAny(item.item),
  );
  return (
    at >= 0 &&
    node.items.slice(0, at).every((item) => nullableAt(item, 'start')) &&
    node.items.slice(at + 1).every((item) => nullableAt(item, 'end'))
  );
}

function isAny(node: SyntaxNode): boolean {
  return node.type === 'set' && sameSet(node.set, ANY);
}
