import type { Store } from '../../stores/store.ts';
import type { SuiteTools } from '../suite-tools.ts';
import {
  approve,
  askOf,
  BROKEN,
  casesWithApprovals,
  grantOf,
  nameOfFailure,
  told,
  voteBy,
} from './approvals.ts';
import { draftOf, START } from './records.ts';

type Make = () => Store | Promise<Store>;

const PENDING = Object.freeze({ state: 'pending', votes: 0 } as const);
const waiting = (id: string) => draftOf('waiting', `action-${id}`, {});
const kindsIn = async (store: Store) => [...(await store.records())].map(({ kind }) => kind);

/** What every store that keeps requests for approval must do about what becomes of them. */
export function changeCases(make: Make, tools: SuiteTools): void {
  changingCases(make, tools);
  refusingCases(make, tools);
  erasingCases(make, tools);
}

function changingCases(make: Make, { it, expect }: SuiteTools): void {
  const withApprovals = casesWithApprovals(make, it);

  withApprovals(
    'keeps what becomes of a request, with the record that tells of it',
    async (approvals, store) => {
      await approvals.enter(askOf('a'), waiting('a'));
      const votes = [
        voteBy('ann', { approved: false, note: 'not now', scope: 'call', minutes: 5, signature: 'c2ln' }),
      ];
      const decision = { votes, decidedBy: 'ann', decidedAt: new Date(START + 5), note: 'not now' };
      const changed = await approvals.change('a', PENDING, { state: 'denied', ...decision }, told('denied'));
      expect(changed).toEqual({ ...askOf('a'), state: 'denied', ...decision, shown: null, consumedBy: null });
      expect(await approvals.get('a')).toEqual(changed);
      expect(await kindsIn(store)).toEqual(['waiting', 'approval']);
    },
  );

  withApprovals('takes one of two decisions that saw the same request', async (approvals, store) => {
    await approvals.enter(askOf('a'), waiting('a'));
    const decide = (state: 'approved' | 'denied') => () =>
      approvals.change('a', PENDING, { state }, told(state));
    const both = await Promise.all([decide('denied')(), decide('approved')()]);
    expect(both.map((changed) => changed?.state)).toEqual(['denied', undefined]);
    expect((await approvals.get('a'))?.state).toBe('denied');
    expect(await kindsIn(store)).toEqual(['waiting', 'approval']);
  });

  withApprovals('loses no vote of those that came in between', async (approvals) => {
    await approvals.enter(askOf('a', { quorum: 2 }), waiting('a'));
    const first = { state: 'pending', votes: [voteBy('ann')] } as const;
    expect((await approvals.change('a', PENDING, first, null))?.votes).toEqual(first.votes);
    expect(await approvals.change('a', PENDING, { state: 'pending', votes: [voteBy('bob')] }, null)).toBe(
      undefined,
    );
    const both = { state: 'approved', votes: [voteBy('ann'), voteBy('bob')] } as const;
    const changed = await approvals.change('a', { state: 'pending', votes: 1 }, both, told('approved'));
    expect(changed?.votes.map(({ by }) => by)).toEqual(['ann', 'bob']);
  });
}

function refusingCases(make: Make, { it, expect }: SuiteTools): void {
  const withApprovals = casesWithApprovals(make, it);

  withApprovals(
    'changes nothing of a request that has ended, and of none that is unknown',
    async (approvals) => {
      for (const state of ['denied', 'expired', 'cancelled'] as const) {
        await approvals.enter(askOf(state), waiting(state));
        await approvals.change(state, PENDING, { state }, null);
        expect(await approvals.change(state, { state, votes: 0 }, { state: 'approved' }, null)).toBe(
          undefined,
        );
        expect((await approvals.get(state))?.state).toBe(state);
      }
      expect(await approvals.change('unknown', PENDING, { state: 'approved' }, told('x'))).toBe(undefined);
    },
  );

  withApprovals('consumes no request without a decision that relies on it', async (approvals) => {
    await approve(approvals, 'a');
    const from = { state: 'approved', votes: 1 } as const;
    expect(await nameOfFailure(() => approvals.change('a', from, { state: 'consumed' }, null))).toBe('Error');
    expect((await approvals.get('a'))?.state).toBe('approved');
  });

  withApprovals('changes nothing where the record cannot be written', async (approvals, store) => {
    await approvals.enter(askOf('a'), waiting('a'));
    const change = { state: 'approved', grant: grantOf('g', 'a') } as const;
    expect(await nameOfFailure(() => approvals.change('a', PENDING, change, BROKEN))).toBe('Error');
    expect((await approvals.get('a'))?.state).toBe('pending');
    expect(await approvals.grants({})).toEqual([]);
    expect(await kindsIn(store)).toEqual(['waiting']);
  });
}

function erasingCases(make: Make, { it, expect }: SuiteTools): void {
  const withApprovals = casesWithApprovals(make, it);

  withApprovals('erases what a person was shown once a request is decided, not before', async (approvals) => {
    for (const state of ['approved', 'denied', 'expired', 'cancelled'] as const) {
      await approvals.enter(askOf(state), waiting(state));
      const kept = await approvals.change(state, PENDING, { state: 'pending', waiter: null }, null);
      expect([kept?.shown, kept?.waiter]).toEqual([askOf('').shown, null]);
      const other = await approvals.change(state, PENDING, { state: 'pending', waiter: 'second' }, null);
      expect(other?.waiter).toBe('second');
      expect(kept?.shownHash).toBe(askOf('').shownHash);
      expect((await approvals.change(state, PENDING, { state }, null))?.shown).toBe(null);
      const ended = await approvals.get(state);
      expect([ended?.shown, ended?.shownHash]).toEqual([null, null]);
    }
  });

  withApprovals(
    'keeps the hash of what was shown beside a signed vote, which covers it',
    async (approvals) => {
      for (const state of ['approved', 'denied'] as const) {
        await approvals.enter(askOf(state), waiting(state));
        const votes = [voteBy('ann', { approved: state === 'approved', signature: 'c2ln' })];
        await approvals.change(state, PENDING, { state, votes }, null);
        const ended = await approvals.get(state);
        expect([ended?.shown, ended?.shownHash]).toEqual([null, askOf('').shownHash]);
      }
    },
  );
}
