import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ActionGuard,
  IrreversibleError,
  Policy,
  RollbackFailedError,
  type RollbackHandler,
  RollbackHandlerNotFoundError,
  SnapshotNotFoundError,
} from '../../src/index.ts';

const ALLOW = new Policy({ rules: [], defaultAction: 'allow' });

let folder: string;
let guards: ActionGuard[];
/** What the tools of these tests change. */
let values: Map<string, string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plyra-rollback-'));
  guards = [];
  values = new Map();
});

afterEach(async () => {
  for (const guard of guards) await guard.close();
  rmSync(folder, { recursive: true });
});

/** Undoes `value.set`, with everything that a handler may have. */
function valueHandler(): RollbackHandler {
  const stateOf = (key: string): Record<string, string> => {
    const value = values.get(key);
    return value === undefined ? {} : { [key]: value };
  };
  return {
    name: 'values',
    actionTypes: ['value.set'],
    capture: ({ parameters }) => ({ key: parameters.key, value: values.get(String(parameters.key)) ?? null }),
    state: ({ data }, when) => {
      const { key, value } = data as { key: string; value: string | null };
      if (when === 'before') return value === null ? {} : { [key]: value };
      return stateOf(key);
    },
    restore: ({ data }) => {
      const { key, value } = data as { key: string; value: string | null };
      if (value === null) values.delete(key);
      else values.set(key, value);
    },
  };
}

function start(place: 'memory' | 'sqlite', handler: RollbackHandler | null = valueHandler(), options = {}) {
  const guard = new ActionGuard({
    policy: ALLOW,
    snapshotPath: place === 'memory' ? null : join(folder, 'journal.db'),
    ...options,
  });
  guards.push(guard);
  if (handler !== null) guard.registerRollbackHandler('value.*', handler);
  const set = guard.protect('value.set')(({ key, value }: { key: string; value: string }) => {
    values.set(key, value);
    return value;
  });
  return { guard, set };
}

function lastId(guard: ActionGuard): string {
  return guard.getAuditLog({ limit: 1 })[0]?.actionId ?? '';
}

describe.each(['memory', 'sqlite'] as const)('with snapshots in %s', (place) => {
  it('puts back what was there before, once, and says so in the entry', async () => {
    const { guard, set } = start(place);
    values.set('a', 'old');
    set({ key: 'a', value: 'new' });
    const id = lastId(guard);
    const [before] = guard.getAuditLog();
    expect(before).toMatchObject({ reversible: true, rolledBack: false, snapshotId: expect.any(String) });
    expect(await guard.rollback(id)).toBe(true);
    expect(values.get('a')).toBe('old');
    expect(await guard.rollback(id)).toBe(false);
    const [undoing, entry] = guard.getAuditLog();
    expect(entry).toMatchObject({ actionId: id, rolledBack: true, state: 'done' });
    expect(undoing).toMatchObject({
      actionType: 'rollback',
      parentActionId: id,
      state: 'done',
      outcome: 'ALLOW',
    });
    expect(guard.getMetrics()).toMatchObject({ rollbacks: 1, rollbackFailures: 0 });
  });

  it('removes what was not there before', async () => {
    const { guard, set } = start(place);
    set({ key: 'a', value: 'new' });
    expect(await guard.rollback(lastId(guard))).toBe(true);
    expect(values.has('a')).toBe(false);
  });

  it('changes nothing where somebody changed it since, and names before, after and now', async () => {
    const { guard, set } = start(place);
    values.set('a', 'old');
    set({ key: 'a', value: 'new' });
    const id = lastId(guard);
    values.set('a', 'edited');
    const error = await guard.rollback(id).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RollbackFailedError);
    expect((error as Error).message).toContain('a: before the action old; after it new; now edited');
    expect((error as RollbackFailedError).details).toMatchObject({
      conflicts: [{ item: 'a', before: 'old', after: 'new', now: 'edited' }],
    });
    expect(values.get('a')).toBe('edited');
    const [undoing, entry] = guard.getAuditLog();
    expect(entry).toMatchObject({ actionId: id, rolledBack: false });
    expect(undoing).toMatchObject({ actionType: 'rollback', state: 'failed', outcome: 'ERROR' });
    expect(guard.getMetrics()).toMatchObject({ rollbacks: 0, rollbackFailures: 1 });
  });

  it('overwrites later changes by force, and journals that', async () => {
    const { guard, set } = start(place);
    set({ key: 'a', value: 'new' });
    const id = lastId(guard);
    values.set('a', 'edited');
    expect(await guard.rollback(id, { force: true })).toBe(true);
    expect(values.has('a')).toBe(false);
    expect(guard.getAuditLog()[0]).toMatchObject({ labels: ['forced'], parameters: { force: true } });
  });

  it('says what a dry run would do, and changes nothing', async () => {
    const { guard, set } = start(place);
    values.set('a', 'old');
    set({ key: 'a', value: 'new' });
    const id = lastId(guard);
    expect(await guard.rollback(id, { dryRun: true })).toBe(true);
    expect(await guard.rollbackPlan(id)).toMatchObject({
      changes: [{ item: 'a', before: 'old', after: 'new', now: 'new' }],
      conflicts: [],
    });
    expect(values.get('a')).toBe('new');
    expect(guard.getAuditLog()).toHaveLength(1);
    values.set('a', 'edited');
    await expect(guard.rollback(id, { dryRun: true })).rejects.toThrow(RollbackFailedError);
  });

  it('undoes an action once however many ask at once', async () => {
    let restores = 0;
    const handler = valueHandler();
    const { guard, set } = start(place, {
      ...handler,
      restore: async (snapshot, context) => {
        restores++;
        await handler.restore(snapshot, context);
      },
    });
    set({ key: 'a', value: 'new' });
    const id = lastId(guard);
    const answers = await Promise.all(Array.from({ length: 8 }, () => guard.rollback(id)));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(restores).toBe(1);
  });

  it('undoes the actions of a task in reverse, across agents, and reports them', async () => {
    const { guard, set } = start(place);
    const look = guard.protect('value.get')(({ key }: { key: string }) => values.get(key));
    guard.withContext({ taskId: 't', agentId: 'one' }, () => set({ key: 'a', value: '1' }));
    guard.withContext({ taskId: 't', agentId: 'two' }, () => set({ key: 'a', value: '2' }));
    guard.withContext({ taskId: 't', agentId: 'two' }, () => look({ key: 'a' }));
    guard.withContext({ taskId: 'other' }, () => set({ key: 'b', value: 'kept' }));
    const [, looked, second, first] = guard.getAuditLog().map(({ actionId }) => actionId);
    const report = await guard.rollbackTask('t');
    expect(report).toMatchObject({
      ...{ taskId: 't', totalActions: 3, failed: [], success: true },
      ...{ rolledBack: [second, first], skipped: [looked] },
    });
    expect(report.reasons[looked ?? '']).toContain('Nothing was captured');
    expect(Object.fromEntries(values)).toEqual({ b: 'kept' });
    expect(await guard.rollbackTask('t')).toMatchObject({ rolledBack: [], success: false });
  });

  it('goes on behind a failure, or stops, as asked', async () => {
    const { guard, set } = start(place);
    for (const key of ['a', 'b', 'c']) guard.withContext({ taskId: 't' }, () => set({ key, value: 'x' }));
    const [c, b, a] = guard.getAuditLog().map(({ actionId }) => actionId);
    values.set('b', 'edited');
    const dry = await guard.rollbackTask('t', { dryRun: true });
    expect(dry).toMatchObject({ rolledBack: [c, a], failed: [b] });
    expect(Object.fromEntries(values)).toEqual({ a: 'x', b: 'edited', c: 'x' });
    const stopped = await guard.rollbackTask('t', { onFailure: 'stop' });
    expect(stopped).toMatchObject({ rolledBack: [c], failed: [b], skipped: [a], success: false });
    const report = await guard.rollbackTask('t');
    expect(report).toMatchObject({ rolledBack: [a], failed: [b], skipped: [c], success: false });
    expect(report.reasons[b ?? '']).toContain('now edited');
    expect(Object.fromEntries(values)).toEqual({ b: 'edited' });
  });

  it('undoes the last actions, newest first, of an agent where one is named', async () => {
    const { guard, set } = start(place);
    for (const key of ['a', 'b', 'c']) {
      guard.withContext({ agentId: key === 'b' ? 'other' : 'one' }, () => set({ key, value: 'x' }));
    }
    expect(await guard.rollbackLast(1, { agentId: 'other' })).toEqual([true]);
    expect([...values.keys()]).toEqual(['a', 'c']);
    values.set('c', 'edited');
    expect(await guard.rollbackLast(2)).toEqual([false, true]);
    expect(Object.fromEntries(values)).toEqual({ c: 'edited' });
  });

  it('runs what cannot be undone, and says why', async () => {
    const { guard, set } = start(place, {
      ...valueHandler(),
      capture: () => {
        throw new IrreversibleError('nobody remembers it');
      },
    });
    set({ key: 'a', value: 'new' });
    const [entry] = guard.getAuditLog();
    expect(entry).toMatchObject({
      reversible: false,
      snapshotId: null,
      labels: ['irreversible: nobody remembers it'],
    });
    await expect(guard.rollback(entry?.actionId ?? '')).rejects.toThrow(/nobody remembers it/);
  });

  it('refuses an act whose capture fails, unless that is allowed', async () => {
    const failing = {
      ...valueHandler(),
      capture: () => {
        throw new Error('the disk is full');
      },
    };
    const { guard, set } = start(place, failing);
    expect(() => set({ key: 'a', value: 'new' })).toThrow(/could not be captured: the disk is full/);
    expect(values.size).toBe(0);
    expect(guard.getAuditLog()[0]).toMatchObject({ state: 'refused', outcome: 'BLOCK', reversible: false });
    await guard.close();
    const allowing = start(place, failing, { config: { rollback: { onCaptureFailure: 'allow' } } });
    allowing.set({ key: 'a', value: 'new' });
    expect(allowing.guard.getAuditLog()[0]).toMatchObject({
      reversible: false,
      labels: ['irreversible: capturing failed: the disk is full'],
    });
  });

  it('captures nothing where that is switched off, for the guard or for a tool', async () => {
    const { guard } = start(place);
    const set = guard.protect('value.set', { rollback: false })((value: string) => values.set('a', value));
    set('x');
    await expect(guard.rollback(lastId(guard))).rejects.toThrow(SnapshotNotFoundError);
    const off = start(place, valueHandler(), { config: { rollback: { enabled: false } } });
    off.set({ key: 'a', value: 'y' });
    expect(off.guard.getAuditLog()[0]).toMatchObject({ reversible: false });
  });

  it('does not take for done what the handler did not do', async () => {
    const { guard, set } = start(place, { ...valueHandler(), restore: () => undefined });
    set({ key: 'a', value: 'new' });
    await expect(guard.rollback(lastId(guard))).rejects.toThrow(/not as it was before although/);
    const lying = start(place, { ...valueHandler(), restore: () => false });
    lying.set({ key: 'b', value: 'new' });
    await expect(lying.guard.rollback(lastId(lying.guard))).rejects.toThrow(/says that it could not/);
  });

  it('gives back the money of what was undone', async () => {
    const { guard } = start(place, valueHandler(), { config: { budget: { perTask: 1 } } });
    const pay = guard.protect('value.set', { estimatedCost: 0.6 })(
      ({ key, value }: { key: string; value: string }) => values.set(key, value),
    );
    const inTask = <T>(fn: () => T): T => guard.withContext({ taskId: 't' }, fn);
    inTask(() => pay({ key: 'a', value: '1' }));
    expect(() => inTask(() => pay({ key: 'b', value: '2' }))).toThrow(/budget/i);
    expect(await guard.rollbackTask('t')).toMatchObject({ success: true });
    inTask(() => pay({ key: 'b', value: '2' }));
    expect(values.get('b')).toBe('2');
  });

  it('names an unknown action, one that was refused, and a handler that is missing', async () => {
    const { guard, set } = start(place);
    await expect(guard.rollback('nonsense')).rejects.toThrow(SnapshotNotFoundError);
    const refused = guard.protect('value.set', { minTrust: 1 })((value: string) => values.set('a', value));
    expect(() => guard.withContext({ agentId: 'x', instructionChain: [] }, () => refused('x'))).not.toThrow();
    set({ key: 'a', value: 'new' });
    const id = lastId(guard);
    if (place === 'sqlite') {
      const other = start(place, null).guard;
      await expect(other.rollback(id)).rejects.toThrow(RollbackHandlerNotFoundError);
    }
    expect(await guard.rollback(id)).toBe(true);
  });

  it('keeps no more snapshots than it may', async () => {
    const { guard, set } = start(place, valueHandler(), { config: { rollback: { maxSnapshots: 2 } } });
    for (const key of ['a', 'b', 'c']) set({ key, value: 'x' });
    const [c, b, a] = guard.getAuditLog().map(({ actionId }) => actionId);
    await expect(guard.rollback(a ?? '')).rejects.toThrow(/not kept any more/);
    expect([await guard.rollback(c ?? ''), await guard.rollback(b ?? '')]).toEqual([true, true]);
  });
});

it('undoes after a restart, from another guard on the same store', async () => {
  const first = start('sqlite');
  values.set('a', 'old');
  first.set({ key: 'a', value: 'new' });
  const id = lastId(first.guard);
  await first.guard.close();
  const second = start('sqlite').guard;
  expect(await second.rollback(id)).toBe(true);
  expect(values.get('a')).toBe('old');
});

it('undoes what an async tool did, with an async handler', async () => {
  const handler = valueHandler();
  const { guard } = start('sqlite', {
    ...handler,
    capture: async (intent, context) => handler.capture(intent, context),
    state: async (snapshot, when, context) => handler.state?.(snapshot, when, context) ?? {},
  });
  const set = guard.protect('value.set')(async (value: string) => values.set('arg', value));
  await set('new');
  const [entry] = guard.getAuditLog();
  expect(entry).toMatchObject({ reversible: true });
});

it('refuses a sync tool whose handler answers later', () => {
  const { set } = start('sqlite', { ...valueHandler(), capture: async () => ({}) });
  expect(() => set({ key: 'a', value: 'new' })).toThrow(/make the tool async/);
});
