import { describe, expect, it } from 'vitest';
import { PolicyParseError } from '../../src/core/errors.ts';
import { Policy, type PolicyOptions } from '../../src/policy/policy.ts';

const made = (options: object) => new Policy(options as PolicyOptions);
const named = (...names: string[]) => names.map((name) => ({ pattern: 'x', action: 'block' as const, name }));

describe('Policy', () => {
  it.each([
    [{ default_action: 'allow' }, 'A policy has no key `default_action`. Did you mean `defaultAction`?'],
    [{ naem: 'x' }, 'Did you mean `name`?'],
    [{ constructor: 1 }, 'A policy has no key `constructor`.'],
    [{ name: 5 }, "A policy's name must be a string, not number."],
    [{ rules: [null] }, 'A rule is an object with `pattern` and `action`, not null.'],
    [{ rules: new Array(1) }, 'A rule is an object with `pattern` and `action`, not undefined.'],
  ])('cannot be made of %o', (options, message) => {
    const make = () => made({ rules: [], ...options });
    expect(make).toThrow(PolicyParseError);
    expect(make).toThrow(message);
  });

  it.each([
    [
      ['x', 'x', 'x'],
      ['x', 'x#2', 'x#3'],
    ],
    [
      ['x', 'x#2', 'x'],
      ['x', 'x#2', 'x#3'],
    ],
    [
      ['x', 'x', 'x#2'],
      ['x', 'x#2', 'x#2#2'],
    ],
    [
      ['x#2', 'x', 'x', 'x'],
      ['x#2', 'x', 'x#3', 'x#4'],
    ],
  ])('tells the rules %j apart as %j', (names, unique) => {
    expect(new Policy({ rules: named(...names) }).ruleNames).toEqual(unique);
  });
});
