import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { driveSync } from '../src/call/drive-sync.ts';
import { readInput } from '../src/call/intent-of-call.ts';
import { judgeFresh } from '../src/call/steps.ts';
import { parseConfig } from '../src/config/load.ts';
import type { EvaluationResult } from '../src/core/result.ts';
import { MemoryLimiter } from '../src/limits/memory.ts';
import { Runtime } from '../src/runtime.ts';
import { memoryStore } from './call/guards.ts';

const BLOCKING = parseConfig(
  'name: first\nrules: [{pattern: x, action: block, reason: first}]\ndefault_action: allow\n',
);
const ALLOWING = parseConfig('name: second\nrules: []\ndefault_action: allow\n');

function judge(runtime: Runtime, intent: string): EvaluationResult {
  const { services } = runtime;
  return driveSync(
    judgeFresh(readInput(intent, {}, services), null, services),
    services.clock,
  ) as EvaluationResult;
}

/** Warnings that were emitted while a test ran. */
let warnings: Error[] = [];
const note = (warning: Error): void => void warnings.push(warning);
beforeEach(() => {
  warnings = [];
  process.on('warning', note);
});
afterEach(() => void process.off('warning', note));

describe('a reload', () => {
  it('puts the new policy in force from the next call on, and journals that', () => {
    const store = memoryStore();
    const runtime = new Runtime({ store }, BLOCKING);
    expect(judge(runtime, 'x').verdict).toBe('BLOCK');
    runtime.reload(ALLOWING);
    expect(judge(runtime, 'x').verdict).toBe('ALLOW');
    expect(runtime.status).toMatchObject({ revision: ALLOWING.revision, error: null });
    expect(store.records().map(({ kind, body }) => [kind, body])).toEqual([
      ['policy', { event: 'loaded', revision: ALLOWING.revision }],
    ]);
  });

  it('that cannot be used leaves the last good policy in force, whole, and says so', async () => {
    let broken = false;
    const limiter = new MemoryLimiter({ now: () => 0 });
    const configure = limiter.configure.bind(limiter);
    limiter.configure = (limits) => {
      if (broken) throw new Error('no such rate');
      configure(limits);
    };
    const runtime = new Runtime({ limiter, store: memoryStore() }, BLOCKING);
    broken = true;
    runtime.reload(ALLOWING);
    expect(judge(runtime, 'x')).toMatchObject({ verdict: 'BLOCK', policyTriggered: 'first' });
    expect(runtime.status.revision).toBe(BLOCKING.revision);
    expect(runtime.status.error?.message).toBe('no such rate');
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings.map(({ message }) => message)).toEqual([
      'The policy in force stays, because its new version cannot be loaded: no such rate',
    ]);
    broken = false;
    runtime.reload(ALLOWING);
    expect(runtime.status.error).toBeNull();
    expect(judge(runtime, 'x').verdict).toBe('ALLOW');
  });

  it('that fails half way leaves the agents of the last good configuration', () => {
    const runtime = new Runtime({}, parseConfig('agents: [{id: a, trust_level: 0.2}]'));
    const register = runtime.ledger.register.bind(runtime.ledger);
    runtime.ledger.register = (id, ...rest) => {
      if (id === 'b') throw new Error('half way');
      register(id, ...rest);
    };
    runtime.reload(parseConfig('agents: [{id: a, trust_level: 0.9}, {id: b}]'));
    expect(runtime.status.error?.message).toBe('half way');
    expect(runtime.ledger.get('a')?.trustLevel).toBe(0.2);
  });

  it('is told of, and changes nothing, when the new files do not load', () => {
    const runtime = new Runtime({}, BLOCKING);
    runtime.reloadFailed(new Error('line 3'));
    expect(runtime.status).toMatchObject({ revision: BLOCKING.revision, error: new Error('line 3') });
    expect(judge(runtime, 'x').verdict).toBe('BLOCK');
  });

  it('takes back the agents that the files name no longer, and keeps those registered in code', () => {
    const runtime = new Runtime({}, parseConfig('agents: [{id: a, trust_level: 0.9}, {id: b}]'));
    runtime.ledger.register('code', 0.7);
    runtime.reload(parseConfig('agents: [{id: b}]'));
    expect(runtime.ledger.agents().map(({ id }) => id)).toEqual(['b', 'code']);
  });

  it('keeps custom evaluators and the trust of agents', () => {
    const runtime = new Runtime(
      { evaluators: [{ name: 'mine', evaluate: () => ({ verdict: 'WARN' }) }] },
      BLOCKING,
    );
    runtime.ledger.register('a', 0.5);
    runtime.reload(ALLOWING);
    expect(judge(runtime, 'x').verdict).toBe('WARN');
    expect(runtime.ledger.get('a')?.trustLevel).toBe(0.5);
  });

  it('survives a store that cannot be written', () => {
    const store = memoryStore();
    store.append = () => {
      throw new Error('disk full');
    };
    const runtime = new Runtime({ store }, BLOCKING);
    runtime.reload(ALLOWING);
    expect(judge(runtime, 'x').verdict).toBe('ALLOW');
    expect(runtime.journal.failures).toBe(1);
  });
});
