import { posix } from 'node:path';
import { child, field, type Node, nameOf, type Source, walk } from './ast.ts';

/** One import, re-export, `import()` or `import('…')` type of a file. */
export interface Import {
  readonly node: Node;
  /** As written. */
  readonly specifier: string;
  /** The file in the repository that a relative specifier names; `undefined` for a package or a built-in. */
  readonly target: string | undefined;
  /** True when nothing of it is left at run time. */
  readonly typeOnly: boolean;
  /** True for `import()`: loaded when reached, not when the module is. */
  readonly lazy: boolean;
}

const WITH_SOURCE: ReadonlySet<string> = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
]);

/** Everything that a file imports, in order. */
export function importsOf(source: Source): Import[] {
  const found: Import[] = [];
  walk(source.program, (node) => {
    const specifier = specifierOf(node);
    if (specifier === undefined) return;
    const kind = field(node, 'importKind') ?? field(node, 'exportKind');
    found.push({
      node,
      specifier,
      target: specifier.startsWith('.') ? posix.join(posix.dirname(source.path), specifier) : undefined,
      typeOnly: kind === 'type' || node.type === 'TSImportType',
      lazy: node.type === 'ImportExpression',
    });
  });
  return found;
}

/** The package of a bare specifier: `zod/v4` → `zod`, `@a/b/c` → `@a/b`. Built-ins stay whole. */
export function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function specifierOf(node: Node): string | undefined {
  if (WITH_SOURCE.has(node.type)) return nameOf(child(node, 'source'));
  if (node.type !== 'CallExpression' || nameOf(child(node, 'callee')) !== 'require') return undefined;
  const args = field(node, 'arguments');
  return Array.isArray(args) ? nameOf(args[0] as Node | undefined) : undefined;
}
