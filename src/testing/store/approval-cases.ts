import { isThenable } from '../../core/awaitable.ts';
import type { ApprovalStore } from '../../stores/approval-store.ts';
import type { Store } from '../../stores/store.ts';
import type { SuiteTools } from '../suite-tools.ts';
import { approve, askOf, BROKEN, casesWithApprovals, grantOf, nameOfFailure, told } from './approvals.ts';
import { draftOf, START } from './records.ts';

type Make = () => Store | Promise<Store>;

const PENDING = Object.freeze({ state: 'pending', votes: 0 } as const);
const waiting = (id: string) => draftOf('waiting', `action-${id}`, {});
const kindsIn = async (store: Store) => [...(await store.records())].map(({ kind }) => kind);
const idsOf = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);

/** What every store that keeps requests for approval must do about them. */
export function approvalCases(make: Make, tools: SuiteTools): void {
  enteringCases(make, tools);
  keepingCases(make, tools);
  listingCases(make, tools);
  grantCases(make, tools);
  questionCases(make, tools);
}

function enteringCases(make: Make, { it, expect }: SuiteTools): void {
  const withApprovals = casesWithApprovals(make, it);

  withApprovals('gives a request back as it was entered, pending', async (approvals, store) => {
    await approvals.enter(askOf('a'), waiting('a'));
    const undecided = { votes: [], decidedBy: null, decidedAt: null, note: null, consumedBy: null };
    expect(await approvals.get('a')).toEqual({ ...askOf('a'), state: 'pending', ...undecided });
    expect(await approvals.get('b')).toBe(undefined);
    expect(await kindsIn(store)).toEqual(['waiting']);
  });

  withApprovals('gives back a request without what it need not have', async (approvals) => {
    const bare = { taskId: null, sessionId: null, ruleName: null, escalateTo: null, expiresOn: null };
    const ask = askOf('a', { ...bare, waiter: null, objections: [], verdict: 'DEFER', quorum: 2 });
    await approvals.enter(ask, waiting('a'));
    const { state, votes, decidedBy, decidedAt, note, consumedBy, ...rest } =
      (await approvals.get('a')) ?? {};
    expect(rest).toEqual(ask);
    expect([state, votes, decidedBy, decidedAt, note, consumedBy]).toEqual([
      'pending',
      [],
      null,
      null,
      null,
      null,
    ]);
  });

  withApprovals('refuses an id that is known, and journals nothing then', async (approvals, store) => {
    await approvals.enter(askOf('a'), waiting('a'));
    expect(await nameOfFailure(() => approvals.enter(askOf('a', { agentId: 'b' }), waiting('a')))).toBe(
      'Error',
    );
    expect((await approvals.get('a'))?.agentId).toBe('worker');
    expect(await kindsIn(store)).toEqual(['waiting']);
  });

  withApprovals('refuses a request that it could not give back', async (approvals, store) => {
    const bad = [
      { expiresAt: new Date(Number.NaN) },
      { riskScore: Number.NaN },
      { quorum: 0 },
      { agentId: 'a\0' },
    ];
    for (const changes of bad) {
      expect(await nameOfFailure(() => approvals.enter(askOf('a', changes), waiting('a')))).toBe('Error');
    }
    expect(await approvals.get('a')).toBe(undefined);
    expect(await kindsIn(store)).toEqual([]);
  });
}

function keepingCases(make: Make, { it, expect }: SuiteTools): void {
  const withApprovals = casesWithApprovals(make, it);

  withApprovals('enters no request without the record that tells of it', async (approvals, store) => {
    expect(await nameOfFailure(() => approvals.enter(askOf('a'), BROKEN))).toBe('Error');
    expect(await approvals.get('a')).toBe(undefined);
    expect(await kindsIn(store)).toEqual([]);
  });

  withApprovals('gives requests whose change changes nothing in it', async (approvals) => {
    await approvals.enter(askOf('a'), waiting('a'));
    const got = await approvals.get('a');
    got?.expiresAt.setTime(0);
    Object.assign(got?.objections ?? [], ['edited']);
    const again = await approvals.get('a');
    expect([again?.expiresAt, again?.objections]).toEqual([askOf('a').expiresAt, askOf('a').objections]);
  });
}

function listingCases(make: Make, { it, expect }: SuiteTools): void {
  const withApprovals = casesWithApprovals(make, it);

  withApprovals('lists the newest requests first, 100 unless told otherwise', async (approvals) => {
    for (let i = 0; i < 120; i++) await approvals.enter(askOf(`a${i}`), waiting(`a${i}`));
    const listed = idsOf(await approvals.list({}));
    expect([listed.length, listed[0], listed[99]]).toEqual([100, 'a119', 'a20']);
    expect(idsOf(await approvals.list({ limit: 2 }))).toEqual(['a119', 'a118']);
    expect(await approvals.list({ limit: 0 })).toEqual([]);
    expect((await approvals.list({ limit: Number.POSITIVE_INFINITY })).length).toBe(120);
  });

  withApprovals('lists by state, digest and agent, all together', async (approvals) => {
    await approvals.enter(askOf('a', { digest: 'one' }), waiting('a'));
    await approvals.enter(askOf('b', { digest: 'one', agentId: 'other' }), waiting('b'));
    await approve(approvals, 'c', { ask: { digest: 'one' } });
    await approve(approvals, 'd');
    expect(idsOf(await approvals.list({ digest: 'one' }))).toEqual(['c', 'b', 'a']);
    expect(idsOf(await approvals.list({ state: 'approved' }))).toEqual(['d', 'c']);
    expect(idsOf(await approvals.list({ agentId: 'other' }))).toEqual(['b']);
    expect(idsOf(await approvals.list({ state: 'approved', digest: 'one', agentId: 'worker' }))).toEqual([
      'c',
    ]);
    expect(idsOf(await approvals.list({ state: 'denied' }))).toEqual([]);
  });
}

function grantCases(make: Make, { it, expect }: SuiteTools): void {
  const withApprovals = casesWithApprovals(make, it);

  withApprovals('enters a grant with the decision that gives it', async (approvals) => {
    const grant = grantOf('g', 'a', { scope: 'call', sessionId: null });
    await approve(approvals, 'a', { grant });
    expect(await approvals.grants({})).toEqual([grant]);
  });

  withApprovals(
    'lists grants by digest, the newest first, and those alone that are live',
    async (approvals) => {
      const later = new Date(START + 90_000);
      for (const id of ['a', 'b', 'c']) {
        const grant = grantOf(`g${id}`, id, { digest: 'one', ...(id === 'c' ? { expiresAt: later } : {}) });
        await approve(approvals, id, { grant });
      }
      await approve(approvals, 'd', { grant: grantOf('gd', 'd') });
      await approvals.revoke('gb', 'bob', new Date(START), told('revoked'));
      expect(idsOf(await approvals.grants({ digest: 'one' }))).toEqual(['gc', 'gb', 'ga']);
      expect(idsOf(await approvals.grants({ digest: 'one', liveAt: START }))).toEqual(['gc', 'ga']);
      expect(idsOf(await approvals.grants({ liveAt: START + 60_000 }))).toEqual(['gc']);
      expect(idsOf(await approvals.grants({ limit: 1 }))).toEqual(['gd']);
    },
  );

  withApprovals('revokes a grant once, with the record that tells of it', async (approvals, store) => {
    await approve(approvals, 'a', { grant: grantOf('g', 'a') });
    const revoke = () => approvals.revoke('g', 'bob', new Date(START + 9), told('revoked'));
    const revoked = grantOf('g', 'a', { revokedAt: new Date(START + 9), revokedBy: 'bob' });
    const broken = () => approvals.revoke('g', 'bob', new Date(START), BROKEN);
    expect(await nameOfFailure(broken)).toBe('Error');
    expect(idsOf(await approvals.grants({ liveAt: START }))).toEqual(['g']);
    expect(await revoke()).toEqual(revoked);
    expect(await revoke()).toBe(undefined);
    expect(await approvals.grants({})).toEqual([revoked]);
    expect(await approvals.revoke('unknown', 'bob', new Date(START), told('revoked'))).toBe(undefined);
    expect(await kindsIn(store)).toEqual(['waiting', 'approval', 'approval']);
  });
}

function questionCases(make: Make, { it, expect }: SuiteTools): void {
  const withApprovals = casesWithApprovals(make, it);

  withApprovals('knows a waiter that is alive, and none where nobody waits', async (approvals) => {
    await approvals.enter(askOf('a'), waiting('a'));
    await approvals.enter(askOf('b', { waiter: null }), waiting('b'));
    expect(await Promise.all(['a', 'b'].map((id) => waits(approvals, id)))).toEqual([true, false]);
  });

  withApprovals(
    'answers with promises if and only if it says that it is remote, here too',
    async (approvals, store) => {
      const answers = [
        approvals.enter(askOf('a'), waiting('a')),
        approvals.get('a'),
        approvals.list({}),
        approvals.change('a', PENDING, { state: 'denied' }, told('a')),
        approvals.grants({}),
        approvals.revoke('g', 'bob', new Date(START), told('a')),
        approvals.version(),
      ];
      expect(
        answers
          .filter((answer) => answer !== undefined)
          .every((answer) => isThenable(answer) === store.remote),
      ).toBe(true);
      await Promise.all(answers);
    },
  );
}

async function waits(approvals: ApprovalStore, id: string): Promise<boolean> {
  const approval = await approvals.get(id);
  return approval !== undefined && (await approvals.hasWaiter(approval));
}
