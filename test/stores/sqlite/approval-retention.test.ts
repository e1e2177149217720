import { describe, expect, it } from 'vitest';
import { verifyJournal } from '../../../src/journal/verify.ts';
import { sealedRecords } from '../../../src/stores/sqlite/records.ts';
import type { SqliteStore } from '../../../src/stores/sqlite.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { approve, askOf, grantOf, relying, told } from '../../../src/testing/store/approvals.ts';
import { decided, done, draftOf, START } from '../../../src/testing/store/records.ts';
import { openStore, sha256 } from './open-store.ts';

const HOUR = 60 * 60 * 1000;
const PENDING = { state: 'pending', votes: 0 } as const;
const waiting = (id: string) => draftOf('waiting', `action-${id}`, {});

const idsOf = ({ approvals }: SqliteStore): string[][] =>
  [approvals.list({}), approvals.grants({})].map((list) => list.map(({ id }) => id));

/** The journal goes on, and with it the removal of what is old. */
function goOn(store: SqliteStore, clock: FakeClock, hours: number): void {
  for (let i = 0; i < hours; i++) {
    clock.advance(HOUR);
    store.append([{ ...decided(`later ${clock.now()}`, { state: 'refused' }), at: new Date(clock.now()) }]);
  }
}

describe('requests and grants that ended before the retention', () => {
  it('are removed with the records, and the journal stays whole', async () => {
    const clock = new FakeClock(START);
    const store = openStore({ clock, retentionDays: 0.25 });
    await approve(store.approvals, 'used', { grant: grantOf('g', 'used') });
    store.append([relying('action-used', { approvalId: 'used' }), done('action-used', 1)]);
    store.approvals.enter(askOf('denied'), waiting('denied'));
    store.approvals.change('denied', PENDING, { state: 'denied' }, told('denied'));
    const later = new Date(START + 8 * HOUR);
    store.approvals.enter(askOf('open', { expiresAt: later }), waiting('open'));
    await approve(store.approvals, 'unused', {
      ask: { expiresAt: later },
      grant: grantOf('long', 'unused', { expiresAt: later }),
    });
    const refused = ['denied', 'open', 'unused'].map((id) => decided(`action-${id}`, { state: 'refused' }));
    store.append(refused);
    goOn(store, clock, 6);
    expect(idsOf(store)).toEqual([
      ['unused', 'open', 'denied', 'used'],
      ['long', 'g'],
    ]);
    goOn(store, clock, 1);
    expect(idsOf(store)).toEqual([['unused', 'open'], ['long']]);
    goOn(store, clock, 8);
    expect(idsOf(store)).toEqual([[], []]);
    expect([...store.records()].some(({ kind }) => kind === 'pruned')).toBe(true);
    expect(verifyJournal(sealedRecords(store.database), { sha256 }).problems).toEqual([]);
  });

  it('stay where everything is kept', async () => {
    const clock = new FakeClock(START);
    const store = openStore({ clock });
    await approve(store.approvals, 'a', { grant: grantOf('g', 'a') });
    goOn(store, clock, 100);
    expect(idsOf(store)).toEqual([['a'], ['g']]);
  });

  it('are gone after their revocation is that old, whenever they were to end', async () => {
    const clock = new FakeClock(START);
    const store = openStore({ clock, retentionDays: 0.25 });
    const grant = grantOf('g', 'a', { expiresAt: new Date(START + 1_000 * HOUR) });
    await approve(store.approvals, 'a', { grant });
    goOn(store, clock, 7);
    expect(idsOf(store)[1]).toEqual(['g']);
    store.approvals.revoke('g', 'bob', new Date(clock.now()), told('revoked'));
    goOn(store, clock, 6);
    expect(idsOf(store)[1]).toEqual(['g']);
    goOn(store, clock, 1);
    expect(idsOf(store)[1]).toEqual([]);
  });

  it('are removed a thousand at a time', () => {
    const clock = new FakeClock(START);
    const store = openStore({ clock, retentionDays: 0.25 });
    store.database.transaction(() => {
      for (let i = 0; i < 1_500; i++) {
        store.approvals.enter(askOf(`a${i}`), waiting(`a${i}`));
        store.approvals.change(`a${i}`, PENDING, { state: 'denied' }, null);
      }
    });
    const count = () => store.approvals.list({ limit: Number.POSITIVE_INFINITY }).length;
    goOn(store, clock, 6);
    expect(count()).toBe(1_500);
    goOn(store, clock, 1);
    expect(count()).toBe(500);
    store.append([decided('next')]);
    expect(count()).toBe(0);
  });
});
