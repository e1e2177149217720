import { describe, expect, test } from 'vitest';
import { compileCondition } from '../../../src/policy/conditions/compile.ts';
import { ConditionRuntimeError } from '../../../src/policy/conditions/errors.ts';
import { scopeOf } from './scope-of.ts';

/** 'true', 'false' or 'error'. */
function outcome(source: string, parameters: Readonly<Record<string, unknown>>): string {
  try {
    return String(compileCondition(source).evaluate(scopeOf(parameters)));
  } catch (error) {
    if (error instanceof ConditionRuntimeError) return 'error';
    throw error;
  }
}

class Opaque {
  readonly x = 1;
}

const VALUES: Readonly<Record<string, unknown>> = {
  missing: undefined,
  none: null,
  empty: '',
  text: '/etc/passwd',
  digits: '500',
  int: 500,
  float: 0.5,
  big: 10n ** 30n,
  nan: Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  bool: true,
  list: ['/etc/passwd'],
  dict: { '/etc/passwd': 1 },
  map: new Map([['/etc/passwd', 1]]),
  set: new Set(['/etc/passwd']),
  date: new Date(0),
  instance: new Opaque(),
  function: () => 1,
  bytes: new Uint8Array([1]),
};

const T = 'true';
const F = 'false';
const E = 'error';
/** One column per value above, in order. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  //                              miss none '' text digits int float big nan inf bool list dict map set date inst func bytes
  'parameters.v > 100': [F, E, E, E, E, T, F, T, E, T, F, E, E, E, E, E, E, E, E],
  'not parameters.v <= 100': [T, E, E, E, E, T, F, T, E, T, F, E, E, E, E, E, E, E, E],
  "parameters.v < 'a'": [F, E, T, T, T, E, E, E, E, E, E, E, E, E, E, E, E, E, E],
  "parameters.v == ''": [T, F, T, F, F, F, F, F, E, F, F, E, E, E, E, E, E, E, E],
  "parameters.v != 'x'": [T, T, T, T, T, T, T, T, E, T, T, E, E, E, E, E, E, E, E],
  'parameters.v == None': [F, T, F, F, F, F, F, F, E, F, F, F, F, F, F, F, F, F, F],
  'parameters.v == 500': [F, F, F, F, F, T, F, F, E, F, F, F, F, F, F, E, E, E, E],
  "parameters.v not in ('a', 1)": [T, T, T, T, T, T, T, T, E, T, F, E, E, E, E, E, E, E, E],
  'parameters.v in [1, None]': [F, T, F, F, F, F, F, F, E, F, T, F, F, F, F, E, E, E, E],
  "'/etc/passwd' == parameters.v": [F, F, F, T, F, F, F, F, E, F, F, E, E, E, E, E, E, E, E],
  "'/etc/passwd' in [parameters.v]": [F, F, F, T, F, F, F, F, F, F, F, E, E, E, E, E, E, E, E],
  'parameters.v': [F, F, F, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T],
  "parameters.v in ['', '500', 500]": [F, F, T, F, T, T, F, F, E, F, F, E, E, E, E, E, E, E, E],
  "parameters.v not in ['a']": [T, T, T, T, T, T, T, T, E, T, T, E, E, E, E, E, E, E, E],
  "'/etc/passwd' in parameters.v": [F, E, F, T, F, E, E, E, E, E, E, T, T, T, T, E, E, E, E],
  "parameters.v.contains('/etc/passwd')": [F, E, F, T, F, E, E, E, E, E, E, T, T, T, T, E, E, E, E],
  "parameters.v.startswith('/etc')": [F, E, F, T, F, E, E, E, E, E, E, E, E, E, E, E, E, E, E],
  "parameters.v.lower() == ''": [T, E, T, F, F, E, E, E, E, E, E, E, E, E, E, E, E, E, E],
  'len(parameters.v) == 0': [T, E, T, F, F, E, E, E, E, E, E, F, F, F, F, E, E, E, E],
  'int(parameters.v) > 100': [F, E, E, E, T, T, F, T, E, E, F, E, E, E, E, E, E, E, E],
  'isinstance(parameters.v, str)': [F, F, T, T, T, F, F, F, F, F, F, F, F, F, F, F, F, F, F],
  'isinstance(parameters.v, (int, float))': [F, F, F, F, F, T, T, T, T, T, T, F, F, F, F, F, F, F, F],
  'parameters.v.key == 1': [F, E, E, E, E, E, E, E, E, E, E, E, F, F, E, E, E, E, E],
  "parameters.v['/etc/passwd'] == 1": [F, E, E, E, E, E, E, E, E, E, E, E, T, T, E, E, E, E, E],
  "parameters.v.get('/etc/passwd') == 1": [F, E, E, E, E, E, E, E, E, E, E, E, T, T, E, E, E, E, E],
  "any(x == '/etc/passwd' for x in parameters.v)": [F, E, E, E, E, E, E, E, E, E, E, T, T, T, T, E, E, E, E],
  'any(parameters.v)': [F, E, E, E, E, E, E, E, E, E, E, T, T, T, T, E, E, E, E],
  'max(parameters.v) == 1': [F, E, E, E, E, E, E, E, E, E, E, F, F, F, F, E, E, E, E],
  'max(parameters.v, parameters.missing) > 100': [F, E, E, E, E, T, F, T, E, T, F, E, E, E, E, E, E, E, E],
  'max([500, parameters.v]) > 100': [T, E, E, E, E, T, T, T, E, T, T, E, E, E, E, E, E, E, E],
  'min(parameters.v, 5) > 1': [T, E, E, E, E, T, F, T, E, T, F, E, E, E, E, E, E, E, E],
  'max(parameters.v, 1) == 1': [T, E, E, E, E, F, T, F, E, F, T, E, E, E, E, E, E, E, E],
  'matches(parameters.v, r"^/etc/")': [F, E, F, T, F, E, E, E, E, E, E, E, E, E, E, E, E, E, E],
  'glob(parameters.v, "/etc/*")': [F, E, F, T, F, E, E, E, E, E, E, E, E, E, E, E, E, E, E],
  'is_sensitive_path(parameters.v)': [F, E, F, T, F, E, E, E, E, E, E, E, E, E, E, E, E, E, E],
};

describe.each(Object.entries(TABLE))('%s', (source, expected) => {
  test.each(Object.keys(VALUES).map((name, i) => [name, expected[i]]))('%s: %s', (name, wanted) => {
    expect(outcome(source, { v: VALUES[name ?? ''] })).toBe(wanted);
  });
});

test('an absent parameter is as one that is undefined', () => {
  for (const [source, [first]] of Object.entries(TABLE))
    expect([source, outcome(source, {})]).toEqual([source, first]);
});

describe('a value', () => {
  test.each([
    ['parameters.a.b.c', {}, F],
    ["parameters.a.b == ''", { a: {} }, T],
    ['parameters.a.b', { a: null }, E],
    ['parameters.l[5] == 1', { l: [1] }, F],
    ['parameters.l[-1] == 2', { l: [1, 2] }, T],
    ["parameters.l['x']", { l: [1] }, E],
    ['parameters.hasOwnProperty', {}, F],
    ["parameters['__proto__'] == ''", {}, T],
    ["parameters['constructor'] == ''", {}, T],
    ['parameters.toString', {}, F],
    ["'constructor' in parameters", {}, F],
    ["parameters.get('x') == None", {}, T],
    ["parameters.get('x', 3) == 3", {}, T],
    ['parameters.n == 9007199254740993', { n: 9007199254740993n }, T],
    ['parameters.n == 9007199254740992', { n: 9007199254740993n }, F],
    ['parameters.n > 9007199254740992', { n: 9007199254740993n }, T],
    ["int('9007199254740993') == 9007199254740993", {}, T],
    ["float(' 1_0.5e1 ') == 105 and float('.5') == 0.5 and float('5.') == 5", {}, T],
    ["float('1__0')", {}, E],
    ["float('nan') < 1", {}, E],
    ["int(' -1_0 ') == -10", {}, T],
    ["int('1.5')", {}, E],
    ['max([parameters.x, parameters.y]) > 1', {}, F],
    ["max(parameters.x, parameters.y) == ''", {}, T],
    ['max(parameters.l) > 100', { l: [undefined, 500, undefined] }, T],
    ['max(parameters.l) > 100', { l: [] }, E],
    ['parameters.l == parameters.l', { l: [[1, 'a'], 2] }, T],
    ["parameters.l == ['a', ['b']]", { l: ['a', 'b'] }, F],
    ["parameters.l in [['a'], 'b']", { l: ['a'] }, T],
    ["parameters.x in ['a', parameters.y]", { x: 'a', y: ['b'] }, T],
    ['parameters.x == parameters.y', { x: 'a', y: ['a'] }, E],
    ['parameters.x in parameters.l', { x: 'a', l: [['a'], null, 'a'] }, T],
    ["'a' == parameters.x == 'b'", { x: ['a'] }, E],
    ['parameters.x == 1', { x: Number.NaN }, E],
    ['1 in parameters.l', { l: [Number.NaN] }, E],
    ['parameters.x in parameters.d', { x: Number.NaN, d: new Map([[Number.NaN, 1]]) }, E],
    ["any(a == 'x' for a, b in parameters.l)", { l: ['xy'] }, E],
    ['1 == True and 0 == False and 1.0 == 1', {}, T],
    ['[1, [True]] == [1.0, [1]] and (1,) != [1]', {}, T],
    [
      "parameters.d == parameters.e and {'a', 1} == {1, 'a'}",
      {
        d: { a: 1, b: [2] },
        e: new Map<string, unknown>([
          ['b', [2]],
          ['a', 1],
        ]),
      },
      T,
    ],
    ['0 < parameters.n <= 10 < 11', { n: 10 }, T],
    [
      "str(parameters.v) == \"{'k': ['v', None, True, 1, 0.5, \\\"it's\\\"]}\"",
      { v: { k: ['v', null, true, 1, 0.5, "it's"] } },
      T,
    ],
    ["str(parameters.x) == ''", {}, T],
    ["any(k == 'a' and v > 1 for k, v in parameters.d.items())", { d: { a: 2 } }, T],
    ['all(x > 1 for x in parameters.l if x != 0)', { l: [0, 2, 3] }, T],
    ['len(parameters.s) == 1', { s: '😀' }, T],
    ["parameters.s > '\\uffee'", { s: '😀' }, T],
  ])('%s', (source, parameters, wanted) => {
    expect(outcome(source, parameters as Record<string, unknown>)).toBe(wanted);
  });

  test('that the loops of a condition multiply runs into an error, not into a wait', () => {
    const l = Array.from({ length: 2_000 }, (_, i) => i);
    expect(
      outcome('any(a == -1 for a in parameters.l for b in parameters.l for c in parameters.l)', { l }),
    ).toBe(E);
  });

  test('that is cyclic is an error where it is compared or printed', () => {
    const a: unknown[] = [];
    a.push(a);
    const b: unknown[] = [];
    b.push(b);
    expect(outcome('parameters.a == parameters.b', { a, b })).toBe(E);
    expect(outcome("str(parameters.a) == ''", { a })).toBe(E);
  });

  test('that the condition does not ask for is not read', () => {
    const scope = scopeOf({ a: 1 });
    const lazy = {
      get parameters() {
        return scope.parameters;
      },
      get agent(): never {
        throw new Error('asked');
      },
    };
    const watched = Object.create(scopeOf(), Object.getOwnPropertyDescriptors(lazy));
    expect(compileCondition('parameters.a == 1 or agent.violations > 1').evaluate(watched)).toBe(true);
    expect(() => compileCondition('agent.violations > 1').evaluate(watched)).toThrow(ConditionRuntimeError);
  });

  test.each([
    ["parameters.cmd == 'rm'", '`parameters.cmd` is a list where text is compared'],
    ["'rm' != parameters.cmd", '`parameters.cmd` is a list where text is compared'],
    ["parameters.cmd in ('rm', 'dd')", '`parameters.cmd` is a list where text is compared'],
    ["'a' <= 'b' == parameters.cmd", '`parameters.cmd` is a list where text is compared'],
    ["parameters.bytes == 'rm'", '`parameters.bytes` is a value that conditions cannot read where text is'],
    ["any(x == 'a' for x in parameters.text)", 'this loops over the characters of a text'],
    ['parameters.nan in [1, 2]', 'NaN cannot be compared'],
  ])('names what has the wrong shape: %s', (source, message) => {
    const scope = scopeOf({ cmd: ['rm'], bytes: new Uint8Array(1), text: 'a', nan: Number.NaN });
    expect(() => compileCondition(source).evaluate(scope)).toThrow(message);
  });

  test('names the failing part of the condition in its error', () => {
    const condition = compileCondition("action_type == 'file.write' and parameters.amount > 100");
    expect(() => condition.evaluate(scopeOf({ amount: '500' }))).toThrow(
      '`>` is not defined between str and int (in `parameters.amount > 100`)',
    );
  });
});
