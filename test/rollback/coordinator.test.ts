import { describe, expect, it } from 'vitest';
import { RollbackFailedError, RollbackHandlerNotFoundError, SnapshotNotFoundError } from '../../src/index.ts';
import { lastId, start, valueHandler, values } from './values.ts';

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

  it('foresees in a dry run what earlier undoings leave to later ones', async () => {
    const { guard, set } = start(place);
    values.set('a', '0');
    for (const value of ['1', '2', '3']) guard.withContext({ taskId: 't' }, () => set({ key: 'a', value }));
    guard.withContext({ taskId: 't' }, () => set({ key: 'b', value: '1' }));
    const dry = await guard.rollbackTask('t', { dryRun: true });
    expect(dry).toMatchObject({ failed: [], success: true });
    expect(await guard.rollbackLast(9, { dryRun: true })).toEqual([true, true, true, true]);
    values.set('a', 'edited');
    const edited = await guard.rollbackTask('t', { dryRun: true });
    expect([edited.rolledBack.length, edited.failed.length]).toEqual([1, 3]);
    values.set('a', '3');
    expect(await guard.rollbackTask('t')).toMatchObject({ rolledBack: dry.rolledBack });
    expect(Object.fromEntries(values)).toEqual({ a: '0' });
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
