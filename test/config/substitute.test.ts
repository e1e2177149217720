import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { substitute } from '../../src/config/substitute.ts';

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

describe('substitution in YAML', () => {
  const load = (text: string, values: Record<string, string>) => parseConfig(text, { env: values });

  it('reads a plain scalar anew, and leaves a quoted one text', () => {
    const { settings } = load(`budget:\n  per_task: \${MAX}`, { MAX: '12.5' });
    expect(settings.budget.perTask).toBe(12.5);
    expect(() => load(`budget:\n  per_task: "\${MAX}"`, { MAX: '12.5' })).toThrow(/must be an amount in USD/);
  });

  it('reads digits as text where text is due', () => {
    const { settings } = load(`approvals:\n  webhook:\n    url: https://x.example\n    secret: \${S}\n`, {
      S: '0123',
    });
    expect(settings.approvals.webhook?.secret).toBe('0123');
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
