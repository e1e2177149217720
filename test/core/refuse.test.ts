import { describe, expect, it } from 'vitest';
import { combine, faultResult } from '../../src/core/evaluate.ts';
import {
  ActionDeferredError,
  ActionEscalatedError,
  ActionGuardExecutionError,
  BudgetExceededError,
  CascadeDepthExceededError,
  ExecutionBlockedError,
  HumanApprovalTimeoutError,
  PolicyViolationError,
  RateLimitExceededError,
  TrustViolationError,
} from '../../src/core/refusals.ts';
import { refusalFor, refusalValue } from '../../src/core/refuse.ts';
import type { EvaluationResult, EvaluatorResult } from '../../src/core/result.ts';
import { intentOf } from '../evaluators/action.ts';

const intent = intentOf({ toolName: 'delete_file', intent: '/etc/passwd', agentId: 'worker' });

function decided(result: Partial<EvaluatorResult>): EvaluationResult {
  const full = { ...faultResult('policy_engine', 'System files stay as they are'), metadata: {}, ...result };
  return combine([full], 0);
}

const byRule = { ruleName: 'no_etc', policyName: 'production' };

describe('refusalFor', () => {
  it.each<[string, Partial<EvaluatorResult>, new (...args: never[]) => PolicyViolationError, object]>([
    ['a rule blocks', { metadata: byRule }, ExecutionBlockedError, { approvalId: null, note: null }],
    [
      'a person denied it',
      { metadata: { ...byRule, denied: { approvalId: 'a1', note: 'not today' } } },
      ExecutionBlockedError,
      { approvalId: 'a1', note: 'not today' },
    ],
    ['a part of the guard failed', { metadata: { fault: true } }, ActionGuardExecutionError, {}],
    [
      'a person must decide',
      { verdict: 'ESCALATE', metadata: { escalateTo: 'dba' } },
      ActionEscalatedError,
      { escalateTo: 'dba' },
    ],
    [
      'it is put off',
      { verdict: 'DEFER', metadata: { deferSeconds: 30 } },
      ActionDeferredError,
      { deferSeconds: 30 },
    ],
    [
      'nobody answered',
      { metadata: { approvalTimedOut: 300 } },
      HumanApprovalTimeoutError,
      { timeoutSeconds: 300 },
    ],
    [
      'trust is too low',
      { evaluatorName: 'trust', metadata: { requiredTrust: 0.8, actualTrust: 0.3 } },
      TrustViolationError,
      { agentId: 'worker', requiredTrust: 0.8, actualTrust: 0.3 },
    ],
    [
      'the chain is too deep',
      { evaluatorName: 'cascade', metadata: { currentDepth: 5, maxDepth: 4 } },
      CascadeDepthExceededError,
      { currentDepth: 5, maxDepth: 4 },
    ],
    [
      'a rate is used up',
      { evaluatorName: 'rate_limiter', metadata: { limit: '60/min' } },
      RateLimitExceededError,
      { agentId: 'worker', toolName: 'delete_file', limit: '60/min' },
    ],
    [
      'a budget is used up',
      { evaluatorName: 'cost_estimator', metadata: { currentSpend: 4.5, budgetLimit: 5 } },
      BudgetExceededError,
      { currentSpend: 4.5, budgetLimit: 5 },
    ],
  ])(
    'when %s, is the error for that, a PolicyViolationError with its facts',
    (_what, result, kind, fields) => {
      const error = refusalFor(intent, decided(result));
      expect(error).toBeInstanceOf(kind);
      expect(error).toBeInstanceOf(PolicyViolationError);
      expect(error).toMatchObject(fields);
      expect(error.name).toBe(kind.name);
      expect(error.intent).toBe('/etc/passwd');
      expect(error.message).toBe(`${error.whatHappened} ${error.howToFix}`);
    },
  );

  it('says what happened, which rule, and how to fix it, in sentences for the model', () => {
    const result = { suggestedAction: 'write below /tmp', metadata: byRule } as const;
    const error = refusalFor(intent, decided(result));
    expect(error.message).toBe(
      '`delete_file` was not run; it was blocked by rule "no_etc" of policy "production": ' +
        'System files stay as they are. Do not retry this call unchanged. Instead: write below /tmp.',
    );
    expect(error).toMatchObject({
      verdict: 'BLOCK',
      reason: 'System files stay as they are',
      ruleName: 'no_etc',
      policyTriggered: 'production',
      code: 'EXECUTION_BLOCKED',
    });
    expect(error.details).toMatchObject({ verdict: 'BLOCK', actionId: intent.actionId });
  });

  it('tells a default from a rule, and how to add one', () => {
    const error = refusalFor(intent, decided({ metadata: { defaulted: true, policyName: 'production' } }));
    expect(error.whatHappened).toContain('by the default of policy "production"');
    expect(error.howToFix).toContain('add a rule that allows it');
  });

  it('names whom to ask, and when to come back', () => {
    const asked = refusalFor(intent, decided({ verdict: 'ESCALATE', metadata: { escalateTo: 'the DBA' } }));
    expect(asked.howToFix).toContain('Ask the DBA to approve this exact call');
    const later = refusalFor(intent, decided({ verdict: 'DEFER', metadata: { deferSeconds: 30 } }));
    expect(later.howToFix).toContain('again in 30 s');
  });

  it('ends with one full stop, whatever the reason ends with', () => {
    for (const reason of ['no.', 'no!', 'no', '']) {
      const { whatHappened } = refusalFor(intent, decided({ reason, metadata: byRule }));
      expect(whatHappened).toMatch(/[^.][.!]$/);
    }
  });
});

describe('messages', () => {
  it.each([
    ['Stop:', 'Stop:'],
    ['boo.', 'boo.'],
    ['boo. ', 'boo.'],
    ['do x!', 'do x!'],
    ['Sure?', 'Sure?'],
    ['wait…', 'wait…'],
    ['不可。', '不可。'],
    ['He said "no."', 'He said "no."'],
    ['(ask first!)', '(ask first!)'],
    ['plain', 'plain.'],
    ['(plain)', '(plain).'],
  ])('end %j as %j, in the reason and in the suggestion', (text, ended) => {
    const { whatHappened, howToFix } = refusalFor(
      intent,
      decided({ reason: text, suggestedAction: text, metadata: byRule }),
    );
    expect(whatHappened.endsWith(`: ${ended}`)).toBe(true);
    expect(howToFix.endsWith(` Instead: ${ended}`)).toBe(true);
  });

  it('take an empty escalateTo for none', () => {
    const error = refusalFor(intent, decided({ verdict: 'ESCALATE', metadata: { escalateTo: '' } }));
    expect(error.howToFix).toContain('Ask a person to approve');
    expect(error).toMatchObject({ escalateTo: null });
  });

  it('say now when the wait is over at once', () => {
    const error = refusalFor(intent, decided({ verdict: 'DEFER', metadata: { deferSeconds: 0 } }));
    expect(error.howToFix).toBe('Try the same call again now.');
  });

  it.each([
    ['arguments', 'the guard, which could not read the arguments', 'Pass plain data'],
    ['facts', 'the guard, which could not read what judging needs', 'limiter'],
    ['journal', 'the guard, which could not write its journal', 'store of the journal writable'],
    [
      'approvals',
      'the guard, which could not read or write its approvals',
      'store of the approvals readable',
    ],
    ['guard', 'the guard, which was closed', 'before the guard is closed'],
    ['limiter', 'the guard, which could not count the call', 'Make the limiter answer'],
    ['core', 'the guard itself', 'Leave the policy engine on, or add an evaluator that allows.'],
    ['mine', 'the evaluator "mine"', 'Repair the evaluator "mine", or remove it.'],
    ['constructor', 'the evaluator "constructor"', 'Repair the evaluator "constructor"'],
  ])('of a fault in %s name the part and what mends it', (name, called, fix) => {
    const error = refusalFor(intent, combine([faultResult(name, 'It broke.')], 0));
    expect(error.whatHappened).toContain(`blocked by ${called}: It broke.`);
    expect(error.howToFix).toContain(fix);
  });

  it('cut long names, never the reason', () => {
    const long = 'n'.repeat(5_000);
    const metadata = { ruleName: long, policyName: long };
    const { whatHappened } = refusalFor(
      intentOf({ toolName: long }),
      decided({ reason: 'r'.repeat(3_000), metadata }),
    );
    expect(whatHappened).toContain('r'.repeat(3_000));
    expect(whatHappened.length).toBeLessThan(3_800);
    const error = refusalFor(intent, decided({ verdict: 'ESCALATE', metadata: { escalateTo: long } }));
    expect(error.howToFix.length).toBeLessThan(300);
  });
});

describe('refusalValue', () => {
  it.each([
    ['BLOCK', 'action_blocked', false],
    ['ESCALATE', 'action_escalated', false],
    ['DEFER', 'action_deferred', true],
  ] as const)('says the same as the error for %s, as plain data', (verdict, word, retryable) => {
    const error = refusalFor(intent, decided({ verdict, metadata: byRule }));
    expect(refusalValue(error)).toEqual({
      refused: true,
      error: word,
      verdict,
      policy: 'production',
      rule: 'no_etc',
      reason: 'System files stay as they are',
      message: error.message,
      retryable,
    });
  });

  it('calls a full rate window retryable', () => {
    const limited = { evaluatorName: 'rate_limiter', metadata: { limit: '1/sec' } };
    expect(refusalValue(refusalFor(intent, decided(limited))).retryable).toBe(true);
  });
});
