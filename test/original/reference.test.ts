import { describe, expect, it } from 'vitest';
import * as guardPackage from '../../src/index.ts';
import {
  ActionDeferredError,
  ActionEscalatedError,
  ActionGuard,
  ActionGuardError,
  ExecutionBlockedError,
  Policy,
  PolicyViolationError,
  RiskLevel,
  TrustLevel,
  Verdict,
} from '../../src/index.ts';
import { refusalOf } from '../call/guards.ts';

/** What the original's reference lists, in our spelling. */
const policy = new Policy({
  name: 'reference',
  defaultAction: 'allow',
  rules: [
    { pattern: '^no', action: 'block', reason: 'never', suggestion: 'ask nicely' },
    { pattern: '^ask', action: 'escalate', reason: 'a person must', escalateTo: 'ops' },
    { pattern: '^later', action: 'defer', reason: 'not now', deferSeconds: 60 },
    { pattern: '^hm', action: 'warn', reason: 'careful' },
  ],
});

describe('ActionGuard', () => {
  it('is made without a file, from a file, or from settings', () => {
    expect(ActionGuard.default().evaluate('hello').outcome).toBe('ALLOW');
    const guard = new ActionGuard({
      policies: [{ name: 'no_mail', action_types: ['mail.*'], verdict: 'BLOCK' }],
    });
    expect(guard.evaluate({ actionType: 'mail.send' })).toMatchObject({
      verdict: 'BLOCK',
      policyTriggered: 'no_mail',
    });
    expect(guard.evaluate({ actionType: 'file.read' }).verdict).toBe('ALLOW');
  });

  it('protects a function as an action of a type', () => {
    const guard = new ActionGuard({ policy });
    const remove = guard.protect('file.delete', { riskLevel: 'HIGH', rollback: true, tags: ['x'] })(
      (path: string) => path,
    );
    expect((remove as unknown as { _plyraGuardProtected: boolean })._plyraGuardProtected).toBe(true);
    expect(remove('a')).toBe('a');
    expect(guard.getAuditLog({ actionType: 'file.delete' })[0]).toMatchObject({
      riskLevel: 'HIGH',
      tags: ['x'],
    });
  });

  it('wraps a list of functions, giving a list back', () => {
    const [first, second] = new ActionGuard({ policy }).wrap([(a: string) => a, async (b: number) => b]);
    expect(first('x')).toBe('x');
    expect(second(1)).toBeInstanceOf(Promise);
  });

  it('evaluates and explains without running anything', async () => {
    const guard = new ActionGuard({ policy });
    const intent = { actionType: 'x', intent: 'no way' } as const;
    expect(guard.evaluate(intent)).toMatchObject({
      verdict: 'BLOCK',
      evaluatorName: 'policy_engine',
      confidence: 1,
    });
    expect((await guard.evaluateAsync(intent)).verdict).toBe('BLOCK');
    expect(guard.explain(intent)).toContain('never');
    expect(await guard.explainAsync(intent)).toContain('policy_engine');
    expect(guard.getAuditLog()).toEqual([]);
  });

  it('answers the filters of its audit log', () => {
    const guard = new ActionGuard({ policy });
    guard.setTaskContext(
      'task-1',
      'agent-1',
      guard.wrap(() => 1),
    );
    guard.wrap(() => 2)();
    expect(guard.getAuditLog()).toHaveLength(2);
    const now = new Date(Date.now() + 1000);
    for (const filter of [
      { agentId: 'agent-1' },
      { taskId: 'task-1' },
      { verdict: 'ALLOW', limit: 1 },
    ] as const) {
      expect(guard.getAuditLog(filter)).toHaveLength(1);
    }
    expect(guard.getAuditLog({ actionType: 'nothing' })).toEqual([]);
    expect(guard.getAuditLog({ toTime: now })).toHaveLength(2);
    expect(guard.getAuditLog({ fromTime: now })).toEqual([]);
  });

  it('counts in its metrics', () => {
    const guard = new ActionGuard({ policy });
    const tool = guard.wrap((what: string) => what);
    for (const what of ['ok', 'hm']) tool(what);
    for (const what of ['no', 'ask', 'later']) expect(() => tool(what)).toThrow(PolicyViolationError);
    expect(guard.getMetrics()).toMatchObject({
      ...{ totalActions: 5, allowedActions: 1, warnedActions: 1, blockedActions: 1, escalatedActions: 1 },
      ...{ deferredActions: 1, rollbacks: 0, rollbackFailures: 0, totalCost: 0 },
    });
    expect({ ...guard.getMetrics().actionsByAgent }).toEqual({ default: 5 });
    expect({ ...guard.getMetrics().verdictsByPolicy }).toEqual({ reference: 5 });
  });

  it('hands every entry to an exporter', async () => {
    const guard = new ActionGuard({ policy });
    const seen: string[] = [];
    guard.addExporter({ export: (entry) => void seen.push(entry.actionId) });
    guard.wrap(() => 1)();
    await guard.flush();
    expect(seen).toEqual([guard.history()[0]?.id]);
  });

  it('knows agents by level or number', () => {
    const guard = new ActionGuard({ policy });
    guard.registerAgent('a', TrustLevel.PEER);
    guard.registerAgent('b', 0.25);
    for (const odd of [2, -1, Number.NaN, 'BOSS'])
      expect(() => guard.registerAgent('c', odd as never)).toThrow();
  });
});

describe('an action', () => {
  it('has the documented defaults', () => {
    const guard = new ActionGuard({ policy });
    guard.wrap(function tool() {})();
    expect(guard.getAuditLog()[0]).toMatchObject({
      ...{
        agentId: 'default',
        taskId: null,
        estimatedCost: 0,
        riskLevel: 'MEDIUM',
        instructionChain: [],
        tags: [],
      },
      ...{ parameters: {}, rolledBack: false, error: null, toolName: 'tool', actionType: 'tool.tool' },
    });
    expect(guard.getAuditLog()[0]?.actionId).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(guard.getAuditLog()[0]?.timestamp).toBeInstanceOf(Date);
  });
});

describe('enums', () => {
  it('Verdict', () => {
    expect([Verdict.ALLOW, Verdict.BLOCK, Verdict.ESCALATE, Verdict.DEFER, Verdict.WARN]).toEqual([
      ...['ALLOW', 'BLOCK', 'ESCALATE', 'DEFER', 'WARN'],
    ]);
    expect([
      Verdict.isPermissive('ALLOW'),
      Verdict.isPermissive('WARN'),
      Verdict.isPermissive('DEFER'),
    ]).toEqual([true, true, false]);
    expect((['BLOCK', 'ESCALATE', 'DEFER', 'ALLOW'] as const).map(Verdict.isBlocking)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('RiskLevel', () => {
    expect((['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const).map(RiskLevel.baseScore)).toEqual([
      0.1, 0.3, 0.6, 0.9,
    ]);
  });

  it('TrustLevel', () => {
    const levels = ['HUMAN', 'ORCHESTRATOR', 'PEER', 'SUB_AGENT', 'UNKNOWN'] as const;
    expect(levels.map(TrustLevel.score)).toEqual([1, 0.8, 0.5, 0.3, 0]);
  });
});

describe('errors', () => {
  const tool = new ActionGuard({ policy }).wrap((what: string) => what);

  it('of a blocked call say what happened, which policy and how to fix it', async () => {
    const error = (await refusalOf(() => tool('no'))) as ExecutionBlockedError;
    expect(error).toBeInstanceOf(ExecutionBlockedError);
    expect(error).toMatchObject({
      verdict: 'BLOCK',
      reason: 'never',
      policyTriggered: 'reference',
      ruleName: 'block:^no',
    });
    expect(error.whatHappened).toContain('was not run');
    expect(error.howToFix).toContain('ask nicely');
  });

  it('of an escalated and a deferred call say whom to ask and how long to wait', async () => {
    const escalated = await refusalOf(() => tool('ask'));
    expect(escalated).toBeInstanceOf(ActionEscalatedError);
    expect(escalated).toMatchObject({ reason: 'a person must', escalateTo: 'ops' });
    const deferred = await refusalOf(() => tool('later'));
    expect(deferred).toBeInstanceOf(ActionDeferredError);
    expect(deferred).toMatchObject({ reason: 'not now', deferSeconds: 60 });
  });

  it('are all there, and all extend ActionGuardError', () => {
    const names = [
      ...['ExecutionBlockedError', 'ActionEscalatedError', 'ActionDeferredError', 'ExecutionTimeoutError'],
      ...[
        'TrustViolationError',
        'CascadeDepthExceededError',
        'PolicyError',
        'PolicyParseError',
        'PolicyConditionError',
      ],
      ...['ConfigError', 'ConfigFileNotFoundError', 'ConfigValidationError', 'ConfigSchemaError'],
      ...['RateLimitExceededError', 'BudgetExceededError', 'HumanApprovalTimeoutError', 'RollbackError'],
      ...[
        'RollbackHandlerNotFoundError',
        'SnapshotNotFoundError',
        'RollbackFailedError',
        'AgentNotRegisteredError',
      ],
      ...[
        'AdapterNotFoundError',
        'AdapterWrappingError',
        'ExporterError',
        'SidecarError',
        'SidecarStartupError',
      ],
    ];
    for (const name of names) {
      const found: unknown = Reflect.get(guardPackage, name);
      expect(found, name).toBeTypeOf('function');
      expect((found as { prototype: unknown }).prototype, name).toBeInstanceOf(ActionGuardError);
    }
  });
});
