import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exists, ROOT, read } from '../architecture/repository.ts';
import { regionOf, type Snippet, snippetsOf } from './snippets.ts';

/** Languages whose snippets must be quotes of a program or a file that a test runs or reads. */
const QUOTED = new Set(['ts', 'typescript', 'js', 'javascript', 'yaml', 'yml']);

const PAGES = ['README.md', ...globSync('docs/**/*.md', { cwd: ROOT })].filter(
  (page) => !page.startsWith('docs/decisions/'),
);

/**
 * What is wrong with a snippet; `undefined` when nothing is. Markers: `region: file#name`, `file: path` (all of it),
 * `output: program` (what it prints).
 */
function problemOf({ language, text, marker }: Snippet): string | undefined {
  if (marker === undefined) return QUOTED.has(language) ? 'has no marker before it' : undefined;
  const [kind, source = ''] = marker.split(': ');
  const [path = '', name = ''] = source.split('#');
  if (!exists(path)) return `names ${path}, which does not exist`;
  if (kind === 'output') return sameText(text, run(path), `what ${path} prints`);
  if (kind === 'file') return sameText(text, read(path), path);
  if (kind !== 'region') return `has the unknown marker ${kind}`;
  const region = regionOf(read(path), name);
  return region === undefined ? `names ${source}, which does not exist` : sameText(text, region, source);
}

function sameText(text: string, original: string, where: string): string | undefined {
  return text.trimEnd() === original.trimEnd() ? undefined : `differs from ${where}`;
}

function run(path: string): string {
  return execFileSync(process.execPath, [path], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' });
}

describe('the snippets of README and docs', () => {
  it.each(PAGES)('are quotes of what runs: %s', (page) => {
    const problems = snippetsOf(read(page)).flatMap((snippet) => {
      const problem = problemOf(snippet);
      return problem === undefined ? [] : [`${page}:${snippet.line} ${problem}`];
    });
    expect(problems).toEqual([]);
  });
});

describe('the check of snippets', () => {
  const page = (marker: string, language: string, text: string): Snippet[] =>
    snippetsOf(`# Title\n\n${marker}\n\`\`\`${language}\n${text}\n\`\`\`\n`);

  it.each([
    ['', 'ts', 'const a = 1;'],
    ['<!-- region: examples/first.ts#nothing -->', 'ts', ''],
    ['<!-- region: examples/first.ts#first -->', 'ts', 'const guard = 1;'],
    ['<!-- region: examples/none.ts#first -->', 'ts', ''],
    ['<!-- file: examples/policy.yaml -->', 'yaml', 'rules: []'],
    ['<!-- quote: examples/policy.yaml -->', 'yaml', 'rules: []'],
  ])('finds: %s before %s', (marker, language, text) => {
    expect(page(marker, language, text).map(problemOf)).not.toEqual([undefined]);
  });

  it('passes quotes, and languages that quote nothing', () => {
    const region = regionOf(read('examples/first.ts'), 'first') ?? '';
    expect(page('<!-- region: examples/first.ts#first -->', 'ts', region).map(problemOf)).toEqual([
      undefined,
    ]);
    expect(page('', 'sh', 'npm test').map(problemOf)).toEqual([undefined]);
  });

  it('takes the common indentation of a region away', () => {
    expect(regionOf('f() {\n  // #region a\n  if (x) {\n    y();\n  }\n  // #endregion\n}', 'a')).toBe(
      'if (x) {\n  y();\n}',
    );
    expect(regionOf('# #region a\nx: 1\n# #endregion', 'a')).toBe('x: 1');
  });
});
