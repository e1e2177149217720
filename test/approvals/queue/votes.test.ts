import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/approvals/queue.ts';
import type { ApprovalAsk, ApprovalVote } from '../../../src/core/approval.ts';
import { START } from '../../../src/testing/store/records.ts';
import { MINUTE, now, problemOf, REQUEST, Scene, Signer, stateOf, TIMEOUT } from '../queue-scene.ts';

const [alice, bob, carol] = [new Signer('alice'), new Signer('bob'), new Signer('carol')];

describe('a quorum', () => {
  it('is reached by that many people, and the request is pending until then', () => {
    const scene = new Scene();
    scene.quorum = 3;
    const ask = scene.ask(scene.queue());
    const states = ['alice', 'bob', 'carol'].map(
      (by) => now(scene.queue().decide(ask.id, { by, approved: true, note: `from ${by}` })).state,
    );
    expect(states).toEqual(['pending', 'pending', 'approved']);
    expect(scene.store.get(ask.id)).toMatchObject({
      decidedBy: 'carol',
      votes: [
        { by: 'alice', note: 'from alice' },
        { by: 'bob', note: 'from bob' },
        { by: 'carol', note: 'from carol' },
      ],
    });
    expect(scene.told().map(({ event, by }) => [event, by])).toEqual([
      ['voted', 'alice'],
      ['voted', 'bob'],
      ['approved', 'carol'],
    ]);
  });

  it.each(['alice', 'Alice', ' alice ', 'ａｌｉｃｅ', 'al\u200bice'])(
    'does not count %j beside alice',
    (by) => {
      const scene = new Scene();
      scene.quorum = 2;
      const ask = scene.ask(scene.queue());
      scene.queue().decide(ask.id, { by: 'alice', approved: true });
      expect(problemOf(() => scene.queue().decide(ask.id, { by, approved: true }))).toBe('voted');
      expect(stateOf(scene, ask)).toBe('pending');
    },
  );

  it('does not outvote one no, also of somebody who said yes before', () => {
    for (const by of ['bob', 'alice']) {
      const scene = new Scene();
      scene.quorum = 3;
      const ask = scene.ask(scene.queue());
      scene.queue().decide(ask.id, { by: 'alice', approved: true });
      expect(now(scene.queue().decide(ask.id, { by, approved: false })).state).toBe('denied');
    }
  });

  it('is the one that was asked for, or a higher one by now', () => {
    const scene = new Scene();
    scene.quorum = 2;
    const [first, second] = [scene.ask(scene.queue()), scene.ask(scene.queue())];
    scene.quorum = 1;
    expect(now(scene.queue().decide(first.id, { by: 'alice', approved: true })).state).toBe('pending');
    scene.quorum = 3;
    for (const by of ['alice', 'bob']) scene.queue().decide(second.id, { by, approved: true });
    expect(stateOf(scene, second)).toBe('pending');
  });

  it.each<[string, Partial<Decision>, Partial<Decision>, string[]]>([
    ['what both said', { scope: 'call', minutes: 60 }, { scope: 'call', minutes: 60 }, ['call 60']],
    ['the shorter time', { scope: 'call', minutes: 9 }, { scope: 'call', minutes: 60 }, ['call 9']],
    ['one call where one said so', { scope: 'call', minutes: 60 }, {}, []],
    ['one call where they differ', { scope: 'call' }, { scope: 'session' }, []],
  ])('grants %s', (_what, one, other, granted) => {
    const scene = new Scene();
    scene.quorum = 2;
    const ask = scene.ask(scene.queue());
    scene.queue().decide(ask.id, { by: 'alice', approved: true, ...one });
    scene.queue().decide(ask.id, { by: 'bob', approved: true, ...other });
    const lasts = (expiresAt: Date): number => (expiresAt.getTime() - START) / MINUTE;
    expect(now(scene.queue().grants()).map(({ scope, expiresAt }) => `${scope} ${lasts(expiresAt)}`)).toEqual(
      granted,
    );
    expect(stateOf(scene, ask)).toBe('approved');
  });
});

describe('configured approvers', () => {
  it.each<[string, string | null, (ask: ApprovalAsk) => Decision, string | null]>([
    ['one of them', null, (ask) => alice.says(ask), null],
    ['one of them in capitals', null, (ask) => alice.says(ask, { by: 'ALICE' }), null],
    ['one on the list', 'finance', (ask) => bob.says(ask), null],
    ['the one that is named', 'alice', (ask) => alice.says(ask), null],
    ['anyone where the list is nobody’s', 'legal', (ask) => alice.says(ask), null],
    ['one with a no', null, (ask) => alice.says(ask, { approved: false, note: 'No' }), null],
    ['one who is not on the list', 'finance', (ask) => alice.says(ask), 'not_approver'],
    ['another than the one that is named', 'alice', (ask) => bob.says(ask), 'not_approver'],
    ['somebody else', null, (ask) => carol.says(ask), 'not_approver'],
    ['one without a signature', null, () => ({ by: 'alice', approved: true }), 'unsigned'],
    ['one with an empty signature', null, () => ({ by: 'alice', approved: true, signature: '' }), 'unsigned'],
    ['one who denies without a signature', null, () => ({ by: 'alice', approved: false }), 'unsigned'],
    ['another with the same name', null, (ask) => new Signer('alice').says(ask), 'bad_signature'],
    ['one with another’s signature', null, (ask) => ({ ...alice.says(ask), by: 'bob' }), 'bad_signature'],
    [
      'one who said no',
      null,
      (ask) => ({ ...alice.says(ask, { approved: false }), approved: true }),
      'bad_signature',
    ],
    ['one who said once', null, (ask) => ({ ...alice.says(ask), scope: 'call' }), 'bad_signature'],
    [
      'one who said less',
      null,
      (ask) => ({ ...alice.says(ask, { scope: 'call', minutes: 1 }), minutes: 2 }),
      'bad_signature',
    ],
    ['one with another note', null, (ask) => ({ ...alice.says(ask), note: 'Hm' }), 'bad_signature'],
    [
      'one who signed for another request',
      null,
      (ask) => alice.says({ ...ask, id: 'id-0' }),
      'bad_signature',
    ],
    ['one whose note has a secret', null, (ask) => alice.says(ask, { note: 'hunter2' }), 'note'],
    ['one whose note is too long', null, (ask) => alice.says(ask, { note: 'x'.repeat(2001) }), 'note'],
  ])('decide: %s', (_who, escalateTo, decision, problem) => {
    const scene = new Scene();
    scene.approvers = [alice.listed(), bob.listed('finance')];
    const ask = scene.ask(scene.queue(), { escalateTo });
    const came = problemOf(() => now(scene.queue().decide(ask.id, decision(ask))).state);
    expect(came).toBe(problem ?? (decision(ask).approved ? 'approved' : 'denied'));
    expect(stateOf(scene, ask)).toBe(problem === null ? came : 'pending');
  });

  it('cannot be the agent that asks, signed or not', () => {
    const scene = new Scene();
    scene.approvers = [alice.listed()];
    const ask = scene.ask(scene.queue(), { agentId: 'Alice' });
    expect(problemOf(() => scene.queue().decide(ask.id, alice.says(ask)))).toBe('own_request');
  });

  it('are the only ones whose votes count towards a quorum', () => {
    const scene = new Scene();
    scene.quorum = 2;
    const ask = scene.ask(scene.queue());
    scene.queue().decide(ask.id, { by: 'alice', approved: true });
    scene.approvers = [alice.listed(), bob.listed()];
    expect(now(scene.queue().decide(ask.id, bob.says(ask))).state).toBe('pending');
    expect(now(scene.queue().decide(ask.id, alice.says(ask))).state).toBe('approved');
  });

  it('have no signature kept where none are configured', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    expect(now(scene.queue().decide(ask.id, alice.says(ask))).votes).toMatchObject([{ signature: null }]);
  });
});

describe('what somebody wrote into the store', () => {
  const unsigned: ApprovalVote = {
    by: 'alice',
    approved: true,
    at: new Date(START),
    note: null,
    scope: 'once',
    minutes: null,
    signature: null,
  };
  const asShown = () => REQUEST;
  const forge = (scene: Scene, ask: ApprovalAsk, votes: readonly ApprovalVote[]): void => {
    scene.store.change(ask.id, { state: 'pending', votes: 0 }, { state: 'approved', votes }, null);
  };
  const signed = (ask: ApprovalAsk, changes: Partial<Decision> = {}): ApprovalVote => ({
    ...unsigned,
    ...(alice.says(ask, changes) as Partial<ApprovalVote>),
  });

  it.each<[string, (ask: ApprovalAsk) => ApprovalVote[]]>([
    ['no vote', () => []],
    ['an unsigned vote', () => [unsigned]],
    ['a vote with a signature that is none', () => [{ ...unsigned, signature: 'AAAA' }]],
    ['a vote of somebody else', (ask) => [{ ...signed(ask), by: 'bob' }]],
    ['a vote for another request', (ask) => [signed({ ...ask, id: 'id-0' })]],
    ['a vote for what was objected to less', (ask) => [signed({ ...ask, objections: [] })]],
    ['a signed no', (ask) => [signed(ask, { approved: false })]],
    ['a signed no that was made a yes', (ask) => [{ ...signed(ask, { approved: false }), approved: true }]],
  ])('is no approval with %s', async (_what, votes) => {
    const scene = new Scene();
    scene.approvers = [alice.listed()];
    const ask = scene.ask(scene.queue());
    forge(scene, ask, votes(ask));
    const limits = { timeoutMs: TIMEOUT };
    await expect(scene.queue().wait(ask, limits)).resolves.toMatchObject({ id: ask.id, state: 'denied' });
    expect(scene.queue().get(ask.id)).toMatchObject({ state: 'denied' });
    expect(scene.queue().match('digest-1', null, [], asShown)).toEqual({ kind: 'none' });
  });

  it('is none with the signed vote of the agent itself', () => {
    const scene = new Scene();
    scene.approvers = [alice.listed()];
    const ask = scene.ask(scene.queue(), { agentId: 'Alice' });
    forge(scene, ask, [signed(ask)]);
    expect(scene.queue().get(ask.id)).toMatchObject({ state: 'denied' });
  });

  it('is one with a signed vote; one vote twice is no quorum', () => {
    const scene = new Scene();
    scene.approvers = [alice.listed()];
    const ask = scene.ask(scene.queue());
    forge(scene, ask, [signed(ask), signed(ask)]);
    expect(scene.queue().match('digest-1', null, [], asShown)).toMatchObject({ kind: 'approved' });
    scene.quorum = 2;
    expect(scene.queue().match('digest-1', null, [], asShown)).toEqual({ kind: 'none' });
  });

  it('grants nothing that was not signed', () => {
    const scene = new Scene();
    scene.approvers = [alice.listed()];
    const ask = scene.ask(scene.queue());
    const vote = signed(ask, { scope: 'call', minutes: 60 });
    scene.queue().decide(ask.id, vote);
    const [grant] = now(scene.queue().grants());
    if (grant === undefined) throw new Error('There is no grant.');
    expect(scene.queue().match('digest-1', null, ['payments'], asShown)).toEqual({ kind: 'granted', grant });
    scene.queue().revoke(grant.id, 'bob');
    scene.queue().cancel(ask.id);
    const forged = [
      { expiresAt: new Date(START + TIMEOUT + 60 * MINUTE + 1) },
      { scope: 'session', sessionId: 'session-1' },
      { objections: ['payments', 'more'] },
      { approvalId: 'id-0' },
    ] as const;
    for (const [i, change] of forged.entries()) {
      const other = scene.ask(scene.queue(), { digest: 'digest-2' });
      const made = { ...grant, id: `forged-${i}`, ...change };
      scene.store.change(other.id, { state: 'pending', votes: 0 }, { state: 'denied', grant: made }, null);
      expect(scene.queue().match('digest-1', 'session-1', [], asShown)).toEqual({ kind: 'none' });
    }
  });
});
