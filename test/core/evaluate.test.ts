import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combine, evaluate, messageOf, withRefusal } from '../../src/core/evaluate.ts';
import type { Evaluator } from '../../src/core/evaluator.ts';
import { severity, Verdict, worst } from '../../src/core/verdict.ts';
import { factsOf, intentOf } from '../evaluators/action.ts';
import { thenable } from './thenable.ts';

const VERDICTS = ['ALLOW', 'WARN', 'DEFER', 'ESCALATE', 'BLOCK'] as const;

/** An evaluator that answers with whatever it is told to. */
function answering(name: string, answer: unknown): Evaluator {
  return { name, evaluate: () => answer as ReturnType<Evaluator['evaluate']> };
}

const judge = (...evaluators: Evaluator[]) => evaluate(intentOf(), evaluators, factsOf());

describe('evaluate', () => {
  it('decides by the worst verdict, whose reason and name it gives', () => {
    const decision = judge(
      answering('a', { verdict: 'ALLOW', reason: 'fine' }),
      answering('b', { verdict: 'ESCALATE', reason: 'ask', suggestedAction: 'do less' }),
      answering('c', { verdict: 'WARN', reason: 'hm' }),
    );
    expect(decision).toMatchObject({
      verdict: 'ESCALATE',
      outcome: 'ESCALATE',
      reason: 'ask',
      evaluatorName: 'b',
      policyTriggered: 'b',
      ruleName: null,
      suggestedAction: 'do less',
    });
    expect(decision.results.map((result) => result.evaluatorName)).toEqual(['a', 'b', 'c']);
  });

  it('takes the reason of the earliest of equal verdicts', () => {
    const decision = judge(
      answering('a', { verdict: 'BLOCK', reason: 'first' }),
      answering('b', { verdict: 'BLOCK', reason: 'second' }),
    );
    expect(decision.reason).toBe('first');
  });

  it('asks every evaluator, also behind one that blocks or throws', () => {
    const asked: string[] = [];
    const noting = (name: string, act: () => never | undefined): Evaluator => ({
      name,
      evaluate() {
        asked.push(name);
        return act();
      },
    });
    const boom = (): never => {
      throw new Error('boom');
    };
    judge(
      answering('block', { verdict: 'BLOCK' }),
      noting('a', boom),
      noting('b', () => undefined),
    );
    expect(asked).toEqual(['a', 'b']);
  });

  it('fills what an answer leaves out', () => {
    expect(judge(answering('a', { verdict: 'ALLOW' })).results).toEqual([
      {
        verdict: 'ALLOW',
        reason: '',
        confidence: 1,
        evaluatorName: 'a',
        suggestedAction: null,
        metadata: {},
      },
    ]);
  });

  it('goes by the name of the evaluator, not by what the answer calls itself', () => {
    const decision = judge(answering('mine', { verdict: 'ALLOW', evaluatorName: 'policy_engine' }));
    expect(decision.evaluatorName).toBe('mine');
  });

  it('copies metadata, so that nobody changes a decision afterwards', () => {
    const metadata = { ruleName: 'r', list: [1] };
    const decision = judge(answering('a', { verdict: 'ALLOW', metadata }));
    metadata.list.push(2);
    expect(decision.metadata).toEqual({ ruleName: 'r', list: [1] });
  });

  it('reads a verdict once', () => {
    let reads = 0;
    const answer = {
      get verdict() {
        return reads++ === 0 ? 'BLOCK' : 'ALLOW';
      },
    };
    expect(judge(answering('a', answer)).verdict).toBe('BLOCK');
    expect(reads).toBe(1);
  });
});

describe('evaluate fails closed', () => {
  it('blocks without any evaluator, and without any opinion', () => {
    expect(judge().verdict).toBe('BLOCK');
    expect(judge(answering('a', undefined))).toMatchObject({
      verdict: 'BLOCK',
      reason: 'No evaluator had an opinion, and no opinion is not permission.',
      metadata: { fault: true },
    });
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['an empty object', {}],
    ['an empty list', []],
    ['a string', 'ALLOW'],
    ['true', true],
    ['a number', 1],
    ['NaN', Number.NaN],
    ['a function', () => 'ALLOW'],
    ['a verdict in lower case', { verdict: 'allow' }],
    ['an unknown verdict', { verdict: 'PERMIT' }],
    ['a prototype name as verdict', { verdict: 'constructor' }],
    ['a boxed verdict', { verdict: new String('ALLOW') }],
    ['a list as verdict', { verdict: ['ALLOW'] }],
    ['no verdict but a reason', { reason: 'fine' }],
    ['a promise', Promise.resolve({ verdict: 'ALLOW' })],
    ['a thenable that has a verdict too', thenable(() => undefined, { verdict: 'ALLOW' })],
    ['a reason that is no string', { verdict: 'ALLOW', reason: 5 }],
    ['a confidence of NaN', { verdict: 'ALLOW', confidence: Number.NaN }],
    ['a confidence of 2', { verdict: 'ALLOW', confidence: 2 }],
    ['a confidence as text', { verdict: 'ALLOW', confidence: '1' }],
    ['a suggestion that is no string', { verdict: 'ALLOW', suggestedAction: {} }],
    ['metadata that is a list', { verdict: 'ALLOW', metadata: [] }],
    ['metadata that is null', { verdict: 'ALLOW', metadata: null }],
    ['metadata that refers to itself', { verdict: 'ALLOW', metadata: cyclic() }],
    ['a risk score of NaN', { verdict: 'ALLOW', metadata: { riskScore: Number.NaN } }],
    ['a risk score of 5', { verdict: 'ALLOW', metadata: { riskScore: 5 } }],
    ['a getter that throws', Object.defineProperty({}, 'verdict', { get: thrower })],
    ['a then that throws', Object.defineProperty({ verdict: 'ALLOW' }, 'then', { get: thrower })],
    ['a revoked proxy', revoked()],
  ])('an answer that is %s blocks and names the evaluator', (_what, answer) => {
    const decision = judge(answering('good', { verdict: 'ALLOW' }), answering('odd', answer));
    expect(decision.verdict).toBe('BLOCK');
    expect(decision.evaluatorName).toBe('odd');
    expect(decision.reason).toContain('The evaluator odd');
    expect(decision.metadata.fault).toBe(true);
  });

  it.each<[string, unknown, string]>([
    ['an error', new Error('database is gone'), 'database is gone'],
    ['a string', 'no', 'no'],
    ['undefined', undefined, 'a thrown undefined'],
    [
      'an error whose message is no text',
      Object.assign(new Error(), { message: Symbol('s') }),
      'a thrown object',
    ],
    [
      'an error that cannot be read',
      Object.defineProperty(new Error(), 'message', { get: thrower }),
      'unreadable',
    ],
  ])('an evaluator that throws %s blocks', (_what, thrown, text) => {
    const throwing: Evaluator = {
      name: 'odd',
      evaluate() {
        throw thrown;
      },
    };
    const decision = judge(answering('good', { verdict: 'ALLOW' }), throwing);
    expect(decision.verdict).toBe('BLOCK');
    expect(decision.reason).toContain(`The evaluator odd threw: `);
    expect(decision.reason).toContain(text);
  });
});

describe('withRefusal', () => {
  it('blocks on top of a decision, keeping its opinions and its risk score', () => {
    const decision = judge(answering('a', { verdict: 'ALLOW' }));
    const refusal = {
      ...combine([], 0),
      evaluatorName: 'rate_limiter',
      reason: 'full',
      metadata: { limit: '1/min' },
    };
    const refused = withRefusal({ ...decision, riskScore: 0.4 }, refusal);
    expect(refused).toMatchObject({ verdict: 'BLOCK', reason: 'full', riskScore: 0.4 });
    expect(refused.results).toHaveLength(2);
  });
});

describe('verdicts', () => {
  it('are ordered ALLOW < WARN < DEFER < ESCALATE < BLOCK', () => {
    expect(VERDICTS.map(severity)).toEqual([0, 1, 2, 3, 4]);
    for (const a of VERDICTS)
      for (const b of VERDICTS) expect(severity(worst(a, b))).toBe(Math.max(severity(a), severity(b)));
  });

  it('are permissive or blocking, never both', () => {
    for (const verdict of VERDICTS) {
      expect(Verdict.isPermissive(verdict)).toBe(['ALLOW', 'WARN'].includes(verdict));
      expect(Verdict.isBlocking(verdict)).toBe(!Verdict.isPermissive(verdict));
    }
  });
});

describe('messageOf', () => {
  it('is a text for anything thrown', () => {
    fc.assert(fc.property(fc.anything(), (thrown) => typeof messageOf(thrown) === 'string'));
  });
});

function thrower(): never {
  throw new Error('hostile getter');
}

function cyclic(): object {
  const loop: { self?: object } = {};
  loop.self = loop;
  return loop;
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
