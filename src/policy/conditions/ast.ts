/** Where a node stands in the source: half-open, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A comparison operator. */
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

/** One `for … in … if …` of a comprehension. */
export interface Loop {
  /** One name, or several that unpack each element. */
  readonly targets: readonly string[];
  readonly unpack: boolean;
  readonly iterable: Node;
  readonly conditions: readonly Node[];
}

/** An expression of the condition language. */
export type Node = Span &
  (
    | { readonly type: 'literal'; readonly value: string | number | bigint | boolean | null }
    | { readonly type: 'name'; readonly name: string }
    | { readonly type: 'list' | 'tuple' | 'set'; readonly items: readonly Node[] }
    | { readonly type: 'and' | 'or'; readonly operands: readonly Node[] }
    | { readonly type: 'not'; readonly operand: Node }
    | { readonly type: 'compare'; readonly first: Node; readonly rest: readonly CompareLink[] }
    | { readonly type: 'choice'; readonly test: Node; readonly yes: Node; readonly no: Node }
    | { readonly type: 'attribute'; readonly object: Node; readonly name: string; readonly nameAt: Span }
    | { readonly type: 'subscript'; readonly object: Node; readonly key: Node }
    | { readonly type: 'slice'; readonly object: Node; readonly from: Node | null; readonly to: Node | null }
    | { readonly type: 'call'; readonly callee: Node; readonly args: readonly Node[] }
    | {
        readonly type: 'comprehension';
        readonly list: boolean;
        readonly element: Node;
        readonly loops: readonly Loop[];
      }
  );

/** The nodes of one type. */
export type NodeOf<Type extends Node['type']> = Extract<Node, { readonly type: Type }>;

/** `operator operand`, one link of a chain such as `0 < x <= 10`. */
export interface CompareLink {
  readonly operator: CompareOperator;
  readonly operand: Node;
}
