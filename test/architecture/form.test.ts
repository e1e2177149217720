import { describe, expect, it } from 'vitest';
import { parse, report, type Source, type Violation } from './ast.ts';
import {
  anyViolations,
  assertionViolations,
  commentViolations,
  fileSizeViolations,
  functionSizeViolations,
  MAX_FILE_LINES,
  MAX_FUNCTION_LINES,
  nameViolations,
  unrunTestViolations,
} from './form.ts';
import { CODE_FOLDERS, sources } from './repository.ts';

const ALL = sources(...CODE_FOLDERS);
const inSrc = ({ path }: Source): boolean => path.startsWith('src/');

type Check = (source: Source) => Violation[];
const found = (check: Check, files: readonly Source[]): string[] => report(files.flatMap(check));
const broken = (check: Check, text: string, path = 'src/core/a.ts'): number =>
  check(parse(path, text)).length;

/** `// biome-ignore lint/rule: reason`, put together so that the linter does not take it for its own. */
const suppression = (rest: string): string =>
  `// ${['biome', 'ignore'].join('-')} ${rest}\nexport const a = 1;`;
const expectError = (rest: string): string =>
  `// ${['@ts', 'expect', 'error'].join('-')}${rest}\nexport const a = 1;`;
const note = ['TO', 'DO'].join('');

describe('files', () => {
  it('of src, tests, benchmarks, examples and scripts are read', () => {
    expect(ALL.length).toBeGreaterThan(20);
  });

  it(`have at most ${MAX_FILE_LINES} lines`, () => {
    expect(found(fileSizeViolations, ALL)).toEqual([]);
    expect(broken(fileSizeViolations, 'export {};\n'.repeat(MAX_FILE_LINES))).toBe(0);
    expect(broken(fileSizeViolations, 'export {};\n'.repeat(MAX_FILE_LINES + 1))).toBe(1);
  });

  it('and classes have names that say what they are', () => {
    expect(found(nameViolations, ALL)).toEqual([]);
    for (const path of ['src/core/utils.ts', 'src/helpers/a.ts', 'src/types.ts', 'test/helper.ts']) {
      expect(broken(nameViolations, 'export {};', path)).toBe(1);
    }
    expect(broken(nameViolations, 'export class RuleManager {}')).toBe(1);
    expect(broken(nameViolations, 'export const C = class ToolController {};')).toBe(1);
    expect(broken(nameViolations, 'export class Policy {}', 'src/policy/types-of-python.ts')).toBe(0);
  });
});

describe('functions', () => {
  const long = (lines: number): string => `export const f = () => {\n${'g();\n'.repeat(lines - 2)}};`;

  it(`in src have at most ${MAX_FUNCTION_LINES} lines`, () => {
    expect(found(functionSizeViolations, ALL.filter(inSrc))).toEqual([]);
    expect(broken(functionSizeViolations, long(MAX_FUNCTION_LINES))).toBe(0);
    expect(broken(functionSizeViolations, long(MAX_FUNCTION_LINES + 1))).toBe(1);
    expect(broken(functionSizeViolations, `export class C { m() {\n${'g();\n'.repeat(60)}} }`)).toBe(1);
  });
});

describe('types', () => {
  it('are never any', () => {
    expect(found(anyViolations, ALL)).toEqual([]);
    expect(broken(anyViolations, 'export const f = (x: any) => x;')).toBe(1);
    expect(broken(anyViolations, 'export type T = Record<string, any[]>;')).toBe(1);
    expect(broken(anyViolations, "export const f = (x: unknown) => x as 'any';")).toBe(0);
  });

  it('are never asserted away', () => {
    expect(found(assertionViolations, ALL)).toEqual([]);
    expect(broken(assertionViolations, 'export const f = (x?: string) => x!.length;')).toBe(1);
    expect(broken(assertionViolations, 'export class C { name!: string; }')).toBe(1);
  });
});

describe('comments', () => {
  it('give the reason of a suppression and put nothing off', () => {
    expect(found(commentViolations, ALL)).toEqual([]);
  });

  it.each([
    suppression('lint/style/noNonNullAssertion'),
    suppression('lint/style/noNonNullAssertion: why'),
    suppression('lint:'),
    expectError(''),
    expectError(' --'),
    `// ${note}: later\nexport const a = 1;`,
    `/** ${note} */\nexport const a = 1;`,
  ])('are refused: %s', (text) => {
    expect(broken(commentViolations, text)).toBe(1);
  });

  it.each([
    suppression('lint/style/noNonNullAssertion: the loop above has set it'),
    expectError(' a string is no verdict'),
    '// What is still to do is none of this.\nexport const a = 1;',
  ])('are accepted: %s', (text) => {
    expect(broken(commentViolations, text)).toBe(0);
  });
});

describe('tests', () => {
  it('all run', () => {
    expect(found(unrunTestViolations, ALL)).toEqual([]);
  });

  it.each([
    "it.skip('a', () => {});",
    "test.only('a', () => {});",
    "describe.skip('a', () => {});",
    "it.todo('a');",
    "it.only.each([1])('a', () => {});",
    "describe.concurrent.skip('a', () => {});",
  ])('are refused: %s', (text) => {
    expect(broken(unrunTestViolations, text, 'test/a.test.ts')).toBe(1);
  });

  it('may be a method of another name', () => {
    expect(broken(unrunTestViolations, 'lines.skip(1); it.each([1])("a", () => {});', 'test/a.test.ts')).toBe(
      0,
    );
  });
});
