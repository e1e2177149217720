import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig, parseConfig } from '../../src/config/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'plyra-extends-'));
afterAll(() => rmSync(folder, { recursive: true }));

function policies(text: string) {
  return parseConfig(text).layers[0]?.policies.map(({ position: _, ...policy }) => policy);
}

describe('extends', () => {
  const base = `policies:
  - name: base
    action_types: [file.*]
    condition: parameters.path.startswith('/etc')
    verdict: ESCALATE
    message: ask
    escalate_to: ops
`;

  it('takes over what is not stated; what is stated replaces', () => {
    expect(
      policies(`${base}  - {name: child, extends: base, verdict: BLOCK, action_types: [a]}\n`)?.[1],
    ).toEqual({
      name: 'child',
      actionTypes: ['a'],
      condition: "parameters.path.startswith('/etc')",
      verdict: 'BLOCK',
      message: 'ask',
      escalateTo: 'ops',
    });
  });

  it('replaces a condition, and leaves the parent as it is', () => {
    const [parent, child] =
      policies(`${base}  - {name: c, extends: base, condition: tool_name == 'x'}\n`) ?? [];
    expect(child?.condition).toBe("tool_name == 'x'");
    expect(parent?.condition).toBe("parameters.path.startswith('/etc')");
    expect(parent?.name).toBe('base');
  });

  it('follows chains in any order, and of several parents the last wins', () => {
    const [a] =
      policies(`policies:
  - {name: a, extends: [b, d]}
  - {name: b, extends: c, message: from b}
  - {name: c, message: from c, suggestion: from c, verdict: WARN}
  - {name: d, message: from d}
`) ?? [];
    expect(a).toEqual({ name: 'a', message: 'from d', suggestion: 'from c', verdict: 'WARN' });
  });

  it('a policy that only demands trust hands on the trust, and no verdict', () => {
    const [, child] = policies('policies: [{name: a, min_trust: 0.5}, {name: b, extends: a}]') ?? [];
    expect(child).toEqual({ name: 'b', minTrust: 0.5 });
  });

  it('finds policies of earlier files, and the own file first', () => {
    const first = join(folder, 'first.yaml');
    const second = join(folder, 'second.yaml');
    writeFileSync(first, 'policies: [{name: a, message: first}, {name: b, message: first}]');
    writeFileSync(
      second,
      'policies: [{name: a, message: second}, {name: x, extends: a}, {name: y, extends: b}]',
    );
    const [, layer] = loadConfig([first, second]).layers;
    expect(layer?.policies.map(({ message }) => message)).toEqual(['second', 'second', 'first']);
    expect(() => loadConfig([second, first])).toThrow('There is no policy `b` to extend.');
  });

  it.each([
    [
      'policies:\n  - {name: a, extends: b}\n  - {name: bb}\n',
      'line 2, column 24: There is no policy `b` to extend.',
    ],
    ['policies:\n  - {name: paths}\n  - {name: b, extends: [paths, pahts]}\n', 'Did you mean `paths`?'],
    ['policies:\n  - {name: a, extends: a}\n', 'line 2, column 24: A policy cannot extend itself: a → a.'],
    [
      'policies:\n  - {name: a, extends: b}\n  - {name: b, extends: c}\n  - {name: c, extends: a}\n',
      'a → b → c → a',
    ],
    ['policies:\n  - {name: a, extends: toString}\n', 'There is no policy `toString`'],
    [
      'policies:\n  - {name: a}\n  - {name: a}\n',
      'line 3, column 12: Two policies of this file are named `a`.',
    ],
    ['policies:\n  - {name: a, extends: 1}\n', 'must be the name of a policy, or a list of names'],
  ])('%j is refused', (text, message) => {
    expect(() => parseConfig(text)).toThrow(message);
  });

  it('a very long chain is an error, not a crash', () => {
    const chain = Array.from({ length: 5_000 }, (_, i) => `  - {name: p${i}, extends: p${i + 1}}\n`).join('');
    expect(() => parseConfig(`policies:\n${chain}  - {name: p5000}\n`)).toThrow('is longer than 100');
  });
});
