import { type Comment, parseSync, visitorKeys } from 'oxc-parser';

/** A syntax node, as far as these tests look into it: read its fields through `field`, `child` and `list`. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** A source file, parsed. `path` is relative to the repository, with slashes. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly program: Node;
  readonly comments: readonly Comment[];
}

/** One broken rule. */
export interface Violation {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** Called for every node, outermost first; `ancestors` ends with the parent. */
export type Visit = (node: Node, ancestors: readonly Node[]) => void;

/** Parses one file. Throws when it is not valid TypeScript, so that no rule passes on an unread file. */
export function parse(path: string, text: string): Source {
  const result = parseSync(path, text);
  const first = result.errors[0];
  if (first) throw new Error(`${path} does not parse: ${first.message}`);
  return { path, text, program: result.program, comments: result.comments };
}

/** A field of a node whose kind the caller knows; `undefined` when the node has none. */
export function field(node: Node, name: string): unknown {
  return (node as unknown as Readonly<Record<string, unknown>>)[name];
}

/** A child node by field name; `undefined` when it is absent or null. */
export function child(node: Node | undefined, name: string): Node | undefined {
  const value = node && field(node, name);
  return isNode(value) ? value : undefined;
}

/** The child nodes in a list field. Holes and nulls are left out. */
export function list(node: Node | undefined, name: string): readonly Node[] {
  const value = node && field(node, name);
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The name of an identifier, or the value of a string literal; `undefined` for any other node. */
export function nameOf(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  if (node.type === 'Identifier') return String(field(node, 'name'));
  const value = node.type === 'Literal' ? field(node, 'value') : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** `object.property` of a member expression with a known property, dotted or in brackets. */
export function memberOf(node: Node | undefined): { object: Node; property: string } | undefined {
  if (node?.type !== 'MemberExpression') return undefined;
  const object = child(node, 'object');
  const key = child(node, 'property');
  const property =
    key && (key.type === 'Literal' || field(node, 'computed') === false) ? nameOf(key) : undefined;
  return object && property !== undefined ? { object, property } : undefined;
}

/** Visits every node of a tree. */
export function walk(root: Node, visit: Visit, ancestors: Node[] = []): void {
  visit(root, ancestors);
  ancestors.push(root);
  for (const key of visitorKeys[root.type] ?? []) {
    const value = field(root, key);
    if (isNode(value)) walk(value, visit, ancestors);
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) walk(item, visit, ancestors);
  }
  ancestors.pop();
}

/** The line, from 1, of an offset in a text. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** A violation at a node. */
export function violation(source: Source, at: { readonly start: number }, message: string): Violation {
  return { path: source.path, line: lineAt(source.text, at.start), message };
}

/** The violations as lines `path:line message`: what a failing test prints. */
export function report(violations: readonly Violation[]): string[] {
  return violations.map(({ path, line, message }) => `${path}:${line} ${message}`);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string';
}
