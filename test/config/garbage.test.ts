import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configFromObject, type GuardConfigInput, parseConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/core/errors.ts';
import { soakFactor } from '../seed.ts';

const pieces = fc.constantFrom(
  ...[
    'rules',
    'policies',
    'pattern',
    'condition',
    'extends',
    'name',
    'budget',
    'per_task',
    'agents',
    'tools',
  ],
  ...[
    ': ',
    ':',
    '- ',
    '? ',
    '\n',
    '\n  ',
    '\n    ',
    ' ',
    ', ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '|\n',
    '>-\n',
    '#',
  ],
  ...['&a ', '*a', '<<: *a', '!!int ', '!x ', '---\n', '...\n', '%YAML 1.1\n', '\\.', '\\x41', '\t', '\r\n'],
  ...[
    '1',
    '1e3',
    '.nan',
    'yes',
    '~',
    `\${X}`,
    `\${Y:-[}`,
    '(',
    'a == 1',
    '__proto__',
    'constructor',
    'ü',
    '\u2028',
  ],
);

function onlyConfigErrors(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).not.toBe('');
  }
}

describe('whatever is given', () => {
  it('text loads or is refused with a ConfigError', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        onlyConfigErrors(() => parseConfig(parts.join(''), { env: { X: '[a' } }));
      }),
      { numRuns: 1000 * soakFactor },
    );
  });

  it('so does an object', () => {
    const key = fc.constantFrom(
      'rules',
      'policies',
      'pattern',
      'name',
      'global',
      'budget',
      'agents',
      'id',
      'tools',
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.anything(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value')),
      ),
    }));
    fc.assert(
      fc.property(value, (config) => onlyConfigErrors(() => configFromObject(config as GuardConfigInput))),
      { numRuns: 500 * soakFactor },
    );
  });
});
