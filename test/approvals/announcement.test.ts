import { describe, expect, it } from 'vitest';
import { decisionAnnouncement, requestAnnouncement } from '../../src/approvals/announcement.ts';
import { now, REQUEST, Scene } from './queue-scene.ts';

const COMMON = {
  id: 'id-1',
  action_id: 'action-1',
  verdict: 'ESCALATE',
  tool_name: 'pay',
  action_type: 'payment.send',
  agent_id: 'worker',
  task_id: null,
  session_id: 'session-1',
  reason: 'Payments need a person',
  rule_name: 'payments',
  escalate_to: null,
  risk_score: 0.5,
  objections: ['payments'],
  quorum: 1,
};

describe('the announcement of a request', () => {
  it('has everything that an approver needs, as the approver is shown it, and no more', () => {
    const scene = new Scene();
    const ask = scene.ask(scene.queue());
    const message = requestAnnouncement(ask);
    expect(message).toMatchObject({
      id: 'msg_id-1_requested',
      subject: 'id-1',
      until: ask.expiresAt.getTime(),
    });
    const times = {
      requested_at: ask.requestedAt.toISOString(),
      expires_at: ask.expiresAt.toISOString(),
    };
    expect(JSON.parse(message.body)).toEqual({
      type: 'approval.requested',
      timestamp: times.requested_at,
      data: { ...COMMON, ...times, state: 'pending', shown: REQUEST.shown },
    });
  });

  it('leaves out a call that is too long, whole, and says so', () => {
    const scene = new Scene();
    const shown = { intent: 'pay', parameters: { text: 'x'.repeat(300_000) } };
    const { body } = requestAnnouncement(scene.ask(scene.queue(), { shown }));
    expect(body.length).toBeLessThan(2_000);
    expect(JSON.parse(body).data).toMatchObject({ shown: null, shown_left_out: true });
  });
});

describe('the announcement of a decision', () => {
  it('says who decided, with which note, and nothing of the call or of signatures', () => {
    const scene = new Scene();
    const queue = scene.queue();
    const ask = scene.ask(queue);
    const said = { by: 'ann', approved: true, note: 'go', signature: 'c2ln' };
    const approval = now(queue.decide(ask.id, { ...said, scope: 'call' }));
    const signed = { ...approval, votes: approval.votes.map((vote) => ({ ...vote, signature: 'c2ln' })) };
    const message = decisionAnnouncement(signed, 'pending', approval.decidedAt ?? new Date(0));
    expect(message).toMatchObject({ id: 'msg_id-1_approved', subject: 'id-1', until: null });
    const at = approval.decidedAt?.toISOString();
    expect(JSON.parse(message.body)).toEqual({
      type: 'approval.decided',
      timestamp: at,
      data: {
        ...COMMON,
        requested_at: ask.requestedAt.toISOString(),
        expires_at: ask.expiresAt.toISOString(),
        state: 'approved',
        was: 'pending',
        decided_by: 'ann',
        decided_at: at,
        note: 'go',
        votes: [{ by: 'ann', approved: true, at, note: 'go', scope: 'call', minutes: 60 }],
      },
    });
  });
});
