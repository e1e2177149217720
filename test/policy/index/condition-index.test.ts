import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CompiledCondition, compileCondition } from '../../../src/policy/conditions/compile.ts';
import { ConditionRuntimeError } from '../../../src/policy/conditions/errors.ts';
import type { ConditionScope } from '../../../src/policy/conditions/scope.ts';
import { compileGlob, type Glob } from '../../../src/policy/glob.ts';
import { ConditionIndex } from '../../../src/policy/index/condition-index.ts';
import { soakFactor } from '../../seed.ts';
import { scopeOf } from '../conditions/scope-of.ts';

interface Item {
  readonly actionTypes: readonly Glob[];
  readonly condition: CompiledCondition | null;
}

const item = (condition: string | null, ...globs: string[]): Item => ({
  actionTypes: (globs.length === 0 ? ['*'] : globs).map(compileGlob),
  condition: condition === null ? null : compileCondition(condition),
});

function visited(items: readonly Item[], scope: ConditionScope): number[] {
  const found: number[] = [];
  new ConditionIndex(items).candidates(scope, (i) => {
    found.push(i);
    return false;
  });
  return found;
}

function outcome(of: Item, scope: ConditionScope): string {
  if (!of.actionTypes.some((glob) => glob.test(scope.action_type))) return 'no';
  try {
    return of.condition === null || of.condition.evaluate(scope) ? 'match' : 'no';
  } catch (error) {
    if (!(error instanceof ConditionRuntimeError)) throw error;
    return 'error';
  }
}

describe('a condition index', () => {
  const prefixes = Array.from({ length: 200 }, (_, i) => item(`parameters.path.startswith('/d${i}/')`));

  test('visits only the conditions whose literal fits', () => {
    expect(visited(prefixes, scopeOf({ path: '/d7/x' }))).toEqual([7]);
    expect(visited(prefixes, scopeOf({ path: '/elsewhere' }))).toEqual([]);
    expect(visited(prefixes, scopeOf({}))).toEqual([]);
  });

  test('visits every condition on a value that is not text, whose error must be seen', () => {
    for (const path of [['/d7/x'], null, 7, { a: 1 }, new Date(0), new Map()]) {
      expect(visited(prefixes, scopeOf({ path }))).toHaveLength(200);
    }
  });

  test.each([
    ["parameters.a == 'x'", true],
    ["'x' == parameters.a", true],
    ["parameters['a'] == 'x'", true],
    ["'x' in parameters.a", true],
    ["parameters.a.contains('x')", true],
    ["parameters.a in ['x', 'y']", true],
    ["parameters.a.endswith('x')", true],
    ["parameters.a.lower().startswith(('x', 'y'))", true],
    ["glob(parameters.a, 'x*y')", true],
    ["any(p in parameters.a for p in ['x', 'y'])", true],
    ["parameters.a == 'x' or parameters.a == 'y'", true],
    ["agent.trust_level < 0.5 and parameters.a == 'x'", true],
    ["tool_name == 'other' and parameters.b > 1", true],
    ["parameters.b > 1 and parameters.a == 'x'", false],
    ["parameters.a == 'x' or parameters.b == 1", false],
    ["not parameters.a == 'x'", false],
    ["parameters.a.startswith('')", false],
    ["parameters.a == ''", true],
    ["parameters.d.e == 'x'", true],
  ])('skips %s: %j', (source, skipped) => {
    const scope = scopeOf({ a: 'other', b: '500', d: { e: 'f' } });
    expect(visited([item(source)], scope)).toEqual(skipped ? [] : [0]);
  });

  test('does not skip what would have failed before its literal was reached', () => {
    const items = [item("parameters.amount > 100 and parameters.path.startswith('/etc')")];
    expect(visited(items, scopeOf({ amount: '500', path: '/tmp' }))).toEqual([0]);
  });

  test('visits what counts on a number that turns out to be NaN', () => {
    const items = [item("agent.trust_level < 0.5 and parameters.a == 'x'")];
    const agent = { id: 'w', trust_level: Number.NaN, action_count: 0, error_rate: 0, violations: 0 };
    expect(visited(items, scopeOf({ a: 'other' }, { agent }))).toEqual([0]);
  });

  test('visits in ascending order, each once, and stops when told', () => {
    const items = [
      item(null),
      item("'e' in parameters.a or 't' in parameters.a"),
      item("parameters.a == 'etc'"),
      item('True'),
    ];
    expect(visited(items, scopeOf({ a: 'etc' }))).toEqual([0, 1, 2, 3]);
    const seen: number[] = [];
    new ConditionIndex(items).candidates(scopeOf({ a: 'etc' }), (i) => seen.push(i) === 2);
    expect(seen).toEqual([0, 1]);
  });

  test('reads only the parameters that a call has, however many the policies name', () => {
    const items = Array.from({ length: 100 }, (_, i) =>
      item(`parameters.p${i} == '${i % 10 === 0 ? '' : 'x'}'`),
    );
    const absent = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90];
    expect(visited(items, scopeOf({ p7: 'x', p8: 'y', p9: 5 }))).toEqual([0, 7, 9, ...absent.slice(1)]);
    expect(visited(items, scopeOf({ p10: 'x', p20: undefined }))).toEqual(absent.filter((i) => i !== 10));
  });

  test('skips other action types', () => {
    const items = [
      item(null, 'file.*'),
      item(null, 'db.*', '*.write'),
      item(null, 'file.write'),
      item(null, 'f*e.?rite'),
      item(null, 'db.x'),
    ];
    expect(visited(items, scopeOf())).toEqual([0, 1, 2, 3]);
    expect(visited([{ actionTypes: [], condition: null }], scopeOf())).toEqual([]);
  });
});

const texts = fc.constantFrom(
  '',
  '/',
  '/etc',
  '/etc/passwd',
  '/ETC',
  'etc',
  'passwd',
  '/tmp/a',
  'file.write',
  'x',
  '😀x',
);
const quoted = texts.map((value) => `'${value}'`);
const subject = fc.constantFrom(
  'parameters.a',
  'parameters.b',
  ...Array.from({ length: 9 }, (_, i) => `parameters.p${i}`),
  "parameters['a']",
  'parameters.d.e',
  'parameters.none.e',
  'parameters.a.lower()',
  'action_type',
  'intent',
  'agent.id',
  'session.id',
  'principal',
  'principal.role',
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(subject, quoted).map(([s, t]) => `${s}.startswith(${t})`),
    fc.tuple(subject, quoted, quoted).map(([s, t, u]) => `${s}.endswith((${t}, ${u}))`),
    fc.tuple(subject, fc.constantFrom('==', '!=', 'in', '>'), quoted).map(([s, op, t]) => `${s} ${op} ${t}`),
    fc.tuple(subject, quoted).map(([s, t]) => `${t} in ${s}`),
    fc.tuple(subject, quoted, quoted).map(([s, t, u]) => `${s} in [${t}, ${u}]`),
    fc.tuple(subject, quoted).map(([s, t]) => `${s}.contains(${t})`),
    fc
      .tuple(subject, fc.constantFrom('/etc*', '*wd', '?', '/*/p*', 'x'))
      .map(([s, g]) => `glob(${s}, '${g}')`),
    fc.tuple(subject, quoted, quoted).map(([s, t, u]) => `any(p in ${s} for p in [${t}, ${u}])`),
    fc
      .tuple(subject, quoted, quoted)
      .map(([s, t, u]) => `any(${s}.startswith(p) and p != ${t} for p in (${t}, ${u}))`),
    fc.constantFrom(
      'parameters.a > 100',
      'agent.trust_level < 0.5',
      "'prod' in tags",
      'parameters.b',
      'True',
      'parameters.d.e',
    ),
    fc.constantFrom(
      'isinstance(parameters.a, str)',
      'len(parameters.a) > 3',
      "risk_level in ('HIGH', 'LOW')",
      "task.id == 't1'",
    ),
    fc.array(tie('condition'), { minLength: 2, maxLength: 3 }).map((parts) => `(${parts.join(' and ')})`),
    fc.array(tie('condition'), { minLength: 2, maxLength: 3 }).map((parts) => `(${parts.join(' or ')})`),
    tie('condition').map((part) => `(not ${part})`),
  ),
}));
const globs = fc.array(fc.constantFrom('*', 'file.*', 'file.write', '*.write', 'db.*', 'f?le.*', '[fd]*'), {
  minLength: 1,
  maxLength: 2,
});
const value = fc.oneof(
  { weight: 4, arbitrary: texts },
  fc.constantFrom(
    undefined,
    null,
    0,
    500,
    Number.NaN,
    true,
    10n,
    new Date(0),
    new Map([['e', 'x']]),
    new Set(['x']),
  ),
  fc.array(texts, { maxLength: 2 }),
  fc.record({ e: fc.oneof(texts, fc.constant(null)) }),
);
const scope = fc
  .tuple(
    fc.record({ a: value, b: value, d: value }, { requiredKeys: [] }),
    fc.record({
      action_type: fc.constantFrom('file.write', 'db.drop', ''),
      intent: texts,
      principal: fc.oneof(texts, fc.constant(null), fc.record({ role: texts })),
      agent: fc.record({
        id: texts,
        trust_level: fc.constantFrom(0.1, 0.9, Number.NaN),
        action_count: fc.constant(0),
        error_rate: fc.constant(0),
        violations: fc.constant(0),
      }),
    }),
  )
  .map(([parameters, more]) => scopeOf(parameters, more));

test('the index visits everything that matches or fails, in order, and nothing of another action type', () => {
  const items = fc.array(fc.tuple(fc.option(condition, { freq: 10 }), globs), { maxLength: 12 });
  fc.assert(
    fc.property(items, fc.array(scope, { minLength: 1, maxLength: 4 }), (written, scopes) => {
      const all = written.map(([source, types]) => item(source, ...types));
      for (const one of scopes) {
        const found = visited(all, one);
        expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
        all.forEach((policy, i) => {
          if (!found.includes(i)) expect([i, outcome(policy, one)]).toEqual([i, 'no']);
        });
      }
    }),
    { numRuns: 2_000 * soakFactor },
  );
});
