import { describe, expect, test } from 'vitest';
import { compileCondition } from '../../../src/policy/conditions/compile.ts';
import { ConditionSyntaxError } from '../../../src/policy/conditions/errors.ts';
import { scopeOf } from './scope-of.ts';

function failure(source: string): ConditionSyntaxError {
  try {
    compileCondition(source);
  } catch (error) {
    if (error instanceof ConditionSyntaxError) return error;
    throw error;
  }
  throw new Error(`${source} compiles`);
}

describe('a condition that cannot be used is refused when it is loaded', () => {
  test.each([
    ['', 'empty', 'Leave the key out', ''],
    ['  # nothing\n', 'empty', '', ''],
    ['paramters.path', 'unknown name', '`parameters`', 'paramters'],
    ['path == 1', 'unknown name', 'parameters.path', 'path'],
    ['agent.trust_levle > 1', 'has no `trust_levle`', '`trust_level`', 'trust_levle'],
    ['task.foo', 'has no `foo`', 'estimated_cost', 'foo'],
    ['session.idd', 'has no `idd`', '`id`', 'idd'],
    ['agent == 1', 'no value of its own', 'agent.id', 'agent'],
    ["agent['id'] == 'x'", 'with a dot', 'agent.id', 'agent'],
    ["action_type.startwith('x')", 'unknown method', '`startswith`', 'startwith'],
    ['action_type.lower == 1', 'read from text', '.lower(…)', 'lower'],
    ["parameters.a.replace('x', 'y')", 'unknown method', 'startswith', 'replace'],
    ['parameters.a.len()', 'unknown method', 'write len(…)', 'len'],
    ["startswith(parameters.a, 'x')", 'is a method', 'value.startswith', 'startswith'],
    ['lenn(parameters.a)', 'unknown function', '`len`', 'lenn'],
    ['len == 1', 'is a function', 'len(…)', 'len'],
    ['len()', 'takes 1 argument, not 0', '', 'len()'],
    ['parameters.a.startswith()', 'takes 1 to 3 arguments, not 0', '', 'parameters.a.startswith()'],
    ['parameters.a = 1', 'not part', '`==`', '='],
    ['parameters.a === 1', 'not part', '`==`', '==='],
    ['parameters.a && parameters.b', 'not part', '`and`', '&&'],
    ['parameters.a || parameters.b', 'not part', '`or`', '||'],
    ['!parameters.a', 'not part', '`not`', '!'],
    ['parameters.a is None', 'unexpected', '`==`', 'is'],
    ['true', 'unknown name', '`True`', 'true'],
    ['parameters.a == null', 'unknown name', '`None`', 'null'],
    ['parameters.a AND parameters.b', 'unexpected', 'lower case', 'AND'],
    ["parameters.a contains 'x'", 'unexpected', 'method', 'contains'],
    ['parameters.a + 1 > 2', 'not part', 'Arithmetic', '+'],
    ['-parameters.a > 2', 'before a number', '', '-'],
    ["f'{x}'", 'f-strings', '', 'f'],
    ["'''x'''", 'triple', '', "'''"],
    ["'x", 'not closed', "closing '", "'x"],
    ['(parameters.a', 'not closed', '`)`', '('],
    ['parameters.a ==', 'ends where', '', ''],
    ["['a' 'b']", 'side by side', 'comma', "'b'"],
    ['parameters.a, parameters.b', 'list of values', '`and`', ','],
    ["{'a': 1}", 'dict', 'set', '{'],
    ['lambda: 1', 'lambda', '', 'lambda'],
    ['parameters.__class__', 'not accessible', '', '__class__'],
    ["matches(parameters.a, '(')", 'pattern cannot be used', '', "'('"],
    ['matches(parameters.a, parameters.b)', 'literal', 'matches(value', 'parameters.b'],
    ['isinstance(parameters.a, string)', 'takes a type', 'str', 'string'],
    ['len(x for x in parameters.a)', 'only stands in any()', '[ ]', 'x for x in parameters.a'],
    ["parameters.a.split(sep=',')", 'not part', 'no names', '='],
    ['parameters.a[::2]', 'no step', '', ':'],
    ['012 == parameters.a', 'cannot start with 0', '', '012'],
    ['1e999 > parameters.a', 'too large', 'finite', '1e999'],
    ['“x” == parameters.a', 'not part', 'straight', '“'],
    ['any(x for __x in parameters.a)', 'reserved', '', '__x'],
  ])('%s', (source, message, hint, marked) => {
    const error = failure(source);
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
    expect(source.slice(error.offset, error.offset + error.length)).toBe(marked);
  });

  test('when it is too large, too deep or too long', () => {
    expect(failure(`parameters.a == '${'x'.repeat(10_000)}'`).message).toContain('10000 characters');
    expect(failure(`${'('.repeat(101)}True${')'.repeat(101)}`).message).toContain('deeper than 100');
    expect(failure(`${'not '.repeat(101)}True`).message).toContain('deeper than 100');
    expect(failure(`parameters${'.a'.repeat(101)}`).message).toContain('deeper than 100');
    expect(failure(Array.from({ length: 2_001 }, () => '1').join(' < ')).message).toContain('2000 parts');
    expect(compileCondition(`${'('.repeat(90)}True${')'.repeat(90)}`).evaluate(scopeOf())).toBe(true);
  });
});

describe('what is accepted', () => {
  test('line breaks, comments and every kind of literal', () => {
    const source =
      "parameters.a == 'x'  # why\n  and not (\n 1_000 in (1000, 0x1f, .5, 1e-3,) and r'\\d' == '\\x5cd' and None == None\n)";
    expect(compileCondition(source).evaluate(scopeOf({ a: 'x' }))).toBe(false);
    expect(compileCondition(source).evaluate(scopeOf({ a: 'y' }))).toBe(false);
    expect(compileCondition("'\\u00e9\\U0001F600\\101\\q' == 'é😀A\\\\q'").constant).toBe(true);
  });

  test('a loop variable may have the name of something else, inside its loop only', () => {
    const condition = compileCondition(
      "any(agent == 'a' for agent in parameters.agents) and agent.id == 'worker'",
    );
    expect(condition.evaluate(scopeOf({ agents: ['a'] }))).toBe(true);
  });

  test('every name of the language', () => {
    const names = [
      "action_type == 'file.write'",
      "tool_name == 'write_file'",
      "intent.startswith('write')",
      "risk_level == 'MEDIUM'",
      'estimated_cost == 0.5',
      "agent.id == 'worker' and agent.trust_level == 0.5 and agent.action_count == 3",
      'agent.error_rate == 0.25 and agent.violations == 1',
      "task.id == 't1' and task.estimated_cost == 2 and task.context == 'tidy up'",
      'session.id == None',
      'principal == None',
      "'prod' in tags",
      'rate_last_5min == 7 and rate_last_5min() == 7',
    ];
    for (const source of names)
      expect([source, compileCondition(source).evaluate(scopeOf())]).toEqual([source, true]);
    const principal = { role: 'admin' };
    expect(compileCondition("principal.role == 'admin'").evaluate(scopeOf({}, { principal }))).toBe(true);
  });

  test.each([
    ['True', true],
    ["'a' == 'a'", true],
    ['parameters.a and False', false],
    ['parameters.a or 1 < 2', true],
    ["not 'x'.startswith('x')", false],
    ['parameters.a', null],
    ["1 < 'a'", null],
  ])('%s is known to be %j', (source, constant) => {
    expect(compileCondition(source).constant).toBe(constant);
  });
});

describe('a pattern with a control character', () => {
  test.each([
    ["matches(parameters.x, '\\bfoo')", "Write r'\\bfoo'"],
    ["matches(parameters.x, 'foo\\b')", "Write r'foo\\b'"],
    ["matches(parameters.x, '\\x01')", "Write r'\\x01'"],
    ["matches(parameters.x, '\\1')", "Write r'\\x01'"],
    ["matches(parameters.x, 'a\\vb')", "Write r'a\\vb'"],
    ["matches(parameters.x, r'\bfoo')", 'double quotes of YAML'],
    ["matches(parameters.x, '\\x85')", "Write r'\\x85'"],
  ])('is refused with the form that is meant: %j', (source, hint) => {
    const compile = (): unknown => compileCondition(source);
    expect(compile).toThrow(ConditionSyntaxError);
    expect(compile).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) }));
  });

  test.each([
    ["matches(parameters.x, '\\tfoo')", '\tfoo'],
    ["matches(parameters.x, '\\r\\n')", 'a\r\n'],
    ["matches(parameters.x, r'\\bfoo\\b')", 'a foo b'],
    ["matches(parameters.x, r'[\\b]')", '\b'],
  ])('is accepted where it is white space or an escape of the pattern: %j', (source, x) => {
    expect(compileCondition(source).evaluate(scopeOf({ x }))).toBe(true);
  });
});

test('a loop over a text literal is refused', () => {
  expect(() => compileCondition("any(x == 'a' for x in ('a'))")).toThrow('characters of a text');
  expect(compileCondition("any(x == 'a' for x in ('a',))").constant).toBe(null);
});

test('a trace lists the tests that ran, in order, with what they looked at', () => {
  const condition = compileCondition(
    "parameters.amount > 100 and (parameters.to.endswith('.com') or not tags) and len(parameters.x) == 1",
  );
  expect(condition.trace(scopeOf({ amount: 500, to: 'a.org' }))).toEqual([
    { expression: 'parameters.amount > 100', value: 500, result: true },
    { expression: "parameters.to.endswith('.com')", value: 'a.org', result: false },
    { expression: 'tags', value: ['prod', 'eu'], result: true },
    { expression: 'not tags', value: false, result: false },
    { expression: "parameters.to.endswith('.com') or not tags", value: false, result: false },
    { expression: expect.stringContaining('parameters.amount > 100 and'), value: false, result: false },
  ]);
  expect(condition.trace(scopeOf({ amount: '500' }))).toEqual([
    {
      expression: 'parameters.amount > 100',
      value: expect.stringContaining('between str and int'),
      result: null,
    },
  ]);
});
