import type { Approval, ApprovalAsk, ApprovalState } from '../core/approval.ts';
import type { WebhookMessage } from '../core/webhook-message.ts';
import { approvalJson } from '../core/wire-approval.ts';

/** A call that would make a longer message is left out of it. */
const MAX_BODY = 262_144;

/** What a receiver is told of every request. Digest, waiter and policy are of no use outside. */
const TOLD = [
  'id',
  'action_id',
  'state',
  'verdict',
  'tool_name',
  'action_type',
  'agent_id',
  'task_id',
  'session_id',
  'reason',
  'rule_name',
  'escalate_to',
  'risk_score',
  'objections',
  'quorum',
  'requested_at',
  'expires_at',
] as const;

/**
 * `approval.requested`: a request that was stored, with the call as an approver is shown it (`shown`; `null` where that is
 * too long, beside `shown_left_out: true`). Nobody needs it when the request's time is over.
 */
export function requestAnnouncement(ask: ApprovalAsk): WebhookMessage {
  const { id, requestedAt, expiresAt, shown } = ask;
  const data = { ...toldOf({ ...ask, state: 'pending' }) };
  const type = 'approval.requested';
  const whole = bodyOf(type, requestedAt, { ...data, shown });
  return {
    id: `msg_${id}_requested`,
    body:
      whole.length <= MAX_BODY
        ? whole
        : bodyOf(type, requestedAt, { ...data, shown: null, shown_left_out: true }),
    subject: id,
    until: expiresAt.getTime(),
  };
}

/**
 * `approval.decided`: a request that is not what it `was`: approved or denied, by whom and with which note, or expired or
 * cancelled. It does not say what the call was: that is not kept in clear any more.
 */
export function decisionAnnouncement(approval: Approval, was: ApprovalState, now: Date): WebhookMessage {
  const { id, state, decidedBy, decidedAt, note, votes } = approval;
  const said = votes.map(({ signature: _, ...vote }) => vote);
  const data = { ...toldOf(approval), was, decided_by: decidedBy, decided_at: decidedAt, note, votes: said };
  return {
    id: `msg_${id}_${state}`,
    body: bodyOf('approval.decided', now, data),
    subject: id,
    until: null,
  };
}

function toldOf(approval: ApprovalAsk & Pick<Approval, 'state'>): Readonly<Record<string, unknown>> {
  const all = approvalJson(approval);
  return Object.fromEntries(TOLD.map((name) => [name, all[name]]));
}

function bodyOf(type: string, timestamp: Date, data: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ type, timestamp, data });
}
