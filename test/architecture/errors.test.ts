import { describe, expect, it } from 'vitest';
import { child, field, list, type Node, nameOf, parse, type Source } from './ast.ts';
import { read } from './repository.ts';

/** The names that a file exports, its own and those of other files. */
function exportedNames(source: Source): string[] {
  return list(source.program, 'body').flatMap((statement) =>
    [
      nameOf(child(child(statement, 'declaration'), 'id')) ?? [],
      ...list(statement, 'specifiers').map((specifier) => nameOf(child(specifier, 'exported')) ?? []),
    ].flat(),
  );
}

/** What the documentation must say about an exported error class. */
interface ErrorClass {
  readonly name: string;
  readonly code: string;
  /** Its own public fields, beside those that it inherits. */
  readonly fields: readonly string[];
}

/** The exported classes of a file, as the documentation must show them. */
function errorClasses(source: Source): ErrorClass[] {
  const exported = list(source.program, 'body').map((statement) => child(statement, 'declaration'));
  return exported
    .filter((node): node is Node => node?.type === 'ClassDeclaration')
    .map((node) => {
      const members = list(child(node, 'body'), 'body').filter(({ type }) => type === 'PropertyDefinition');
      const isStatic = (member: Node): boolean => field(member, 'static') === true;
      const statics = members.filter(isStatic);
      const code = statics.find((member) => nameOf(child(member, 'key')) === 'code');
      return {
        name: nameOf(child(node, 'id')) ?? '',
        code: nameOf(child(code, 'value')) ?? '',
        fields: members
          .filter((member) => !isStatic(member))
          .map((member) => nameOf(child(member, 'key')) ?? ''),
      };
    });
}

/** Where a page and the classes disagree. A section is `### Name`, with `Code: ` and every own field in backquotes. */
function disagreements(page: string, classes: readonly ErrorClass[]): string[] {
  const sections = new Map(
    page
      .split(/^### /m)
      .slice(1)
      .map((section) => [section.split('\n')[0]?.trim() ?? '', section] as const),
  );
  const known = new Set(classes.map(({ name }) => name));
  const extra = [...sections.keys()]
    .filter((name) => !known.has(name))
    .map((name) => `${name} is no error class.`);
  const missing = classes.flatMap(({ name, code, fields }) => {
    const section = sections.get(name);
    if (section === undefined) return [`${name} has no section.`];
    const codeLine = section.includes(`\nCode: \`${code}\``) ? [] : [`${name} must say: Code: \`${code}\``];
    const unnamed = fields.filter((own) => !section.includes(`\`${own}\``));
    return [...codeLine, ...unnamed.map((own) => `${name} does not mention its field \`${own}\`.`)];
  });
  return [...extra, ...missing];
}

const ERROR_FILES = ['src/core/errors.ts', 'src/core/refusals.ts'] as const;

describe('docs/errors.md', () => {
  const classes = ERROR_FILES.flatMap((path) => errorClasses(parse(path, read(path))));

  it('describes every error class with its code and fields, and no other', () => {
    expect(classes.length).toBeGreaterThan(20);
    expect(disagreements(read('docs/errors.md'), classes)).toEqual([]);
  });

  it('can rely on codes that are unlike', () => {
    const codes = classes.map(({ code }) => code);
    expect(codes.filter((code, at) => !/^[A-Z_]+$/.test(code) || codes.indexOf(code) !== at)).toEqual([]);
  });
});

describe('the public doors', () => {
  const names = ERROR_FILES.flatMap((path) => errorClasses(parse(path, read(path)))).map(({ name }) => name);
  const manifest = JSON.parse(read('package.json')) as { exports: Record<string, { default: string }> };

  it.each(['.', './errors'])('of %s export every error class', (door) => {
    const built = manifest.exports[door]?.default ?? '';
    const path = built.replace('./dist/', 'src/').replace(/\.js$/, '.ts');
    const exported = exportedNames(parse(path, read(path)));
    expect(names.filter((name) => !exported.includes(name))).toEqual([]);
  });

  it('are read with their own exports and those that they pass on', () => {
    const text =
      "export { A, type B } from './a.ts'; export class C {} export function d() {} const e = 1; export { e };";
    expect(exportedNames(parse('src/index.ts', text))).toEqual(['A', 'B', 'C', 'd', 'e']);
  });
});

describe('the check of docs/errors.md', () => {
  const source = `export class AError extends Error {
    static readonly code: string = 'A';
    readonly limit: string = '';
  }`;
  const classes = errorClasses(parse('src/core/errors.ts', source));

  it('reads name, code and fields of a class', () => {
    expect(classes).toEqual([{ name: 'AError', code: 'A', fields: ['limit'] }]);
  });

  it.each([
    ['', 'AError has no section.'],
    ['### AError\n\nCode: `B`. Field `limit`.', 'AError must say: Code: `A`'],
    ['### AError\n\nCode: `A`.', 'AError does not mention its field `limit`.'],
    ['### AError\n\nCode: `A`. Field `limit`.\n\n### BError\n', 'BError is no error class.'],
  ])('finds what is wrong in %j', (page, problem) => {
    expect(disagreements(page, classes)).toEqual([problem]);
  });

  it('accepts a page that says it all', () => {
    expect(disagreements('# Errors\n\n### AError\n\nCode: `A`. Field `limit`.\n', classes)).toEqual([]);
  });
});
