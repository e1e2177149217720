import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlain, readTagged } from '../../src/config/scalars.ts';
import { hasPyYaml, readWithPyYaml } from './pyyaml.ts';

const TABLE: readonly (readonly [string, string | number | boolean | null])[] = [
  ['yes', true],
  ['Yes', true],
  ['on', true],
  ['TRUE', true],
  ['no', false],
  ['Off', false],
  ['False', false],
  ['y', 'y'],
  ['N', 'N'],
  ['tRue', 'tRue'],
  ['~', null],
  ['null', null],
  ['NULL', null],
  ['', null],
  ['nULL', 'nULL'],
  ['0', 0],
  ['-0', 0],
  ['+1', 1],
  ['012', 10],
  ['-012', -10],
  ['08', '08'],
  ['0o17', '0o17'],
  ['0x1F', 31],
  ['0b101', 5],
  ['0x_', '0x_'],
  ['1_000', 1000],
  ['_1', '_1'],
  ['1:30', 90],
  ['-1:30', -90],
  ['190:20:30', 685230],
  ['190:20:30.15', 685230.15],
  ['1:60', '1:60'],
  ['0:30', '0:30'],
  ['1.', 1],
  ['.5', 0.5],
  ['-.5', '-.5'],
  ['.', '.'],
  ['1e3', '1e3'],
  ['1.0e3', '1.0e3'],
  ['1.0e+3', 1000],
  ['1.5E-1', 0.15],
  ['.inf', Number.POSITIVE_INFINITY],
  ['-.INF', Number.NEGATIVE_INFINITY],
  ['.nan', Number.NaN],
  ['2024-01-01', '2024-01-01'],
  ['=', '='],
  ['60/min', '60/min'],
];

describe('plain scalars', () => {
  it.each(TABLE)('reads %j as %j', (text, value) => {
    expect(readPlain(text)).toBe(value);
  });

  it('reads a number of absurd length as text', () => {
    expect(readPlain('1'.repeat(1000))).toBe('1'.repeat(1000));
  });
});

describe('tagged scalars', () => {
  it.each([
    ['str', '12', '12'],
    ['int', '12', 12],
    ['int', 'x', undefined],
    ['int', '1.5', undefined],
    ['float', '1', 1],
    ['bool', 'on', true],
    ['bool', '1', undefined],
    ['null', 'anything', null],
  ] as const)('!!%s %s', (tag, text, value) => {
    expect(readTagged(tag, text)).toBe(value);
  });
});

describe.runIf(hasPyYaml())('PyYAML as oracle (needs python3 with PyYAML)', () => {
  it('agrees on every entry of the table and on generated scalars', () => {
    const alphabet = fc.constantFrom(...'0123456789+-.:_eExobnfaynEINF~'.split(''));
    const generated = fc.sample(fc.string({ unit: alphabet, minLength: 1, maxLength: 9 }), 3000);
    const texts = [...TABLE.map(([text]) => text), ...generated];
    const disagreements = readWithPyYaml(texts).flatMap(([kind, value], i) => {
      const text = texts[i] ?? '';
      // Dates stay text here, and what PyYAML cannot read at all may be read.
      if (kind === 'other' || kind === 'error') return [];
      const ours = readPlain(text);
      return Object.is(ours, expected(kind, value)) ? [] : [{ text, kind, value, ours }];
    });
    expect(disagreements).toEqual([]);
  });
});

function expected(kind: string, value: string | boolean | null): unknown {
  if (kind === 'NoneType') return null;
  if (kind === 'int') return Number(value);
  if (kind !== 'float') return value;
  if (value === 'nan') return Number.NaN;
  return Number(String(value).replace('inf', 'Infinity'));
}
