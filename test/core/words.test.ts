import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindOfArgument } from '../../src/core/argument-kind.ts';
import { ignoreRejection, isThenable } from '../../src/core/awaitable.ts';
import { closest, didYouMean } from '../../src/core/did-you-mean.ts';
import { isRiskLevel, RiskLevel, TrustLevel, trustScore } from '../../src/core/levels.ts';
import { isVerdict } from '../../src/core/verdict.ts';
import { GUARD_VERSION } from '../../src/core/version.ts';
import { read } from '../architecture/repository.ts';
import { thenable } from './thenable.ts';

describe('the version', () => {
  it('is that of package.json', () => {
    expect(GUARD_VERSION).toBe((JSON.parse(read('package.json')) as { version: string }).version);
  });
});

describe('levels', () => {
  it('have the documented numbers', () => {
    expect(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'].map((l) => RiskLevel.baseScore(l as RiskLevel))).toEqual([
      0.1, 0.3, 0.6, 0.9,
    ]);
    const trusts = ['HUMAN', 'ORCHESTRATOR', 'PEER', 'SUB_AGENT', 'UNKNOWN'] as const;
    expect(trusts.map(TrustLevel.score)).toEqual([1, 0.8, 0.5, 0.3, 0]);
  });

  it('are no words of a prototype', () => {
    for (const word of ['constructor', '__proto__', 'toString', 'low', '']) {
      expect(isRiskLevel(word)).toBe(false);
      expect(isVerdict(word)).toBe(false);
      expect(RiskLevel.baseScore(word as never)).toBe(1);
      expect(TrustLevel.score(word as never)).toBe(0);
      expect(trustScore(word as TrustLevel)).toBeUndefined();
    }
  });

  it('mistake no odd number for trust', () => {
    for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, -0.1, 1.1])
      expect(trustScore(odd)).toBeUndefined();
    expect(trustScore(0.25)).toBe(0.25);
    expect(trustScore('PEER')).toBe(0.5);
  });
});

describe('did you mean', () => {
  it('finds the nearest word, by typing errors', () => {
    expect(closest('actoin_types', ['condition', 'action_types'])).toBe('action_types');
    expect(didYouMean('onBlok', ['onBlock', 'async'])).toBe(' Did you mean `onBlock`?');
  });

  it('says nothing where nothing is near', () => {
    expect(didYouMean('zzzzzz', ['pattern', 'action'])).toBe('');
    expect(closest('x', [])).toBeUndefined();
  });

  it('finds a known word itself, and takes any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string({ maxLength: 10 })), (word, known) => {
        const found = closest(word, known);
        if (found !== undefined) expect(known).toContain(found);
      }),
    );
  });
});

describe('the kind of an argument', () => {
  it.each([
    ['path', 'a', 'path'],
    ['filePath', 'a', 'path'],
    ['file-path', 'a', 'path'],
    ['cmd', 'ls', 'shell'],
    ['endpoint', 'x', 'url'],
    ['sql', 'select 1', 'sql'],
    ['query', 'select 1', undefined],
    ['body', '/etc/passwd', 'text'],
    ['arg0', '/etc/passwd', 'path'],
    ['arg0', '~/x', 'path'],
    ['arg0', 'a/../b', 'path'],
    ['arg0', 'C:\\x', 'path'],
    ['arg0', 'https://example.org', 'url'],
    ['arg0', 'hello', undefined],
    ['constructor', 'hello', undefined],
    ['__proto__', 'hello', undefined],
  ])('of `%s` with the value %s is %s', (name, value, kind) => {
    expect(kindOfArgument(name, value)).toBe(kind);
  });

  it('is what was declared, first of all', () => {
    expect(kindOfArgument('body', 'x', { body: 'sql' })).toBe('sql');
    expect(kindOfArgument('toString', 'x', {})).toBeUndefined();
  });
});

describe('isThenable', () => {
  it('knows promises and look-alikes, and survives a throwing getter', () => {
    expect(isThenable(Promise.resolve())).toBe(true);
    expect(isThenable(thenable(() => undefined))).toBe(true);
    for (const other of [null, undefined, 1, 'then', {}, thenable(1)]) expect(isThenable(other)).toBe(false);
    const hostile = Object.defineProperty({}, 'then', {
      get() {
        throw new Error('no');
      },
    });
    expect(isThenable(hostile)).toBe(false);
  });
});

describe('ignoreRejection', () => {
  it('handles a rejection, and a `then` that throws', async () => {
    const rejected = Promise.reject(new Error('nobody waits'));
    ignoreRejection(rejected);
    const throwing = thenable(() => {
      throw new Error('odd');
    });
    ignoreRejection(throwing as PromiseLike<unknown>);
    await expect(rejected).rejects.toThrow('nobody waits');
  });
});
