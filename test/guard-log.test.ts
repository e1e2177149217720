import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyChain } from '../src/core/chain.ts';
import type { AuditEntry } from '../src/core/entry.ts';
import { ConfigError, ConfigValidationError } from '../src/core/errors.ts';
import { PolicyViolationError } from '../src/core/refusals.ts';
import { bodyText } from '../src/core/wire.ts';
import type { Store } from '../src/stores/store.ts';
import { FakeClock } from '../src/testing/fake-clock.ts';
import { memoryStore, mixedGuard, openGuard } from './call/guards.ts';

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

  it('have no key of the guard in camel case on disk', () => {
    const store = memoryStore();
    const config = {
      budget: { perTask: 1, escalateAbove: 0.5 },
      rateLimits: { default: '2/min' },
      evaluators: { humanGate: { enabled: true, riskLevels: ['CRITICAL'], actionTypes: ['mail.*'] } },
      policies: [{ name: 'broken', condition: "parameters.n.startswith('x')", verdict: 'WARN' }],
    } as const;
    const guard = mixedGuard({ store, config, escalationHandler: () => true });
    const calls = [
      guard.protect('mail.send', { riskLevel: 'CRITICAL', estimatedCost: 0.6 })((_input: { n: number }) => 1),
      guard.protect('pay.now', { minTrust: 1 })((_input: { n: number }) => 1),
    ];
    for (const call of [...calls, ...calls, ...calls]) {
      try {
        call({ n: 5 });
      } catch (error) {
        expect(error).toBeInstanceOf(PolicyViolationError);
      }
    }
    const texts = store.records().map(({ kind, body }) => bodyText(kind, body));
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.join().match(/"[a-z]+[A-Z]\w*":/g)).toBeNull();
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
      frozen: later(() => healthy.frozen()),
      setFrozen: later((freeze, draft) => healthy.setFrozen(freeze, draft)),
      keepPolicy: later(() => healthy.keepPolicy()),
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
