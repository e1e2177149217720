import { describe, expect, it } from 'vitest';
import { PolicyParseError } from '../../src/core/errors.ts';
import { Rule } from '../../src/policy/rule.ts';
import type { RuleInput } from '../../src/policy/rule-input.ts';

const made = (more: object) => new Rule({ pattern: 'x', action: 'block', ...more } as RuleInput);

describe('Rule', () => {
  it.each([
    [{ defer_seconds: 5 }, 'A rule has no key `defer_seconds`. Did you mean `deferSeconds`?'],
    [{ escalate_to: 'dba' }, 'Did you mean `escalateTo`?'],
    [{ zzzzzzzz: 1 }, 'Known keys: pattern, action'],
    [JSON.parse('{"__proto__":1}'), 'A rule has no key `__proto__`.'],
    [{ constructor: 1 }, 'A rule has no key `constructor`.'],
  ])('has no unknown key: %o', (more, message) => {
    const input = Object.assign(Object.create(null), { pattern: 'x', action: 'block' });
    for (const [key, value] of Object.entries(more)) {
      Object.defineProperty(input, key, { value, enumerable: true });
    }
    expect(() => new Rule(input)).toThrow(PolicyParseError);
    expect(() => new Rule(input)).toThrow(message);
  });

  it.each(['5', -1, Number.NaN, Number.POSITIVE_INFINITY, true, {}])(
    'refuses %o as deferSeconds',
    (deferSeconds) => {
      expect(() => made({ deferSeconds })).toThrow("A rule's deferSeconds must be a number of seconds");
    },
  );

  it('takes null for a field that is left out', () => {
    expect(made({ deferSeconds: null, name: null })).toMatchObject({
      deferSeconds: undefined,
      name: undefined,
    });
  });

  it('carries where it was written', () => {
    const position = { file: 'a.yaml', line: 1, column: 2 };
    expect(made({ position }).position).toEqual(position);
  });

  it.each([
    [null, 'null'],
    [undefined, 'undefined'],
    ['x', 'string'],
    [[], 'a list'],
  ])('is not %o', (input, found) => {
    expect(() => new Rule(input as unknown as RuleInput)).toThrow(
      `A rule is an object with \`pattern\` and \`action\`, not ${found}.`,
    );
  });
});
