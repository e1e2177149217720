import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyChain } from '../src/core/chain.ts';
import type { AuditEntry } from '../src/core/entry.ts';
import { ConfigError, ConfigSchemaError, ConfigValidationError } from '../src/core/errors.ts';
import type { Evaluator } from '../src/core/evaluator.ts';
import type { ActionIntent, ActionIntentInput } from '../src/core/intent.ts';
import type { Store } from '../src/stores/store.ts';
import { FakeClock } from '../src/testing/fake-clock.ts';
import { settled } from './call/clocks.ts';
import { memoryStore, mixedGuard, openGuard } from './call/guards.ts';

describe('evaluate', () => {
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

describe('history and audit log', () => {
  it('tell every call, newest first, with what became of it', async () => {
    const guard = mixedGuard();
    const call = guard.wrap(function read(what: string) {
      return what === 'fail' ? JSON.parse('{') : what.length;
    });
    call('ok');
    expect(() => call('/etc/x')).toThrow();
    expect(() => call('fail')).toThrow(SyntaxError);
    expect(
      guard.history().map(({ toolName, intent, outcome }) => `${toolName} ${intent} ${outcome}`),
    ).toEqual([...['read fail ERROR', 'read /etc/x BLOCK', 'read ok ALLOW']]);
    expect(guard.history({ outcome: 'ALLOW' })[0]).toMatchObject({
      result: 2,
      error: null,
      args: { arg0: 'ok' },
    });
    expect(await guard.historyAsync()).toEqual(guard.history());
    expect(await guard.getAuditLogAsync()).toEqual(guard.getAuditLog());
  });

  it('can be filtered and limited', () => {
    const clock = new FakeClock();
    const guard = mixedGuard({ clock });
    const a = guard.wrap(function a(_what: string) {});
    const b = guard.wrap(function b(_what: string) {});
    a('1');
    clock.advance(1000);
    const since = new Date(clock.now());
    b('2');
    expect(() => a('/etc/x')).toThrow();
    const intents = (filter: Parameters<typeof guard.history>[0]) =>
      guard.history(filter).map(({ intent }) => intent);
    expect(intents({ limit: 1 })).toEqual(['/etc/x']);
    expect(intents({ toolName: 'a' })).toEqual(['/etc/x', '1']);
    expect(intents({ outcome: 'BLOCK' })).toEqual(['/etc/x']);
    expect(intents({ since })).toEqual(['/etc/x', '2']);
    expect(intents({ since: since.toISOString() })).toEqual(['/etc/x', '2']);
    expect(() => guard.history({ since: 'yesterday' })).toThrow(ConfigValidationError);
  });

  it('measure from interception to the end, and the run by itself', async () => {
    const clock = new FakeClock();
    const guard = openGuard({
      clock,
      escalationHandler: () => {
        clock.advance(100);
        return true;
      },
    });
    guard.addEvaluator({ name: 'asks', evaluate: () => ({ verdict: 'ESCALATE' }) });
    guard.wrap(() => clock.advance(20))();
    expect(guard.history()[0]?.latencyMs).toBe(120);
    expect(guard.getAuditLog()[0]).toMatchObject({ durationMs: 20, elapsedMs: 120, latencyMs: 0 });
  });

  it('are chained, so that an edit shows', () => {
    const store = memoryStore();
    const guard = mixedGuard({ store });
    const call = guard.wrap((what: string) => what);
    call('a');
    expect(() => call('/etc/x')).toThrow();
    const records = store.records();
    const sha256 = (text: string): string => hash('sha256', text);
    expect(records.map(({ kind }) => kind)).toEqual(['decided', 'done', 'decided']);
    expect(verifyChain(records, sha256).brokenAt).toBeNull();
    const forged = records.map((record, i) =>
      i === 2 ? { ...record, body: { ...record.body, verdict: 'ALLOW' } } : record,
    );
    expect(verifyChain(forged, sha256)).toEqual({ brokenAt: 2, problem: 'edited' });
  });

  it('give the same digest to the same call only', () => {
    const guard = openGuard();
    const call = guard.wrap((_input: { path: string; n: number }) => 1);
    call({ path: '/tmp/a', n: 1 });
    call({ n: 1, path: '/tmp/a' });
    call({ path: '/tmp/a', n: 2 });
    const [other, again, first] = guard.getAuditLog().map(({ digest }) => digest);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('say on a store that answers later which method to use', async () => {
    const healthy = memoryStore();
    const later =
      <A extends unknown[], R>(method: (...args: A) => R) =>
      async (...args: A) =>
        method(...args);
    const store: Store = {
      ...{
        name: 'far',
        remote: true,
        append: later((drafts) => healthy.append(drafts)),
        close: later(() => undefined),
      },
      entries: later((filter) => healthy.entries(filter)),
      entry: later((id) => healthy.entry(id)),
      records: later(() => healthy.records()),
    };
    const guard = openGuard({ store });
    expect(() => guard.wrap(() => 1)).toThrow(ConfigError);
    expect(() => guard.wrap(() => 1)).toThrow('add `async: true`');
    expect(await guard.wrap(() => 1, { async: true })()).toBe(1);
    expect(await guard.wrap(async () => 2)()).toBe(2);
    expect(() => guard.history()).toThrow('use `historyAsync`');
    expect(() => guard.getAuditLog()).toThrow('use `getAuditLogAsync`');
    expect((await guard.historyAsync()).map(({ result }) => result)).toEqual([2, 1]);
    await guard.ready();
    await guard.close();
  });
});

describe('exporters', () => {
  it('get every finished action once, and cannot change what came of it', async () => {
    const seen: AuditEntry[] = [];
    const boom = (): never => {
      throw new Error('boom');
    };
    const guard = mixedGuard({ exporters: [{ export: boom }, { export: async () => boom() }] });
    guard.addExporter({ export: (entry) => void seen.push(entry) });
    const call = guard.wrap((what: string) => (what === 'fail' ? boom() : what));
    call('ok');
    expect(() => call('/etc/x')).toThrow();
    expect(() => call('fail')).toThrow('boom');
    await guard.flush();
    expect(seen.map(({ intent, state }) => `${intent} ${state}`)).toEqual([
      'ok done',
      '/etc/x refused',
      'fail failed',
    ]);
  });

  it('are flushed and closed with the guard', async () => {
    const seen: string[] = [];
    {
      await using guard = openGuard();
      guard.addExporter({
        export: () => undefined,
        flush: () => void seen.push('flush'),
        close: () => void seen.push('close'),
      });
    }
    expect(seen).toContain('close');
  });
});

function cyclic(): object {
  const loop: { self?: object } = {};
  loop.self = loop;
  return loop;
}
