import { describe, expect, it } from 'vitest';
import { parse, report } from './ast.ts';
import { PURE_LAYERS } from './layers.ts';
import { purityViolations } from './purity.ts';
import { exists, sources } from './repository.ts';

const check = (text: string, path = 'src/core/a.ts'): string[] => report(purityViolations(parse(path, text)));

describe.each(PURE_LAYERS)('src/%s', (layer) => {
  it('is a function of its arguments: no clock, no randomness, no waiting, no state', () => {
    expect(exists(`src/${layer}`)).toBe(true);
    expect(report(sources(`src/${layer}`).flatMap(purityViolations))).toEqual([]);
  });
});

describe('the purity rule', () => {
  it.each([
    'export const now = () => Date.now();',
    'export const now = () => new Date();',
    'export const now = () => Date();',
    "export const now = () => Date['now']();",
    'export const parts = (p: [number]) => new Date(...p);',
    'const Clock = Date; export const now = (): number => new Clock().getTime();',
    'export const clock = { Date };',
    'export const id = () => Math.random();',
    "export const id = () => Math['random']();",
    'export const t = () => performance.now();',
    'export async function f(): Promise<void> {}',
    'export const f = async () => 1;',
    'export class C { async m() {} }',
    'export const f = () => Promise.resolve(1);',
    'export const f = (cb: () => void) => new Promise<void>(cb);',
    'export type P = Promise<number>;',
    'export const f = () => globalThis;',
    'export const env = () => process.env.HOME;',
    'export const f = (g: () => void) => setTimeout(g, 1);',
    "export const f = () => import('./b.ts');",
    "export const f = () => require('./b.ts');",
    'let count = 0; export const next = () => ++count;',
    'export let count = 0;',
    'var count = 0; export const next = () => ++count;',
    'const seen = new Map<string, string>(); export { seen };',
    'export const seen = new Set<string>();',
    'export const seen: Set<string> = new Set();',
    'const cache: WeakMap<object, string> = new WeakMap(); export { cache };',
    'export const words = [];',
    "export const words = ['a', 'b'];",
    "export const words: string[] = ['a'];",
    'export const words = new Array<string>(3);',
    "export const words = ['a'] as string[];",
    'export type T = Map<string, number>; export const table: T = new Map();',
    'export const table = { a: 1 };',
    'export const table = Object.create(null);',
    'export const table = Object.fromEntries([]);',
    'export const table = Object.freeze(new Map());',
    'const word = /\\w+/g; export const f = (t: string) => word.test(t);',
    'const word = /\\w+/gu; export const f = (t: string) => word.exec(t);',
    'export const word = /\\w+/g; export const f = () => word;',
    'export class C { static count = 0; }',
    'export class C { static readonly all = new Map<string, C>(); }',
  ])('refuses: %s', (text) => {
    expect(check(text).length).toBeGreaterThan(0);
  });

  it.each([
    'export interface I { readonly timestamp: Date }',
    'export const isDate = (value: unknown): value is Date => value instanceof Date;',
    'export const at = (ms: number): Date => new Date(ms);',
    'export const at = (): number => Date.UTC(2026, 0, 1);',
    'export const f = (call: { process: string; Date: number }): string => call.process;',
    'export const f = () => { let n = 0; n += 1; return new Map([[n, []]]); };',
    "export const WORDS = ['a', 'b'] as const;",
    "export const WORDS: readonly string[] = ['a'];",
    "export const WORDS = ['a'] as readonly string[];",
    "export const WORDS: ReadonlySet<string> = new Set(['a']);",
    'export const TABLE: ReadonlyMap<string, number> = new Map([["a", 1]]);',
    'export const TABLE: Readonly<Record<string, number>> = { a: 1 };',
    'export type T = ReadonlyMap<string, number>; export const TABLE: T = new Map();',
    'export const TABLE = Object.freeze({ a: 1 });',
    'export const WORD = /^\\w+$/u;',
    "const WORD = /\\w+/g; export const f = (t: string) => t.replace(WORD, '');",
    "export class C { static readonly code: string = 'X'; private readonly cache = new Map<string, string>(); }",
    'export const half = 1 / 2;',
  ])('allows: %s', (text) => {
    expect(check(text)).toEqual([]);
  });

  it('lets the evaluator interface alone speak of promises, and not use one', () => {
    expect(check('export interface E { e(): Promise<number> }', 'src/core/evaluator.ts')).toEqual([]);
    expect(check('export interface E { e(): Promise<number> }', 'src/core/result.ts')).toHaveLength(1);
    expect(check('export const p = () => Promise.resolve(1);', 'src/core/evaluator.ts')).toHaveLength(1);
  });

  it('names file, line and reason', () => {
    expect(check('\n\nexport const f = () => Math.random();')).toEqual([
      'src/core/a.ts:3 Math.random: randomness comes in as an argument.',
    ]);
  });
});
