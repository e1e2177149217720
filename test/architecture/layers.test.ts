import { describe, expect, it } from 'vitest';
import { child, parse, report, type Source, violation } from './ast.ts';
import { LOADED_ON_FIRST_USE } from './first-use.ts';
import { importsOf, packageOf } from './imports.ts';
import { isBuiltIn, layerViolations } from './layer-rules.ts';
import { LAYERS, PURE_LAYERS } from './layers.ts';
import { exists, sources } from './repository.ts';

const SRC = sources('src');

/** Cycles among files, each as `a → b → a`. Type imports count. */
function cyclesOf(files: readonly Source[]): string[] {
  const edges = new Map(
    files.map((file) => [file.path, importsOf(file).flatMap(({ target }) => target ?? [])]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const follow = (path: string, trail: string[]): void => {
    const seen = trail.indexOf(path);
    if (seen !== -1) cycles.push([...trail.slice(seen), path].join(' → '));
    if (seen !== -1 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) follow(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) follow(path, []);
  return cycles;
}

/** What loads together with `entry`: packages, built-ins and files, each with the file that imports it. */
function loadedWith(entry: string, files: readonly Source[]): Map<string, string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const loaded = new Map<string, string>();
  const seen = new Set<string>();
  const follow = (path: string): void => {
    const file = byPath.get(path);
    if (!file || seen.has(path)) return;
    seen.add(path);
    for (const found of importsOf(file)) {
      if (found.typeOnly || found.lazy) continue;
      const name = isBuiltIn(found.specifier) ? found.specifier : packageOf(found.specifier);
      loaded.set(found.target ?? name, path);
      if (found.target !== undefined) follow(found.target);
    }
  };
  follow(entry);
  return loaded;
}

/** `export * from`, which makes a name public without a decision. */
function starExports(source: Source): string[] {
  const stars = importsOf(source).filter(({ node }) => node.type === 'ExportAllDeclaration');
  return report(stars.map(({ node }) => violation(source, node, 'export * from: name every export.')));
}

describe('layers', () => {
  it('import only what the table in layers.ts allows', () => {
    expect(report(SRC.flatMap(layerViolations))).toEqual([]);
  });

  it('lie in the table only while their folder or file exists', () => {
    expect(Object.keys(LAYERS).filter((name) => !exists(`src/${name}`))).toEqual([]);
  });

  it('keep the pure layers free of Node built-ins', () => {
    expect(PURE_LAYERS.filter((name) => LAYERS[name]?.node)).toEqual([]);
  });

  it.each([
    ['src/core/a.ts', "import { readFileSync } from 'node:fs';"],
    ['src/core/a.ts', "import type { Stats } from 'fs';"],
    ['src/core/a.ts', "import type { Rule } from '../policy/rule.ts';"],
    ['src/core/a.ts', "export { z } from 'zod';"],
    ['src/policy/a.ts', "import { score } from '../evaluators/risk-scorer.ts';"],
    ['src/policy/a.ts', "const fs = require('fs');"],
    ['src/evaluators/a.ts', "type S = import('../stores/store.ts').Store;"],
    ['src/stores/memory.ts', "import { open } from './sqlite/open.ts';"],
    ['src/stores/sqlite/open.ts', "import { MemoryStore } from '../memory.ts';"],
    ['src/exporters/jsonl.ts', "import { ActionGuard } from '../guard.ts';"],
    ['src/limits/memory.ts', "import { MemoryStore } from '../stores/memory.ts';"],
    ['src/call/steps.ts', "import { MemoryStore } from '../stores/memory.ts';"],
    ['src/call/steps.ts', "import { ActionGuard } from '../guard.ts';"],
    ['src/guard.ts', "import { main } from './cli/main.ts';"],
    ['src/config/load.ts', "const { run } = await import('../cli/main.ts');"],
    ['src/core/a.ts', "import { x } from '../../test/seed.ts';"],
    ['src/newcomer/a.ts', 'export const x = 1;'],
  ])('refuse in %s: %s', (path, text) => {
    expect(layerViolations(parse(path, text))).toHaveLength(1);
  });

  it.each([
    ['src/core/a.ts', "import { worst } from './verdict.ts';"],
    ['src/policy/index/set.ts', "import { RE2Set } from 're2js';"],
    ['src/stores/sqlite/open.ts', "import { schema } from './schema.ts';"],
    ['src/stores/memory.ts', "import type { Store } from './store.ts';"],
    ['src/journal/writer.ts', "import type { Store } from '../stores/store.ts';"],
    ['src/exporters/jsonl.ts', "import { BoundedQueue } from './queue.ts';"],
    ['src/cli/main.ts', "import { Command } from 'commander';"],
  ])('allow in %s: %s', (path, text) => {
    expect(report(layerViolations(parse(path, text)))).toEqual([]);
  });
});

describe('import cycles', () => {
  it('do not exist in src, type imports included', () => {
    expect(cyclesOf(SRC)).toEqual([]);
  });

  it('do not exist among tests, benchmarks, examples and scripts', () => {
    expect(cyclesOf(sources('test', 'bench', 'examples', 'scripts'))).toEqual([]);
  });

  it('are found when one of the imports is a type import', () => {
    const a = parse('src/core/a.ts', "import type { B } from './b.ts'; export interface A { b: B }");
    const b = parse('src/core/b.ts', "import { a } from './a.ts'; export type B = typeof a;");
    expect(cyclesOf([a, b])).toEqual(['src/core/a.ts → src/core/b.ts → src/core/a.ts']);
  });
});

describe("import 'plyra-guard'", () => {
  it('loads nothing that is needed on first use only', () => {
    const loaded = loadedWith('src/index.ts', SRC);
    const isLate = (name: string): boolean =>
      LOADED_ON_FIRST_USE.some((late) => name === late || (late.endsWith('/') && name.startsWith(late)));
    expect([...loaded].filter(([name]) => isLate(name))).toEqual([]);
    expect(loaded.has('src/guard.ts')).toBe(true);
  });

  it('is followed through files, but not through type imports and import()', () => {
    const files = [
      parse('src/index.ts', "export { a } from './a.ts'; import type { T } from 'yaml'; export type U = T;"),
      parse(
        'src/a.ts',
        "import { z } from 'zod/v4'; export const a = () => import('commander').then(() => z);",
      ),
    ];
    expect([...loadedWith('src/index.ts', files)]).toEqual([
      ['src/a.ts', 'src/index.ts'],
      ['zod', 'src/a.ts'],
    ]);
  });
});

describe('src/index.ts', () => {
  const index = SRC.filter(({ path }) => path === 'src/index.ts');

  it('names every export', () => {
    expect(index.flatMap(starExports)).toEqual([]);
  });

  it('only exports: it declares nothing of its own', () => {
    const own = index.flatMap((file) =>
      importlessStatements(file).map(
        (type) => `${file.path} holds a ${type}: put it into a file of its layer.`,
      ),
    );
    expect(own).toEqual([]);
  });

  it('is refused with a star export', () => {
    expect(starExports(parse('src/index.ts', "export * from './guard.ts';"))).toHaveLength(1);
    expect(starExports(parse('src/index.ts', "export { ActionGuard } from './guard.ts';"))).toEqual([]);
  });

  it('is refused with a declaration', () => {
    expect(importlessStatements(parse('src/index.ts', 'export const x = 1;'))).toEqual([
      'ExportNamedDeclaration',
    ]);
  });
});

/** Statements of a file that are no import or export from elsewhere. */
function importlessStatements(source: Source): string[] {
  const body = (source.program as unknown as { body: Source['program'][] }).body;
  return body.filter((statement) => !child(statement, 'source')).map(({ type }) => type);
}
