import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigSchemaError, ConfigValidationError } from '../src/core/errors.ts';
import type { Evaluator } from '../src/core/evaluator.ts';
import type { ActionIntent, ActionIntentInput } from '../src/core/intent.ts';
import { settled } from './call/clocks.ts';
import { mixedGuard, openGuard } from './call/guards.ts';

describe('testPolicy', () => {
  const snippet = '{pattern: x, action: allow}';

  it('never throws, whatever it is given', () => {
    const guard = openGuard();
    const odd = [null, undefined, 5, [], () => 1, { actionType: 'x', instructionChain: [null] }];
    for (const intent of odd)
      expect(() => guard.testPolicy(snippet, intent as unknown as string)).not.toThrow();
    expect(guard.testPolicy(5 as unknown as string, 'x').parseError).not.toBeNull();
  });

  it('blocks what cannot be read, as a call would', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const tested = openGuard().testPolicy(snippet, { actionType: 'x', parameters: cyclic });
    expect(tested).toMatchObject({
      verdict: 'BLOCK',
      summary: expect.stringContaining('refers back to itself'),
    });
  });
});

describe('evaluate', () => {
  it('names the field that is wrong in a chain or an intent, not an error of the engine', () => {
    for (const instructionChain of [[null], 5, [5]]) {
      const input = { actionType: 'x', instructionChain } as unknown as ActionIntentInput;
      const { verdict, reason } = openGuard().evaluate(input);
      expect([verdict, reason]).toEqual(['BLOCK', expect.stringMatching(/chain/i)]);
    }
  });

  it('judges without running, counting or writing anything', () => {
    const guard = mixedGuard();
    guard.registerAgent('default', 1, { maxActionsPerRun: 1 });
    for (let i = 0; i < 5; i++) expect(guard.evaluate('/tmp/a').verdict).toBe('ALLOW');
    expect(guard.getMetrics().totalActions).toBe(0);
    expect(guard.history()).toEqual([]);
    expect(guard.wrap(() => 1)()).toBe(1);
  });

  it('says the same as a call would', () => {
    const guard = mixedGuard();
    expect(guard.evaluate('/etc/passwd')).toMatchObject({
      ...{
        verdict: 'BLOCK',
        outcome: 'BLOCK',
        reason: 'System files stay as they are',
        evaluatorName: 'policy_engine',
      },
      ...{ ruleName: 'block:^/etc/', policyTriggered: 'mixed', suggestedAction: 'use /tmp', confidence: 1 },
    });
    expect(guard.evaluate('pay 5').metadata.escalateTo).toBe('finance');
  });

  it('takes an action, of which only the type is needed', () => {
    const guard = mixedGuard();
    expect(guard.evaluate({ actionType: 'file.read' }).verdict).toBe('ALLOW');
    expect(guard.evaluate({ actionType: 'file.read', parameters: { path: '/etc/passwd' } }).verdict).toBe(
      'BLOCK',
    );
    expect(
      guard.evaluate({ actionType: 'x', intent: '/etc/passwd', parameters: { path: '/tmp/a' } }).verdict,
    ).toBe('BLOCK');
    expect(guard.evaluate({ actionType: 'x', taskId: undefined, riskLevel: undefined }).verdict).toBe(
      'ALLOW',
    );
  });

  it('reads the context around it', () => {
    const guard = openGuard();
    let seen: ActionIntent | undefined;
    guard.addEvaluator({
      name: 'spy',
      evaluate(intent) {
        seen = intent;
        return undefined;
      },
    });
    guard.withContext({ agentId: 'a', taskId: 't' }, () => guard.evaluate('x'));
    expect(seen).toMatchObject({ agentId: 'a', taskId: 't', intent: 'x', actionType: 'intent' });
  });

  it.each<[string, object]>([
    ['a cost of NaN', { actionType: 'x', estimatedCost: Number.NaN }],
    ['a risk level that is none', { actionType: 'x', riskLevel: 'HUGE' }],
    ['parameters that are a list', { actionType: 'x', parameters: [] }],
    ['parameters that refer to themselves', { actionType: 'x', parameters: cyclic() }],
    ['a chain that is none', { actionType: 'x', instructionChain: 'a' }],
    ['no type', {}],
    [
      'a getter that throws',
      Object.defineProperty({ actionType: 'x' }, 'parameters', { get: () => JSON.parse('{') }),
    ],
  ])('blocks an action with %s', (_what, input) => {
    expect(openGuard().evaluate(input as ActionIntentInput).verdict).toBe('BLOCK');
  });

  it.each([undefined, null, 5, ['rm'], true])('throws for %o, which is no intent', (input) => {
    expect(() => openGuard().evaluate(input as never)).toThrow(ConfigSchemaError);
  });

  it('waits for evaluators that answer later in evaluateAsync', async () => {
    const guard = openGuard();
    guard.addEvaluator({ name: 'remote', evaluate: async () => ({ verdict: 'WARN', reason: 'later' }) });
    expect(await guard.evaluateAsync('x')).toMatchObject({ verdict: 'WARN', reason: 'later' });
    expect(guard.evaluate('x').verdict).toBe('BLOCK');
  });
});

describe('the order of evaluators', () => {
  it('cannot change the verdict', () => {
    const verdict = fc.constantFrom(
      'ALLOW',
      'WARN',
      'DEFER',
      'ESCALATE',
      'BLOCK',
      'garbage',
      'throw',
      'none',
    );
    const answer = (word: string): Evaluator['evaluate'] => {
      if (word === 'throw') return () => JSON.parse('{');
      if (word === 'none') return () => undefined;
      return () => ({ verdict: word, metadata: { override: true, riskScore: 0.5 } }) as never;
    };
    const names = ['policy_engine', 'risk_scorer', 'trust', 'a', 'b'];
    const lineUp = fc.tuple(...names.map(() => verdict)).chain((words) => {
      const all = names.map((name, i): Evaluator => ({ name, evaluate: answer(words[i] ?? 'none') }));
      return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }));
    });
    const judge = (evaluators: readonly Evaluator[]): string => {
      const guard = openGuard();
      for (const name of ['policy_engine', 'risk_scorer', 'trust']) guard.removeEvaluator(name);
      for (const evaluator of evaluators) guard.addEvaluator(evaluator);
      return guard.evaluate('x').verdict;
    };
    fc.assert(fc.property(lineUp, ([some, shuffled]) => judge(shuffled) === judge(some)));
  });
});

describe('evaluators', () => {
  it('are told how each call ended', async () => {
    const ends: string[] = [];
    const after = ({ intent }: ActionIntent, outcome: string): void => void ends.push(`${intent} ${outcome}`);
    const guard = mixedGuard({ evaluators: [{ name: 'learner', evaluate: () => undefined, after }] });
    const call = guard.wrap((what: string) => (what === 'fail' ? JSON.parse('{') : what));
    call('ok');
    call('careful');
    for (const what of ['fail', '/etc/x', 'pay 1', 'later']) expect(() => call(what)).toThrow();
    guard.evaluate('dry run');
    expect(ends).toEqual([
      'ok ALLOW',
      'careful WARN',
      'fail ERROR',
      '/etc/x BLOCK',
      'pay 1 ESCALATE',
      'later DEFER',
    ]);
  });

  it('change nothing by failing when they are told', async () => {
    const guard = openGuard();
    const failing = (name: string, after: () => unknown): Evaluator => ({
      name,
      evaluate: () => undefined,
      after: after as () => void,
    });
    guard.addEvaluator(failing('throws', () => JSON.parse('{')));
    guard.addEvaluator(failing('rejects', async () => JSON.parse('{')));
    expect(guard.wrap(() => 'ran')()).toBe('ran');
    await settled();
  });

  it('can be added, placed and removed', () => {
    const guard = openGuard();
    guard.addEvaluator(
      { name: 'mine', evaluate: () => ({ verdict: 'BLOCK', reason: 'mine' }) },
      { before: 'policy_engine' },
    );
    expect(guard.evaluate('x')).toMatchObject({ verdict: 'BLOCK', policyTriggered: 'mine' });
    guard.removeEvaluator('mine');
    expect(guard.evaluate('x').verdict).toBe('ALLOW');
    expect(() => guard.removeEvaluator('polcy_engine')).toThrow('Did you mean `policy_engine`?');
    expect(() => guard.addEvaluator({ name: 'trust', evaluate: () => undefined })).toThrow(
      ConfigValidationError,
    );
  });

  it('learn nothing more when the policy engine is gone: no opinion is not permission', () => {
    const guard = openGuard();
    guard.removeEvaluator('policy_engine');
    guard.removeEvaluator('risk_scorer');
    expect(guard.evaluate('x').verdict).toBe('BLOCK');
  });
});

function cyclic(): object {
  const loop: { self?: object } = {};
  loop.self = loop;
  return loop;
}
