import { forEachChild, type SyntaxNode } from 'unbash';

/** A script within a word. */
export type Substitution = Extract<
  SyntaxNode,
  { readonly type: 'CommandExpansion' | 'ProcessSubstitution' | 'ArithmeticCommandExpansion' }
>;

/** Finds the scripts within words, however deep they stand. */
export class Substitutions {
  readonly #deeper: (characters: number, read: () => void) => void;
  readonly #read: (node: Substitution) => void;

  constructor(deeper: (characters: number, read: () => void) => void, read: (node: Substitution) => void) {
    this.#deeper = deeper;
    this.#read = read;
  }

  /** Reads the scripts of `$(…)`, backquotes and `<(…)` below a node, which may not be read itself. */
  below(node: SyntaxNode, source: string): void {
    for (let i = node.pos; i < node.end; i++) {
      const code = source.charCodeAt(i);
      if (code !== 0x28 && code !== 0x60) continue;
      forEachChild(node, (child) => this.descend(child));
      return;
    }
  }

  /** Reads a node and those below it. */
  descend(node: SyntaxNode): void {
    switch (node.type) {
      case 'CommandExpansion':
      case 'ProcessSubstitution':
      case 'ArithmeticCommandExpansion':
        this.#deeper(node.text.length, () => this.#read(node));
        break;
      case 'HereDoc':
        break;
      case 'ArithmeticExpansion':
      case 'ParameterExpansion':
        this.#deeper(node.text.length, () => forEachChild(node, (child) => this.descend(child)));
        break;
      default:
        forEachChild(node, (child) => this.descend(child));
    }
  }
}
