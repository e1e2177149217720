import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ApprovalSpentError } from '../../../src/core/approval.ts';
import type { SqlValue } from '../../../src/stores/database.ts';
import type { SqliteStore } from '../../../src/stores/sqlite.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { approve, askOf, grantOf, relying, told, voteBy } from '../../../src/testing/store/approvals.ts';
import { decided, draftOf, START } from '../../../src/testing/store/records.ts';
import { by, kindsOf, newPath, openStore, writerOf } from './open-store.ts';

const waiting = (id: string) => draftOf('waiting', `action-${id}`, {});
const PENDING = { state: 'pending', votes: 0 } as const;

function set(store: SqliteStore, table: 'approvals' | 'grants', column: string, value: SqlValue): void {
  store.database.prepare(`UPDATE ${table} SET ${column} = ?`).run(value);
}

describe('requests in a file', () => {
  it('are there when it is opened again, with their grants', async () => {
    const path = newPath();
    const store = openStore({ path });
    await approve(store.approvals, 'a', { grant: grantOf('g', 'a') });
    store.approvals.enter(askOf('b'), waiting('b'));
    const before = [store.approvals.list({}), store.approvals.grants({})];
    store.close();
    const again = openStore({ path, writer: writerOf('again') });
    expect([again.approvals.list({}), again.approvals.grants({})]).toEqual(before);
    again.append([by('again', relying('run', { approvalId: 'a', grantId: 'g' }))]);
    expect(again.approvals.get('a')?.consumedBy).toBe('run');
  });

  it('are written in snake case, as canonical JSON and epoch milliseconds', async () => {
    const store = openStore();
    store.approvals.enter(askOf('a'), waiting('a'));
    const votes = [voteBy('ann', { note: 'fine' })];
    store.approvals.change('a', PENDING, { state: 'pending', votes, decidedBy: 'ann' }, null);
    expect({ ...store.database.prepare('SELECT * FROM approvals').get() }).toMatchObject({
      action_id: 'action-a',
      objections: '["policy: ask first"]',
      shown: '{"intent":"read notes","parameters":{"$n":[1,null,{"":"ü\\u0000"}],"path":"/etc/passwd"}}',
      requested_at: START,
      expires_boot: 'machine',
      expires_uptime: 1234.5,
      votes:
        `[{"approved":true,"at":"${new Date(START + 1).toISOString()}","by":"ann","minutes":null,` +
        '"note":"fine","scope":"once","signature":null}]',
    });
  });

  it.each([1, 1_000])(
    'leave nothing in the file of what was shown, %d times, once they are decided',
    (times) => {
      const path = newPath();
      const store = openStore({ path });
      const shown = { intent: 'send it', parameters: { to: 'a-word-found-nowhere-else '.repeat(times) } };
      for (const id of ['a', 'b', 'c']) store.approvals.enter(askOf(id, { shown }), waiting(id));
      store.append([decided('between')]);
      for (const id of ['b', 'a', 'c']) store.approvals.change(id, PENDING, { state: 'denied' }, told(id));
      store.close();
      expect(readFileSync(path, 'latin1').includes('a-word-found-nowhere-else')).toBe(false);
    },
  );

  it('replace what a reason cannot hold', () => {
    const store = openStore();
    store.approvals.enter(askOf('a', { reason: 'a\0b\ud800', ruleName: '\0' }), waiting('a'));
    expect(store.approvals.get('a')).toMatchObject({
      reason: 'a\ufffdb\ufffd',
      ruleName: '\ufffd',
      state: 'pending',
    });
  });
});

describe('a request that was edited by hand', () => {
  it.each<[string, SqlValue]>([
    ['state', 'Approved'],
    ['state', ''],
    ['votes', '{'],
    ['votes', '{}'],
    ['votes', 'null'],
    ['votes', '[1]'],
    ['votes', '[{"by":"ann"}]'],
    [
      'votes',
      '[{"approved":1,"at":"2026-01-01T00:00:00.000Z","by":"ann","minutes":null,"note":null,"scope":"once","signature":null}]',
    ],
    [
      'votes',
      '[{"approved":true,"at":"soon","by":"ann","minutes":null,"note":null,"scope":"once","signature":null}]',
    ],
    [
      'votes',
      '[{"approved":true,"at":"2026-01-01T00:00:00.000Z","by":"ann","minutes":null,"note":null,"scope":"all","signature":null}]',
    ],
    ['expires_at', 9n * 10n ** 18n],
    ['requested_at', -9n * 10n ** 18n],
    ['decided_at', 8.65e15],
    ['expires_uptime', Number.POSITIVE_INFINITY],
    ['expires_boot', null],
    ['risk_score', 2],
    ['quorum', 0],
    ['verdict', 'ALLOW'],
    ['objections', '"all"'],
    ['shown', '[]'],
  ])('(%s: %s) reads as denied, and no decision can rely on it', async (column, value) => {
    const store = openStore();
    await approve(store.approvals, 'a');
    set(store, 'approvals', column, value);
    expect(store.approvals.get('a')).toMatchObject({
      id: 'a',
      digest: 'digest-a',
      state: 'denied',
      votes: [],
    });
    expect(store.approvals.get('a')?.note).toContain(`cannot be read: its ${column}`);
    expect(store.approvals.list({ state: 'approved' })).toEqual([]);
    expect(store.approvals.list({})).toHaveLength(1);
    expect(() => store.append([relying('run', { approvalId: 'a' })])).toThrow(ApprovalSpentError);
    const change = { state: 'approved', votes: [voteBy('bob')] } as const;
    for (const from of [PENDING, { state: 'approved', votes: 1 }, { state: 'denied', votes: 0 }] as const) {
      expect(store.approvals.change('a', from, change, null)).toBeUndefined();
    }
  });

  it.each<[string, SqlValue]>([
    ['expires_at', 9n * 10n ** 18n],
    ['granted_at', 8.65e15],
    ['scope', 'once'],
    ['session_id', null],
    ['objections', '{'],
    ['revoked_at', 8.65e15],
  ])('the same of a grant (%s: %s): it is revoked', async (column, value) => {
    const store = openStore();
    await approve(store.approvals, 'a', { grant: grantOf('g', 'a') });
    set(store, 'grants', column, value);
    expect(store.approvals.grants({})[0]?.revokedAt).toEqual(new Date(0));
    expect(store.approvals.grants({ liveAt: START })).toEqual([]);
    expect(() => store.append([relying('run', { grantId: 'g' })])).toThrow(ApprovalSpentError);
    expect(store.approvals.revoke('g', 'bob', new Date(START), told('revoked'))).toBeUndefined();
  });
});

describe('a decision that relies on a request, within a transaction', () => {
  it('consumes it with the transaction', async () => {
    const store = openStore();
    await approve(store.approvals, 'a');
    store.database.transaction(() => store.append([relying('run', { approvalId: 'a' })]));
    expect(store.approvals.get('a')?.state).toBe('consumed');
  });

  it('is undone with it, and can be made again', async () => {
    const store = openStore();
    await approve(store.approvals, 'a');
    const undo = () =>
      store.database.transaction(() => {
        store.append([relying('run', { approvalId: 'a' })]);
        throw new Error('undo this');
      });
    expect(undo).toThrow('undo this');
    expect(store.approvals.get('a')?.state).toBe('approved');
    store.append([relying('run', { approvalId: 'a' })]);
    expect(store.approvals.get('a')?.consumedBy).toBe('run');
  });

  it('leaves the transaction whole where it is spent', async () => {
    const store = openStore();
    await approve(store.approvals, 'a');
    store.append([relying('run', { approvalId: 'a' })]);
    store.database.transaction(() => {
      store.append([decided('before')]);
      expect(() => store.append([decided('x'), relying('x', { approvalId: 'a' })])).toThrow(
        ApprovalSpentError,
      );
      store.append([decided('after')]);
    });
    expect([...store.records()].map(({ actionId }) => actionId).slice(-2)).toEqual(['before', 'after']);
  });
});

describe('a change of a request', () => {
  it('comes behind what was gathered before', async () => {
    const store = openStore();
    await approve(store.approvals, 'a');
    const gathered = store.append([relying('run', { approvalId: 'a' })], { gather: true });
    const from = { state: 'approved', votes: 1 } as const;
    expect(store.approvals.change('a', from, { state: 'cancelled' }, told('cancelled'))).toBeUndefined();
    await gathered;
    expect(store.approvals.get('a')?.state).toBe('consumed');
    expect(kindsOf(store)).toEqual(['waiting', 'approval', 'decided']);
  });
});

describe('the version', () => {
  it('stays while nothing changes, and moves with every change of this store and of another one', () => {
    const path = newPath();
    const one = openStore({ path });
    const two = openStore({ path, writer: writerOf('two') });
    const moves = (change: () => void): boolean[] => {
      const before = [one, two].map(({ approvals }) => approvals.version());
      expect([one, two].map(({ approvals }) => approvals.version())).toEqual(before);
      change();
      return [one, two].map(({ approvals }, index) => approvals.version() !== before[index]);
    };
    expect(moves(() => undefined)).toEqual([false, false]);
    expect(moves(() => one.approvals.enter(askOf('a'), waiting('a')))).toEqual([true, true]);
    expect(moves(() => two.approvals.change('a', PENDING, { state: 'approved' }, null))).toEqual([
      true,
      true,
    ]);
    expect(moves(() => two.append([by('two', relying('run', { approvalId: 'a' }))]))).toEqual([true, true]);
  });
});

describe('the waiter of a request', () => {
  it('waits until its store is closed', () => {
    const path = newPath();
    const clock = new FakeClock(START);
    const store = openStore({ path, clock, writer: writerOf('own') });
    const other = openStore({ path, clock, writer: writerOf('other') });
    other.approvals.enter(askOf('a', { waiter: 'other' }), by('other', waiting('a')));
    const approval = store.approvals.get('a');
    if (approval === undefined) throw new Error('it was entered');
    expect(store.approvals.hasWaiter(approval)).toBe(true);
    other.close();
    clock.advance(1_000);
    expect(store.approvals.hasWaiter(approval)).toBe(false);
    expect(store.approvals.hasWaiter({ ...approval, waiter: null })).toBe(false);
    expect(store.approvals.hasWaiter({ ...approval, waiter: 'unknown' })).toBe(true);
  });
});
