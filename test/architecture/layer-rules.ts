import { builtinModules } from 'node:module';
import { type Source, type Violation, violation } from './ast.ts';
import { type Import, importsOf, packageOf } from './imports.ts';
import { LAYERS, type Layer } from './layers.ts';

const BUILT_INS: ReadonlySet<string> = new Set(builtinModules);

/** True for `node:fs` and for `fs`. */
export function isBuiltIn(specifier: string): boolean {
  return specifier.startsWith('node:') || BUILT_INS.has(specifier) || BUILT_INS.has(packageOf(specifier));
}

/** The row of the table that a path relative to `src/` belongs to: its folder, or its own name. */
export function layerOf(path: string): string {
  return path.split('/')[0] ?? path;
}

/** Imports of a file under `src/` that its layer does not allow. */
export function layerViolations(source: Source): Violation[] {
  const path = source.path.replace(/^src\//, '');
  const name = layerOf(path);
  const layer = Object.hasOwn(LAYERS, name) ? LAYERS[name] : undefined;
  if (!layer) {
    return [
      violation(source, { start: 0 }, `src/${name} has no row in test/architecture/layers.ts: add one.`),
    ];
  }
  return importsOf(source).flatMap((found) => {
    const message =
      found.target === undefined ? outside(name, layer, found) : inside(path, name, layer, found);
    return message === undefined ? [] : [violation(source, found.node, message)];
  });
}

function outside(name: string, layer: Layer, found: Import): string | undefined {
  if (isBuiltIn(found.specifier)) {
    return layer.node ? undefined : `${name} imports ${found.specifier}: no Node built-ins in this layer.`;
  }
  if (layer.packages?.includes(packageOf(found.specifier))) return undefined;
  return `${name} imports the package ${packageOf(found.specifier)}, which its row in layers.ts does not list.`;
}

function inside(path: string, name: string, layer: Layer, found: Import): string | undefined {
  const target = found.target ?? '';
  if (!target.startsWith('src/')) return `${name} imports ${target}, which lies outside src/.`;
  const to = target.slice('src/'.length);
  const toLayer = layerOf(to);
  if (layer.files?.includes(to) || layer.seam?.includes(to) || layer.layers.includes(toLayer))
    return undefined;
  if (toLayer !== name) return `${name} may not import ${to}: see the row of ${name} in layers.ts.`;
  if (!layer.seam || siblingOf(path) === siblingOf(to)) return undefined;
  return `${path} imports its sibling ${to}: a sibling of a seam imports the interface, never another sibling.`;
}

/** A large sibling is a folder beside its file: `limits/memory.ts` and `limits/memory/window.ts` are one sibling. */
function siblingOf(path: string): string {
  return path.replace(/\.ts$/, '').split('/').slice(0, 2).join('/');
}
