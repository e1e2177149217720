import { describe, expect, it } from 'vitest';
import type { RecordDraft } from '../../src/core/chain.ts';
import { Journal } from '../../src/journal/journal.ts';
import type { Store } from '../../src/stores/store.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { advance } from '../call/clocks.ts';

/** A journal on a store that does with every append what it is told to. */
function journalOn(append: (drafts: readonly RecordDraft[]) => void | Promise<void>) {
  const clock = new FakeClock();
  const store: Store = {
    ...{ name: 'scripted', remote: false, append, entries: () => [], entry: () => undefined },
    ...{ records: () => [], close: () => undefined, frozen: () => null },
    ...{ setFrozen: (_freeze, draft) => append([draft]), keepPolicy: () => undefined },
  };
  const writer = { id: 'w', host: 'h', pid: 1 };
  return {
    clock,
    journal: new Journal({ store, writer, clock, revision: () => 'r7', keepPolicy: () => undefined }),
  };
}

const body = () => ({ state: 'done' });

describe('Journal', () => {
  it('hands the store drafts with writer, time and the policy in force', () => {
    const seen: RecordDraft[] = [];
    const { journal, clock } = journalOn((drafts) => void seen.push(...drafts));
    journal.append('decided', 'a1', body);
    expect(seen).toEqual([
      {
        ...{
          v: 1,
          writer: { id: 'w', host: 'h', pid: 1 },
          kind: 'decided',
          actionId: 'a1',
          namespace: 'default',
        },
        ...{ at: new Date(clock.now()), policyRevision: 'r7', body },
      },
    ]);
  });

  it('passes on what the store throws', () => {
    const { journal } = journalOn(() => {
      throw new Error('disk full');
    });
    expect(() => journal.append('decided', 'a1', body)).toThrow('disk full');
    expect(journal.owes).toBe(false);
  });

  it('owes an outcome that could not be written until the store has taken it', () => {
    let broken = true;
    const written: string[] = [];
    const { journal } = journalOn((drafts) => {
      if (broken) throw new Error('disk full');
      written.push(...drafts.map(({ kind, actionId }) => `${kind} ${actionId}`));
    });
    journal.owe('done', 'a1', body);
    journal.owe('failed', 'a2', body);
    expect(journal.failures).toBe(2);
    expect(() => journal.catchUp()).toThrow('disk full');
    expect(journal.owes).toBe(true);
    broken = false;
    journal.catchUp();
    expect(journal.owes).toBe(false);
    expect(written).toEqual(['done a1', 'failed a2']);
    journal.catchUp();
    expect(written).toHaveLength(2);
  });

  it('keeps what came to be owed while it was catching up', async () => {
    let finish: () => void = () => undefined;
    const { journal } = journalOn(() => new Promise((resolve) => (finish = resolve)));
    journal.owe('done', 'a1', body);
    const catching = journal.catchUp();
    journal.owe('done', 'a2', body);
    finish();
    await catching;
    expect(journal.owes).toBe(true);
  });

  it('does not write the same outcome twice when calls catch up at the same time', async () => {
    let appends = 0;
    const { journal } = journalOn(async () => void appends++);
    journal.owe('done', 'a1', body);
    await Promise.all([journal.catchUp(), journal.catchUp(), journal.catchUp()]);
    expect(appends).toBe(1);
    expect(journal.owes).toBe(false);
  });

  it('tries again when the store rejected, or gave no answer for five seconds', async () => {
    let appends = 0;
    const { journal, clock } = journalOn(() => {
      appends++;
      if (appends === 1) return Promise.reject(new Error('gone'));
      return appends === 2 ? new Promise(() => undefined) : Promise.resolve();
    });
    journal.owe('done', 'a1', body);
    await expect(journal.catchUp()).rejects.toThrow('gone');
    const silent = Promise.allSettled([journal.catchUp(), journal.catchUp()]);
    expect(appends).toBe(2);
    await advance(clock, 5_000);
    expect((await silent).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await journal.catchUp();
    expect(appends).toBe(3);
    expect(journal.owes).toBe(false);
    expect(clock.pending).toBe(0);
  });
});
