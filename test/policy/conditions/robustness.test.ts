import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileCondition } from '../../../src/policy/conditions/compile.ts';
import { ConditionRuntimeError, ConditionSyntaxError } from '../../../src/policy/conditions/errors.ts';
import { soakFactor } from '../../seed.ts';
import { scopeOf } from './scope-of.ts';

const word = fc.constantFrom(
  ...'parameters action_type agent.id agent . , ( ) [ ] { } : == != < <= > >= in not and or if else for is True False None'.split(
    ' ',
  ),
  ...'len( str( int( float( any( all( min( max( abs( isinstance( matches( glob( contains_pii( is_private_host('.split(
    ' ',
  ),
  ...'.a .b .startswith( .split( .get( .items() .lower() .contains( .strip() [0] [-1] [1:] x for'.split(' '),
  ...[
    "'a'",
    "''",
    '1',
    '-1',
    '2.5',
    "r'\\d'",
    '"/etc"',
    "'*'",
    'lambda',
    '__class__',
    '=',
    '&&',
    '#',
    '\\',
    '"',
    "'",
    '\n',
    'é',
  ],
);

/** Evaluates `source` if it compiles; throws only if something other than the two errors came out. */
function survives(source: string, parameters: Readonly<Record<string, unknown>>): boolean {
  let compiled: ReturnType<typeof compileCondition>;
  try {
    compiled = compileCondition(source);
  } catch (error) {
    if (!(error instanceof ConditionSyntaxError)) throw error;
    expect(error.offset).toBeGreaterThanOrEqual(0);
    expect(error.offset + error.length).toBeLessThanOrEqual(source.length + 1);
    return false;
  }
  const scope = scopeOf(parameters);
  let result: boolean | null;
  try {
    result = compiled.evaluate(scope);
  } catch (error) {
    if (!(error instanceof ConditionRuntimeError)) throw error;
    result = null;
  }
  const last = compiled.trace(scope).at(-1);
  // The whole condition is the last step unless it is a choice, whose branches are listed instead.
  if (result === null || last?.result === null) expect(last?.result ?? null).toBe(result);
  return true;
}

const value = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withNullPrototype: true,
});

test('no text makes compiling throw anything but a syntax error', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string({ unit: 'binary' }),
        fc.array(word, { maxLength: 20 }).map((w) => w.join(' ')),
      ),
      (source) => {
        survives(source, { a: '/etc', b: [1] });
      },
    ),
    { numRuns: 5_000 * soakFactor },
  );
});

const operand = fc.constantFrom(
  'parameters.a',
  'parameters.b',
  'parameters.a.b',
  'parameters.a[0]',
  'parameters.a[-1:]',
  "parameters['b']",
  'parameters',
  "'a'.lower()",
  '(1)',
  'None',
  '[1, parameters.a]',
  '(parameters.b,)',
  '{parameters.a, 1}',
  '[x for x in parameters.a]',
  'principal',
  'tags',
);
const call = fc.constantFrom(
  ...'len(@) str(@) int(@) float(@) bool(@) abs(@) any(@) all(@) min(@) max(@,1) contains_pii(@) is_sensitive_path(@)'.split(
    ' ',
  ),
  ...'is_private_host(@) @.lower() @.upper() @.strip(@) @.split(@) @.get(@) @.keys() @.values() @.items() @.contains(@)'.split(
    ' ',
  ),
  ...[
    '@.startswith(@)',
    '@.endswith(@, 1)',
    "glob(@, '*a?')",
    "matches(@, 'a+')",
    'isinstance(@, (str, dict))',
    '@',
  ],
  ...['any(x == @ for x in @)', 'all(k < v for k, v in @)', '@[@]', '@[@:]', '(@ if @ else @)'],
);
const operator = fc.constantFrom('==', '!=', '<', '<=', '>', '>=', 'in', 'not in', 'and', 'or');
const filled = fc
  .tuple(call, fc.array(operand, { minLength: 3, maxLength: 3 }))
  .map(([pattern, operands]) => {
    let i = 0;
    return pattern.replace(/@/g, () => operands[i++] ?? '(1)');
  });

test('no arguments make evaluating throw anything but a run-time error', () => {
  fc.assert(
    fc.property(filled, operator, filled, value, value, (left, op, right, a, b) => {
      expect(survives(`${left} ${op} ${right}`, { a, b })).toBe(true);
    }),
    { numRuns: 5_000 * soakFactor },
  );
});

test('nothing of a prototype is ever reached', () => {
  for (const name of ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'isPrototypeOf', 'length']) {
    for (const parameters of [{}, { a: {} }, { a: Object.create({ [name]: 'inherited' }) }]) {
      const scope = scopeOf(parameters);
      expect(compileCondition(`parameters.${name}`).evaluate(scope)).toBe(false);
      expect(compileCondition(`'${name}' in parameters`).evaluate(scope)).toBe(false);
    }
    expect(compileCondition(`parameters.a.${name}`).evaluate(scopeOf({ a: {} }))).toBe(false);
    expect(compileCondition(`parameters.a.${name} == ''`).evaluate(scopeOf({ a: new Map() }))).toBe(true);
  }
  const polluted = JSON.parse('{"__proto__": {"admin": true}, "a": 1}') as Record<string, unknown>;
  expect(compileCondition('parameters.admin').evaluate(scopeOf(polluted))).toBe(false);
  expect(compileCondition("parameters['__proto__']['admin']").evaluate(scopeOf(polluted))).toBe(true);
});

test('a linear scan of very long text stays within the steps of one evaluation', () => {
  const a = 'x'.repeat(5_000_000);
  expect(
    compileCondition("'secret' in parameters.a or parameters.a.lower().endswith('y')").evaluate(
      scopeOf({ a }),
    ),
  ).toBe(false);
  expect(() =>
    compileCondition('parameters.a in parameters.b').evaluate(scopeOf({ a, b: `${a}y${a}` })),
  ).toThrow('steps');
});

test('a loop that looks at a large dict in every pass pays for it', () => {
  const d = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, i]));
  const parameters = { d, e: { ...d, k0: 1 }, l: Array.from({ length: 50_000 }, (_, i) => i) };
  for (const each of [
    'parameters.d',
    'len(parameters.d) > 0',
    'not parameters.d or True',
    'parameters.d != parameters.e',
  ]) {
    const condition = compileCondition(`all(${each} for x in parameters.l)`);
    expect(() => condition.evaluate(scopeOf(parameters))).toThrow('steps');
  }
});

test.each([
  [1_000, 'parameters.x in parameters.t'],
  [1_000, 'parameters.t.contains(parameters.x)'],
  [1_000, 'parameters.late in parameters.t'],
  [60, 'parameters.t.split(parameters.late) == 1'],
  [5_000, 'parameters.t == parameters.u'],
  [5_000, 'parameters.t in [parameters.u]'],
  [5_000, 'parameters.t.startswith(parameters.u)'],
  [5_000, 'parameters.t.endswith(parameters.v)'],
  [100, "parameters.e[1] == 'x'"],
  [100, "parameters.e[1:2] == 'x'"],
  [100, 'len(parameters.e) == 1'],
  [100, "parameters.e.startswith('x', 1)"],
  [1_000, 'is_private_host(parameters.host)'],
  [1_000, "glob(parameters.t, '*aaaaab?*')"],
  [100, `glob(parameters.t, '*b${'a'.repeat(9_000)}?*')`],
  [100, `glob(parameters.t, '*${'[ab]'.repeat(60)}c*')`],
  [20_000, "str(parameters.big) == 'x'"],
])('that a loop does the same %d times is paid for at its worst price: %s', (times, each) => {
  const n = 200_000;
  const parameters = {
    l: Array.from({ length: times }, (_, i) => i),
    x: `${'a'.repeat(60)}b`,
    t: 'a'.repeat(n),
    u: `${'a'.repeat(n - 1)}b`,
    v: `b${'a'.repeat(n - 1)}`,
    late: `b${'a'.repeat(400)}`,
    e: '\u{1f600}'.repeat(n / 2),
    host: `http://example.com/${'a'.repeat(60_000)}`,
    big: 10n ** 4_000n,
  };
  const condition = compileCondition(`any(${each} for _ in parameters.l)`);
  expect(() => condition.evaluate(scopeOf(parameters))).toThrow('steps');
});

test('an int of more digits than Python prints has no text', () => {
  const scope = scopeOf({ n: 10n ** 5_000n });
  expect(() => compileCondition("str(parameters.n) == ''").evaluate(scope)).toThrow('4300 digits');
  expect(() => compileCondition('contains_pii(parameters.n)').evaluate(scope)).toThrow('4300 digits');
});
