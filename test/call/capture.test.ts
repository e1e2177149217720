import { describe, expect, it } from 'vitest';
import { IrreversibleError, type RollbackHandler, SnapshotNotFoundError } from '../../src/index.ts';
import { lastId, start, valueHandler, values } from '../rollback/values.ts';

describe.each(['memory', 'sqlite'] as const)('with snapshots in %s', (place) => {
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

describe('what cannot be undone', () => {
  const never: RollbackHandler = { ...valueHandler(), irreversible: () => 'values are for ever' };

  it.each([
    ['block', 'BLOCK'],
    ['escalate', 'ESCALATE'],
  ] as const)('is objected to before it runs with `irreversible: %s`', (irreversible, outcome) => {
    const { guard, set } = start('memory', never, { config: { rollback: { irreversible } } });
    expect(() => set({ key: 'a', value: 'x' })).toThrow(/cannot be undone: values are for ever/);
    expect(values.size).toBe(0);
    expect(guard.getAuditLog()[0]).toMatchObject({ outcome, policyTriggered: 'rollback' });
  });

  it.each(['block', 'escalate'] as const)(
    'is refused with `irreversible: %s` when only its capture finds it',
    (irreversible) => {
      const late: RollbackHandler = {
        ...valueHandler(),
        capture: () => {
          throw new IrreversibleError('it grew meanwhile');
        },
      };
      const config = { rollback: { irreversible } };
      const { guard, set } = start('memory', late, { config });
      expect(() => set({ key: 'a', value: 'x' })).toThrow(
        /cannot be undone, as was found .*: it grew meanwhile/,
      );
      expect(values.size).toBe(0);
      expect(guard.getAuditLog()[0]).toMatchObject({ outcome: 'BLOCK', state: 'refused' });
      const watched = start('memory', late, { config: { ...config, mode: 'monitor' } });
      watched.set({ key: 'b', value: 'x' });
      expect(watched.guard.getAuditLog()[0]).toMatchObject({ labels: ['irreversible: it grew meanwhile'] });
    },
  );

  it('runs with a warning with `irreversible: warn`, and without a word by default', () => {
    const warned = start('memory', never, { config: { rollback: { irreversible: 'warn' } } });
    warned.set({ key: 'a', value: 'x' });
    expect(warned.guard.getAuditLog()[0]).toMatchObject({ outcome: 'WARN' });
    const plain = start('memory', never, { config: { rollback: { irreversible: 'allow' } } });
    plain.set({ key: 'b', value: 'x' });
    expect(plain.guard.getAuditLog()[0]).toMatchObject({ outcome: 'ALLOW' });
  });

  it('is also what nobody can undo, but no reading, and no tool that need not be undone', () => {
    const { guard, set } = start('memory', valueHandler(), {
      config: { rollback: { irreversible: 'block' } },
    });
    set({ key: 'a', value: 'x' });
    const mail = guard.protect('mail.send')(() => 'sent');
    expect(mail).toThrow(/nothing here undoes actions of type mail.send/);
    expect(guard.protect('mail.read')(() => 'read')()).toBe('read');
    expect(guard.protect('mail.draft', { rollback: false })(() => 'drafted')()).toBe('drafted');
  });

  it('is waited for on async tools where its handler answers later', async () => {
    const { guard } = start('memory', null, { config: { rollback: { irreversible: 'block' } } });
    guard.registerRollbackHandler('value.*', { ...never, irreversible: async () => 'values are for ever' });
    const set = guard.protect('value.set')(async () => values.set('a', 'x'));
    await expect(set()).rejects.toThrow(/values are for ever/);
  });
});
