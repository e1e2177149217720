import type { RecordDraft } from '../../core/chain.ts';
import type { Store } from '../../stores/store.ts';
import type { SuiteTools } from '../suite-tools.ts';
import { nameOfFailure } from './approvals.ts';
import { draftOf, START } from './records.ts';
import {
  askOf,
  CAPTURED,
  casesWithSnapshots,
  idsOf,
  NO_LIMITS,
  RESTORING,
  ROLLED_BACK,
} from './snapshots.ts';

type Make = () => Store | Promise<Store>;

const told = (event: string): RecordDraft => draftOf('rolled_back', `action-${event}`, { event });
const BROKEN: RecordDraft = Object.freeze({
  ...told('broken'),
  body: () => {
    throw new Error('no body');
  },
});
const kindsIn = async (store: Store) => [...(await store.records())].map(({ kind }) => kind);

/** What every store that keeps snapshots must do with them. */
export function snapshotCases(make: Make, tools: SuiteTools): void {
  enteringCases(make, tools);
  changingCases(make, tools);
  listingCases(make, tools);
  pruningCases(make, tools);
}

function enteringCases(make: Make, { it, expect }: SuiteTools): void {
  const withSnapshots = casesWithSnapshots(make, it);

  withSnapshots('keeps a snapshot as it was entered', async (snapshots) => {
    const odd = JSON.parse('{"__proto__":"x","b":1,"a":[null,{"":"\\u0000"}]}');
    const ask = askOf('a', {
      taskId: 't',
      sessionId: 's',
      data: odd,
      before: { ['__proto__']: 'y', '': 'z' },
    });
    const entered = snapshots.enter(ask);
    expect(snapshots.get('a')).toEqual(entered);
    const { data, before, after, state, restoringBy, position } = entered;
    expect(JSON.stringify(data)).toBe(JSON.stringify(odd));
    expect(Object.entries(before ?? {})).toEqual(Object.entries(ask.before ?? {}));
    expect([after, state, restoringBy]).toEqual([null, 'captured', null]);
    expect([entered.capturedAt.getTime(), entered.taskId, entered.sessionId]).toEqual([START, 't', 's']);
    expect(snapshots.enter(askOf('b', { before: null })).position > position).toBe(true);
    expect([snapshots.get('b')?.before, snapshots.get('unknown')]).toEqual([null, undefined]);
  });

  withSnapshots('takes one snapshot of an action, and one of an id', async (snapshots) => {
    snapshots.enter(askOf('a'));
    expect(await nameOfFailure(() => snapshots.enter(askOf('b', { actionId: 'action-a' })))).toBe('Error');
    expect(await nameOfFailure(() => snapshots.enter(askOf('a', { actionId: 'other' })))).toBe('Error');
    expect(idsOf(snapshots.list({}))).toEqual(['a']);
  });

  withSnapshots('takes nothing that is no JSON', async (snapshots) => {
    for (const data of [undefined, () => 1, Symbol('x')]) {
      expect(await nameOfFailure(() => snapshots.enter(askOf('a', { data })))).toBe('Error');
    }
    expect(snapshots.list({})).toEqual([]);
  });

  withSnapshots('does not change with what it was made from', async (snapshots) => {
    const data = { path: 'a' };
    snapshots.enter(askOf('a', { data }));
    data.path = 'b';
    expect(snapshots.get('a')?.data).toEqual({ path: 'a' });
    Object.assign(snapshots.get('a')?.data ?? {}, { path: 'c' });
    expect(snapshots.get('a')?.data).toEqual({ path: 'a' });
  });
}

function changingCases(make: Make, { it, expect }: SuiteTools): void {
  const withSnapshots = casesWithSnapshots(make, it);

  withSnapshots('changes what a change names, and nothing else', async (snapshots) => {
    const entered = snapshots.enter(askOf('a'));
    const after = { '/notes': 'new' };
    const changed = snapshots.change('a', CAPTURED, { after, data: { rows: [1] }, bytes: 7 });
    expect(changed).toEqual({ ...entered, after, data: { rows: [1] }, bytes: 7 });
    expect(snapshots.get('a')).toEqual(changed);
    expect(snapshots.change('a', CAPTURED, { after: null })?.after).toBe(null);
    expect(snapshots.change('a', CAPTURED, {})?.data).toEqual({ rows: [1] });
  });

  withSnapshots('lets one of two claim a snapshot, with its records', async (snapshots, store) => {
    snapshots.enter(askOf('a'));
    const claim = (by: string) =>
      snapshots.change('a', CAPTURED, { state: 'restoring', restoringBy: by }, [told(by)]);
    expect([claim('first')?.restoringBy, claim('second')]).toEqual(['first', undefined]);
    expect(snapshots.get('a')?.restoringBy).toBe('first');
    expect((await kindsIn(store)).length).toBe(1);
    const taken = { state: 'restoring', restoringBy: 'second' } as const;
    expect(snapshots.change('a', { ...RESTORING, restoringBy: 'third' }, taken)).toBe(undefined);
    expect(snapshots.change('a', RESTORING, taken)?.restoringBy).toBe('second');
    expect(snapshots.change('unknown', CAPTURED, taken, [told('x')])).toBe(undefined);
    expect((await kindsIn(store)).length).toBe(1);
  });

  withSnapshots('writes all records with a change, or neither them nor it', async (snapshots, store) => {
    snapshots.enter(askOf('a'));
    const broken = () => snapshots.change('a', CAPTURED, RESTORING, [told('first'), BROKEN]);
    expect(await nameOfFailure(broken)).toBe('Error');
    expect([snapshots.get('a')?.state, await kindsIn(store)]).toEqual(['captured', []]);
    snapshots.change('a', CAPTURED, RESTORING, [told('first'), told('second')]);
    expect([snapshots.get('a')?.state, await kindsIn(store)]).toEqual([
      'restoring',
      ['rolled_back', 'rolled_back'],
    ]);
  });

  withSnapshots(
    'says that somebody is at a snapshot, as long as it cannot tell otherwise',
    async (snapshots) => {
      const captured = snapshots.enter(askOf('a'));
      expect(snapshots.isBeingRestored(captured)).toBe(false);
      const claimed = snapshots.change('a', CAPTURED, { state: 'restoring', restoringBy: null });
      expect(claimed !== undefined && snapshots.isBeingRestored(claimed)).toBe(true);
    },
  );
}

function listingCases(make: Make, { it, expect }: SuiteTools): void {
  const withSnapshots = casesWithSnapshots(make, it);

  withSnapshots('lists the newest first, 100 unless told otherwise', async (snapshots) => {
    // What tells is the order in which they came, not the time that they name.
    for (let i = 0; i < 120; i++) snapshots.enter(askOf(`s${i}`, { capturedAt: new Date(START - i) }));
    const listed = idsOf(snapshots.list({}));
    expect([listed.length, listed[0], listed[99]]).toEqual([100, 's119', 's20']);
    expect(idsOf(snapshots.list({ limit: 2 }))).toEqual(['s119', 's118']);
    expect(snapshots.list({ limit: Number.POSITIVE_INFINITY }).length).toBe(120);
    expect(snapshots.list({ limit: 0 })).toEqual([]);
  });

  withSnapshots('finds by action, task, agent and state, all of them together', async (snapshots) => {
    snapshots.enter(askOf('a', { taskId: 't' }));
    snapshots.enter(askOf('b', { taskId: 't', agentId: 'other' }));
    snapshots.enter(askOf('c', { agentId: 'other' }));
    snapshots.change('a', CAPTURED, ROLLED_BACK);
    snapshots.change('b', CAPTURED, RESTORING);
    expect(idsOf(snapshots.list({ actionId: 'action-b' }))).toEqual(['b']);
    expect(idsOf(snapshots.list({ taskId: 't' }))).toEqual(['b', 'a']);
    expect(idsOf(snapshots.list({ agentId: 'other' }))).toEqual(['c', 'b']);
    expect(idsOf(snapshots.list({ agentId: 'other', taskId: 't' }))).toEqual(['b']);
    for (const [state, id] of [
      ['rolled_back', 'a'],
      ['restoring', 'b'],
      ['captured', 'c'],
    ] as const) {
      expect(idsOf(snapshots.list({ state }))).toEqual([id]);
    }
    expect(snapshots.list({ taskId: 'unknown' })).toEqual([]);
    expect(idsOf(snapshots.list({ taskId: 't', limit: 1 }))).toEqual(['b']);
  });
}

function pruningCases(make: Make, { it, expect }: SuiteTools): void {
  const withSnapshots = casesWithSnapshots(make, it);
  const sizes = [5, 5, 5, 5];

  withSnapshots('removes the oldest beyond a number, a size or an age', async (snapshots) => {
    for (const [i, bytes] of sizes.entries()) {
      snapshots.enter(askOf(`s${i}`, { bytes, capturedAt: new Date(START + i) }));
    }
    expect(snapshots.prune(NO_LIMITS, START)).toBe(0);
    expect(snapshots.prune({ ...NO_LIMITS, maxSnapshots: 3 }, START)).toBe(1);
    expect(idsOf(snapshots.list({}))).toEqual(['s3', 's2', 's1']);
    expect(snapshots.prune({ ...NO_LIMITS, notBefore: START + 2 }, START)).toBe(1);
    expect(idsOf(snapshots.list({}))).toEqual(['s3', 's2']);
    expect(snapshots.prune({ ...NO_LIMITS, maxBytes: 10 }, START)).toBe(0);
    expect(snapshots.prune({ ...NO_LIMITS, maxBytes: 9 }, START)).toBe(1);
    expect(idsOf(snapshots.list({}))).toEqual(['s3']);
    expect(snapshots.prune({ ...NO_LIMITS, maxSnapshots: 0 }, START)).toBe(1);
    expect(snapshots.list({})).toEqual([]);
  });

  withSnapshots('never removes one that is being restored', async (snapshots) => {
    for (const [i, bytes] of sizes.entries()) snapshots.enter(askOf(`s${i}`, { bytes }));
    snapshots.change('s0', CAPTURED, RESTORING);
    snapshots.change('s1', CAPTURED, ROLLED_BACK);
    expect(snapshots.prune({ maxSnapshots: 0, maxBytes: 0, notBefore: START + 1 }, START)).toBe(3);
    expect(idsOf(snapshots.list({}))).toEqual(['s0']);
    expect(snapshots.change('s0', RESTORING, ROLLED_BACK)?.state).toBe('rolled_back');
  });
}
