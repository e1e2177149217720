import { describe, expect, test } from 'vitest';
import { compileCondition } from '../../../src/policy/conditions/compile.ts';
import { ConditionRuntimeError, ConditionSyntaxError } from '../../../src/policy/conditions/errors.ts';
import { scopeOf } from './scope-of.ts';

function holds(condition: string, parameters: Readonly<Record<string, unknown>>): boolean {
  return compileCondition(condition).evaluate(scopeOf(parameters));
}

describe('commands()', () => {
  test.each([
    ["any(c.name == 'rm' for c in commands(parameters.command))", 'ls && bash -c "rm x"', true],
    ["any(c.name == 'rm' for c in commands(parameters.command))", 'echo rm', false],
    ["all(c.name in ('git', 'ls') for c in commands(parameters.command))", 'git log | ls', true],
    ["all(c.name in ('git', 'ls') for c in commands(parameters.command))", 'git log | wc', false],
    ["any('-f' in c.flags for c in commands(parameters.command))", 'rm --force x', true],
    ["any('/' in c.args for c in commands(parameters.command))", "rm -r '/'", true],
    ['len(commands(parameters.command)) == 2', 'a; b', true],
    ['len(commands(parameters.command)) == 0', '# nothing', true],
  ])('%s on %j is %j', (condition, command, result) => {
    expect(holds(condition, { command })).toBe(result);
  });

  test('takes a list as the words of one command', () => {
    const condition = "any(c.name == 'rm' and '-r' in c.flags for c in commands(parameters.argv))";
    expect(holds(condition, { argv: ['/bin/rm', '-fr', 'a; b'] })).toBe(true);
    expect(holds(condition, { argv: ['echo', 'rm -r'] })).toBe(false);
  });

  test('is an empty list of what is missing', () => {
    expect(holds('len(commands(parameters.command)) == 0', {})).toBe(true);
  });

  test('fails on what it cannot read', () => {
    expect(() => holds('len(commands(parameters.command)) > 0', { command: 'curl x | sh' })).toThrow(
      /cannot read the text: `sh` runs code that it reads from its input/,
    );
    expect(() => holds('len(commands(parameters.command)) > 0', { command: 7 })).toThrow(
      ConditionRuntimeError,
    );
    expect(() => holds('len(commands(parameters.command)) > 0', { command: ['a', 7] })).toThrow(/not list/);
  });
});

describe('runs()', () => {
  test.each([
    ['rm -rf /', true],
    ['ls | xargs /bin/rm', true],
    ['sudo sh -c \'r""m x\'', true],
    ['echo rm', false],
    ['curl x | sh; rm y', true],
    ['', false],
  ])('rm in %j is %j', (command, result) => {
    expect(holds("runs(parameters.command, 'rm')", { command })).toBe(result);
  });

  test('is false of what is missing', () => {
    expect(holds("runs(parameters.command, 'rm')", {})).toBe(false);
    expect(holds('runs(parameters.command, parameters.name)', { command: 'rm x' })).toBe(false);
  });

  test('fails when the name is not among what could be read', () => {
    expect(() => holds("runs(parameters.command, 'rm')", { command: '$x -rf /' })).toThrow(
      /not literal: \$x/,
    );
  });

  test('takes two arguments', () => {
    expect(() => compileCondition('runs(parameters.command)')).toThrow(ConditionSyntaxError);
  });
});

describe('writes_to()', () => {
  test.each<readonly [string, readonly string[]]>([
    ['a > b 2>> c', ['b', 'c']],
    ['a | tee -a x y', ['x', 'y']],
    ['dd if=a of=/dev/sda bs=1', ['/dev/sda']],
    ['cp -r a b /etc', ['/etc']],
    ['cp -t /etc a b', ['/etc']],
    ['mv a b', ['b']],
    ['install -m 644 a /usr/bin/a', ['/usr/bin/a']],
    ['sed -i s/a/b/ x y', ['x', 'y']],
    ['sed -i.bak -e s/a/b/ x', ['x', 'x.bak']],
    ['sed s/a/b/ x', []],
    ['truncate -s 0 x', ['x']],
    ['touch -d now x', ['x']],
    ['curl -o x https://x.org', ['x']],
    ['cd /etc && touch passwd', ['/etc/passwd']],
    ['cp /secret/new new', ['new']],
    ['cd /d && cp /secret/new new', ['/d/new']],
    ['cd /d; tee x < y', ['/d/x']],
    ['sort -o x y', ['x']],
    ['tar -cf x.tar y', ['x.tar']],
    ['tar czf x.tgz y', ['x.tgz']],
    ['tar -xf x.tar', []],
    ['zip -r x.zip y', ['x.zip']],
    ['split x y', ['y']],
    ['mkdir -p x y', ['x', 'y']],
    ['gzip x', ['x']],
    ['uniq x y', ['y']],
    ['openssl rand -out x 8', ['x']],
    ['ssh-keygen -t rsa -f x', ['x']],
    ['find . -fprint x', ['x']],
    ["awk -i inplace '{print}' x", ['x']],
    ['awk \'{print > "x"}\' y', ['x']],
    ["sed -n 's/a/b/w x' y", ['x']],
    ['patch -o x y', ['x']],
    ['git config -f x a.b c', ['x']],
    ['curl -O https://h/x?y', ['x']],
    ['wget https://h/d/x', ['x']],
    ['tee $HOME/x', ['$HOME/x']],
    ['cat x', []],
    ['a > /dev/null', []],
  ])('%s are %j', (command, files) => {
    const listed = files.map((file) => `'${file}'`).join(', ');
    expect(holds(`writes_to(parameters.command) == [${listed}]`, { command })).toBe(true);
  });

  test.each(['a > $x', 'cp a "$x"', 'tee $(b)'])('fails on %s, as the target is not literal', (command) => {
    expect(() => holds('len(writes_to(parameters.command)) > 0', { command })).toThrow(
      /a target is not literal/,
    );
  });

  test('fails on what it cannot read, and is an empty list of what is missing', () => {
    expect(() => holds('len(writes_to(parameters.command)) > 0', { command: 'python3 -c x' })).toThrow(
      /given code/,
    );
    expect(holds('len(writes_to(parameters.command)) == 0', {})).toBe(true);
  });
});

describe('statements()', () => {
  test('lists kind, tables, condition and text of each statement', () => {
    const sql = 'SELECT 1; DELETE FROM users';
    expect(
      holds("any(s.kind == 'delete' and not s.has_where for s in statements(parameters.sql))", { sql }),
    ).toBe(true);
    expect(holds("any('users' in s.tables for s in statements(parameters.sql))", { sql })).toBe(true);
    expect(holds('len(statements(parameters.sql)) == 2', { sql })).toBe(true);
    expect(holds("any('DELETE FROM' in s.text for s in statements(parameters.sql))", { sql })).toBe(true);
  });

  test('is an empty list of what is missing, and fails on what is no text', () => {
    expect(holds('len(statements(parameters.sql)) == 0', {})).toBe(true);
    expect(() => holds('len(statements(parameters.sql)) == 0', { sql: 7 })).toThrow(ConditionRuntimeError);
  });
});

test('reading text is paid for: a condition that reads it over and over is stopped', () => {
  const command = 'a;'.repeat(10_000);
  const condition = "any(runs(parameters.command, 'x') for a in parameters.list for b in parameters.list)";
  expect(() => holds(condition, { command, list: Array.from({ length: 50 }, (_, i) => i) })).toThrow(
    ConditionRuntimeError,
  );
});
