import type { Store } from '../../stores/store.ts';
import type { SuiteTools } from '../suite-tools.ts';
import {
  approve,
  askOf,
  BROKEN,
  casesWithApprovals,
  EXPIRES,
  grantOf,
  nameOfFailure,
  relying,
  told,
} from './approvals.ts';
import { decided, draftOf, START } from './records.ts';

type Make = () => Store | Promise<Store>;

const SPENT = 'ApprovalSpentError';
const decidedIn = async (store: Store) =>
  [...(await store.records())].flatMap(({ kind, actionId }) => (kind === 'decided' ? actionId : []));

/** What every store that keeps requests for approval must do about decisions that rely on them. */
export function consumptionCases(make: Make, tools: SuiteTools): void {
  approvedCases(make, tools);
  notApprovedCases(make, tools);
  grantedCases(make, tools);
  batchCases(make, tools);
}

function approvedCases(make: Make, { it, expect }: SuiteTools): void {
  const withApprovals = casesWithApprovals(make, it);

  withApprovals('lets one decision rely on an approved request, once', async (approvals, store) => {
    await approve(approvals, 'a');
    await store.append([relying('run', { approvalId: 'a' })]);
    const consumed = await approvals.get('a');
    expect([consumed?.state, consumed?.consumedBy, consumed?.decidedBy]).toEqual(['consumed', 'run', 'ann']);
    expect(await nameOfFailure(() => store.append([relying('again', { approvalId: 'a' })]))).toBe(SPENT);
    expect((await approvals.get('a'))?.consumedBy).toBe('run');
    expect(await decidedIn(store)).toEqual(['run']);
  });

  withApprovals('does not show in the record what it relies on', async (approvals, store) => {
    await approve(approvals, 'a');
    await store.append([relying('run', { approvalId: 'a' })]);
    const [record] = [...(await store.records())].slice(-1);
    expect(Object.keys(record ?? {}).includes('consumes')).toBe(false);
  });

  withApprovals(
    'consumes up to the moment at which a request expires, not at it',
    async (approvals, store) => {
      await approve(approvals, 'a');
      const at = (now: number) => () => store.append([relying(`at ${now}`, { approvalId: 'a', now })]);
      expect(await nameOfFailure(at(EXPIRES))).toBe(SPENT);
      expect(await nameOfFailure(at(Number.NaN))).toBe(SPENT);
      expect((await approvals.get('a'))?.state).toBe('approved');
      expect(await nameOfFailure(at(EXPIRES - 1))).toBe('done');
    },
  );

  withApprovals('consumes nothing where the record cannot be written', async (approvals, store) => {
    await approve(approvals, 'a');
    const broken = { ...BROKEN, consumes: { approvalId: 'a', now: START } };
    expect(await nameOfFailure(() => store.append([decided('other'), broken]))).toBe('Error');
    const { state, consumedBy } = (await approvals.get('a')) ?? {};
    expect([state, consumedBy]).toEqual(['approved', null]);
    expect(await decidedIn(store)).toEqual([]);
  });

  withApprovals('changes nothing of a consumed request', async (approvals, store) => {
    await approve(approvals, 'a');
    await store.append([relying('run', { approvalId: 'a' })]);
    const from = { state: 'consumed', votes: 1 } as const;
    for (const state of ['approved', 'consumed'] as const) {
      expect(await approvals.change('a', from, { state, waiter: null }, told('again'))).toBe(undefined);
    }
    expect((await approvals.get('a'))?.state).toBe('consumed');
  });
}

function notApprovedCases(make: Make, { it, expect }: SuiteTools): void {
  const withApprovals = casesWithApprovals(make, it);

  withApprovals('lets no decision rely on a request that is not approved', async (approvals, store) => {
    for (const state of ['pending', 'denied', 'expired', 'cancelled'] as const) {
      await approvals.enter(askOf(state), draftOf('approval', 'asked', {}));
      await approvals.change(state, { state: 'pending', votes: 0 }, { state }, null);
      expect(await nameOfFailure(() => store.append([relying('run', { approvalId: state })]))).toBe(SPENT);
      expect((await approvals.get(state))?.state).toBe(state);
    }
    expect(await nameOfFailure(() => store.append([relying('run', { approvalId: 'unknown' })]))).toBe(SPENT);
    expect(await decidedIn(store)).toEqual([]);
  });

  withApprovals('appends a decision that relies on nothing', async (_approvals, store) => {
    await store.append([relying('run', {})]);
    expect(await decidedIn(store)).toEqual(['run']);
  });
}

function grantedCases(make: Make, { it, expect }: SuiteTools): void {
  const withApprovals = casesWithApprovals(make, it);

  withApprovals('lets any number of decisions rely on a grant while it is live', async (approvals, store) => {
    await approve(approvals, 'a', { grant: grantOf('g', 'a') });
    const at = (now: number) => () => store.append([relying(`at ${now}`, { grantId: 'g', now })]);
    expect(await nameOfFailure(at(START))).toBe('done');
    expect(await nameOfFailure(at(EXPIRES - 1))).toBe('done');
    expect(await nameOfFailure(at(EXPIRES))).toBe(SPENT);
    expect(await nameOfFailure(at(Number.NaN))).toBe(SPENT);
    await approvals.revoke('g', 'bob', new Date(START), told('revoked'));
    expect(await nameOfFailure(at(START + 1))).toBe(SPENT);
    expect(await nameOfFailure(() => store.append([relying('x', { grantId: 'unknown' })]))).toBe(SPENT);
    expect(await decidedIn(store)).toEqual([`at ${START}`, `at ${EXPIRES - 1}`]);
  });

  withApprovals('uses up the request of a grant with the first that goes by it', async (approvals, store) => {
    await approve(approvals, 'a', { ask: { waiter: null }, grant: grantOf('g', 'a') });
    await store.append([relying('first', { grantId: 'g' }), relying('second', { grantId: 'g' })]);
    await store.append([relying('third', { grantId: 'g' })]);
    const { state, consumedBy } = (await approvals.get('a')) ?? {};
    expect([state, consumedBy]).toEqual(['consumed', 'first']);
    expect(await nameOfFailure(() => store.append([relying('one more', { approvalId: 'a' })]))).toBe(SPENT);
  });

  withApprovals('leaves the request of a grant to the call that waits for it', async (approvals, store) => {
    await approve(approvals, 'a', { grant: grantOf('g', 'a') });
    await store.append([relying('first', { grantId: 'g' })]);
    expect((await approvals.get('a'))?.state).toBe('approved');
  });

  withApprovals('needs both where a decision relies on both', async (approvals, store) => {
    await approve(approvals, 'a', { grant: grantOf('g', 'a') });
    await approve(approvals, 'b');
    const both = (actionId: string, approvalId: string, grantId: string) =>
      nameOfFailure(() => store.append([relying(actionId, { approvalId, grantId })]));
    expect(await both('no grant', 'a', 'unknown')).toBe(SPENT);
    expect((await approvals.get('a'))?.state).toBe('approved');
    expect(await both('first', 'a', 'g')).toBe('done');
    expect(await both('spent', 'a', 'g')).toBe(SPENT);
    expect(await both('second', 'b', 'g')).toBe('done');
    expect(await decidedIn(store)).toEqual(['first', 'second']);
  });
}

function batchCases(make: Make, { it, expect }: SuiteTools): void {
  const withApprovals = casesWithApprovals(make, it);

  withApprovals(
    'writes the other appends of a batch of which one relies on what is spent',
    async (approvals, store) => {
      await approve(approvals, 'a');
      const before = [...(await store.records())].length;
      const attempts = [
        [decided('before')],
        [relying('first', { approvalId: 'a' })],
        [decided('with the second'), relying('second', { approvalId: 'a' })],
        [decided('after')],
      ].map((drafts) => nameOfFailure(() => store.append(drafts, { gather: true })));
      expect(await Promise.all(attempts)).toEqual(['done', 'done', SPENT, 'done']);
      expect(await decidedIn(store)).toEqual(['before', 'first', 'after']);
      const records = [...(await store.records())];
      expect(records.map(({ position }) => position)).toEqual(records.map((_, index) => index + 1));
      expect(records.length).toBe(before + 3);
      expect((await approvals.get('a'))?.consumedBy).toBe('first');
    },
  );

  withApprovals('uses up all that the drafts of one append rely on, or nothing', async (approvals, store) => {
    for (const id of ['a', 'b']) await approve(approvals, id);
    const pair = (first: string, second: string) =>
      nameOfFailure(() =>
        store.append([relying('one', { approvalId: first }), relying('two', { approvalId: second })]),
      );
    expect(await pair('a', 'unknown')).toBe(SPENT);
    expect(await pair('a', 'a')).toBe(SPENT);
    expect(await decidedIn(store)).toEqual([]);
    expect(await pair('a', 'b')).toBe('done');
    expect((await approvals.list({})).map(({ consumedBy }) => consumedBy)).toEqual(['two', 'one']);
  });
}
