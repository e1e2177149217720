import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { substitute } from '../../src/config/substitute.ts';
import { readYamlData } from '../../src/config/yaml-data.ts';
import { compilePattern } from '../../src/policy/pattern/compile.ts';

const env = { NAME: 'x', EMPTY: '', NESTED: `\${NAME}` };

describe('substitution', () => {
  it.each([
    [`\${NAME}`, 'x'],
    [`a\${NAME}b\${NAME}`, 'axbx'],
    [`\${NOPE:-d}`, 'd'],
    [`\${EMPTY:-d}`, 'd'],
    [`\${NAME:-d}`, 'x'],
    [`\${EMPTY}`, ''],
    [`\${NOPE:-}`, ''],
    [`$\${NAME}`, `\${NAME}`],
    [`$\${NAME:-d}`, `\${NAME:-d}`],
    ['foo$', 'foo$'],
    [`a\${2}`, `a\${2}`],
    [`\${}`, `\${}`],
    [`\${NESTED}`, `\${NAME}`],
    ['$NAME', '$NAME'],
    [`$$\${NAME}`, `$\${NAME}`],
    [`\${NAME:-a\${NAME}`, 'x'],
    [`\${NOPE:-a\${NAME}b}`, `a\${NAMEb}`],
    [`\${NAME} \${NOPE:-d`, `x \${NOPE:-d`],
  ])('%s becomes %s', (text, result) => {
    expect(substitute(text, env)).toMatchObject({ text: result, missing: [] });
  });

  it('names what is missing, with its offset', () => {
    expect(substitute(`a \${NOPE} \${toString}`, env).missing).toEqual([
      { name: 'NOPE', offset: 2 },
      { name: 'toString', offset: 10 },
    ]);
  });
});

describe('a great many references that are never closed', () => {
  it('are left as they are, in a time that grows with the text and not with its square', () => {
    const text = `\${A:-`.repeat(1_000_000);
    expect(substitute(text, {})).toMatchObject({ text, changed: false });
    expect(readYamlData(`a: '${text.slice(0, 1_000_000)}'`, null, null).data).toEqual({
      a: text.slice(0, 1_000_000),
    });
  });
});

describe('substitution in YAML', () => {
  const load = (text: string, values: Record<string, string>) => parseConfig(text, { env: values });

  it('reads a plain scalar anew, and leaves a quoted one text', () => {
    const { settings } = load(`budget:\n  per_task: \${MAX}`, { MAX: '12.5' });
    expect(settings.budget.perTask).toBe(12.5);
    expect(() => load(`budget:\n  per_task: "\${MAX}"`, { MAX: '12.5' })).toThrow(/must be an amount in USD/);
  });

  it('reads digits as text where text is due', () => {
    const { settings } = load(`approvers:\n  - id: ann\n    public_key: \${S}\n`, { S: '0123' });
    expect(settings.approvers[0]?.publicKey).toBe('0123');
  });

  it('never adds structure', () => {
    const text = `rules:\n  - pattern: 'x'\n    action: block\n    reason: \${WHY}\n`;
    const why = 'y\n  - pattern: .*\n    action: allow';
    const [layer] = load(text, { WHY: why }).layers;
    expect(layer?.rules).toHaveLength(1);
    expect(layer?.rules[0]?.reason).toBe(why);
    expect(() => load(text, { WHY: '[a, b]' })).not.toThrow();
  });

  it('says how to write a variable between braces', () => {
    expect(() => load(`budget: {per_task: \${MAX}}`, { MAX: '1' })).toThrow(/write `\$\{…\}` in quotes/);
  });

  it('does not touch keys', () => {
    const { settings } = load(`tools:\n  \${NAME}: {a: path}\n`, { NAME: 'x' });
    expect(Object.keys(settings.tools)).toEqual([`\${NAME}`]);
  });

  it('leaves the text of a pattern, also in block scalars', () => {
    const [layer] = load(`rules:\n  - pattern: |-\n      ^a{2}$\n    action: block\n`, {}).layers;
    expect(layer?.rules[0]?.pattern).toBe('^a{2}$');
  });

  it('reports a missing variable at its place', () => {
    expect(() => load(`rules:\n  - pattern: 'a'\n    action: block\n    reason: see \${URL}\n`, {})).toThrow(
      /line 4, column 17: The environment variable `URL` is not set\./,
    );
  });

  it('never repeats a value of the environment in an error', () => {
    const wrong = () => load(`budget:\n  per_task: a \${SECRET}\n`, { SECRET: 'hunter2' });
    expect(wrong).toThrow(/not what `a \$\{SECRET\}` stands for/);
    expect(wrong).not.toThrow(/hunter2/);
  });
});

describe('variables in a pattern', () => {
  const patternOf = (pattern: string, values: Record<string, string>) =>
    parseConfig(`rules: [{pattern: '${pattern}', action: allow}]`, { env: values }).layers[0]?.rules[0]
      ?.pattern;
  const redaction = (values: Record<string, string>) =>
    parseConfig(`redaction: {patterns: ['\${A}']}`, { env: values }).settings.redaction.patterns;

  it('stand for their text, whatever a regular expression makes of it', () => {
    expect(patternOf(`^\${HOME}/.*$`, { HOME: '/h+(a' })).toBe('^/h\\+\\(a/.*$');
    expect(patternOf(`^\${HOME}`, { HOME: '|.*' })).toBe('^\\|\\.\\*');
    expect(patternOf(`^\${HOME:-a.b}`, {})).toBe('^a\\.b');
    expect(patternOf(`\${N}`, { N: '12' })).toBe('12');
    expect(redaction({ A: 'a.b' })).toEqual(['a\\.b']);
  });

  it('match that text', () => {
    for (let code = 0x20; code < 0x17f; code++) {
      const char = String.fromCharCode(code);
      if (/[\u007f-\u009f]/.test(char)) continue;
      const pattern = patternOf(`^(?:\${X}|[\${X}][\${X}])$`, { X: char }) ?? '';
      expect([compilePattern(pattern).test(char), compilePattern(pattern).test(char + char)]).toEqual([
        true,
        true,
      ]);
      expect(compilePattern(pattern).test('\u4e00')).toBe(false);
    }
  });

  it.each([{ HOME: '' }, { HOME: 'x', OTHER: '' }])('must not be empty: %j', (values) => {
    const name = values.HOME === '' ? 'HOME' : 'OTHER';
    expect(() => patternOf(`^\${${name}}`, values)).toThrow(
      new RegExp(`line 1, column 19: The environment variable \`${name}\` is empty`),
    );
    expect(() => patternOf(`^\${${name}:-}`, values)).toThrow(/is empty/);
    expect(patternOf(`^\${${name}:-/d}`, values)).toBe('^/d');
  });

  it('must not be empty in redaction either, nor in a pattern that is taken over by an alias', () => {
    expect(() => redaction({ A: '' })).toThrow(/`A` is empty/);
    const text = `name: &a '\${A}'\nrules: [{pattern: *a, action: allow}]`;
    expect(() => parseConfig(text, { env: { A: '' } })).toThrow(/`A` is empty/);
  });

  it('do not stand behind a backslash, which would undo the escaping', () => {
    expect(() => patternOf(`\\\${A}`, { A: '.*' })).toThrow(/A backslash in front of `\$\{A\}`/);
    expect(patternOf(`\\\\\${A}`, { A: '.' })).toBe('\\\\\\.');
    expect(patternOf(`\\$\${A}`, {})).toBe(`\\\${A}`);
  });

  it('stay as they are elsewhere', () => {
    const text = `rules: [{pattern: x, action: block, reason: 'a\${E}.\${V}'}]`;
    expect(parseConfig(text, { env: { E: '', V: '(.*)' } }).layers[0]?.rules[0]?.reason).toBe('a.(.*)');
  });
});
