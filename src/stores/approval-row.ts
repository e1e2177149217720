import type { Approval, ApprovalState, ApprovalVote, MachineTime, ShownCall } from '../core/approval.ts';
import { sortedJson } from '../core/canonical.ts';
import { asProse } from '../core/prose.ts';
import { isoTime } from '../core/wire-time.ts';
import {
  jsonIn,
  listIn,
  nameColumn,
  numberIn,
  optionalNameColumn,
  optionalTextIn,
  optionalTimeIn,
  type Row,
  readableRow,
  textIn,
  textsIn,
  timeIn,
  unreadable,
  wordIn,
} from './columns.ts';

const STATES: readonly ApprovalState[] = Object.freeze([
  'pending',
  'approved',
  'denied',
  'expired',
  'consumed',
  'cancelled',
]);
const VERDICTS = Object.freeze(['ESCALATE', 'DEFER'] as const);
const SCOPES = Object.freeze(['once', 'session', 'call'] as const);

/**
 * A request as a row: times are epoch milliseconds; objections, what is shown and the votes are JSON. Throws for what
 * could not be read again.
 */
export function rowOfApproval(approval: Approval): Row {
  const { requestedAt, expiresAt, expiresOn, shown, ruleName, escalateTo, decidedAt, note } = approval;
  const row = {
    id: nameColumn('approval id', approval.id),
    action_id: nameColumn('action id', approval.actionId),
    digest: nameColumn('digest', approval.digest),
    tool_name: nameColumn('tool name', approval.toolName),
    action_type: nameColumn('action type', approval.actionType),
    agent_id: nameColumn('agent id', approval.agentId),
    task_id: optionalNameColumn('task id', approval.taskId),
    session_id: optionalNameColumn('session id', approval.sessionId),
    verdict: approval.verdict,
    reason: asProse(approval.reason),
    rule_name: ruleName === null ? null : asProse(ruleName),
    escalate_to: optionalNameColumn('approver', escalateTo),
    risk_score: approval.riskScore,
    policy_revision: nameColumn('policy revision', approval.policyRevision),
    objections: sortedJson(approval.objections),
    shown: shown === null ? null : sortedJson({ intent: shown.intent, parameters: shown.parameters }),
    shown_hash: optionalNameColumn('hash', approval.shownHash),
    quorum: approval.quorum,
    requested_at: Math.trunc(requestedAt.getTime()),
    expires_at: Math.trunc(expiresAt.getTime()),
    expires_boot: expiresOn === null ? null : nameColumn('machine', expiresOn.boot),
    expires_uptime: expiresOn === null ? null : expiresOn.at,
    waiter: optionalNameColumn('waiter', approval.waiter),
    state: approval.state,
    votes: sortedJson(approval.votes.map(voteToWire)),
    decided_by: optionalNameColumn('approver', approval.decidedBy),
    decided_at: decidedAt === null ? null : Math.trunc(decidedAt.getTime()),
    note: note === null ? null : asProse(note),
    consumed_by: optionalNameColumn('action id', approval.consumedBy),
  };
  return readableRow(`request ${approval.id}`, row, read);
}

/** The request of a row. One that was edited so that it cannot be read is denied, with a note that says so. */
export function approvalOfRow(row: Row): Approval {
  try {
    return read(row);
  } catch (error) {
    return deniedOf(row, `This request cannot be read: ${messageOf(error)}.`);
  }
}

function read(row: Row): Approval {
  const quorum = numberIn(row, 'quorum');
  const riskScore = numberIn(row, 'risk_score');
  return Object.freeze({
    ...namesIn(row),
    verdict: wordIn(row, 'verdict', VERDICTS),
    reason: textIn(row, 'reason'),
    ruleName: optionalTextIn(row, 'rule_name'),
    escalateTo: optionalTextIn(row, 'escalate_to'),
    riskScore: riskScore >= 0 && riskScore <= 1 ? riskScore : unreadable('risk_score'),
    policyRevision: textIn(row, 'policy_revision'),
    objections: textsIn(row, 'objections'),
    shown: row.shown === null ? null : shownOf(jsonIn(row, 'shown')),
    shownHash: optionalTextIn(row, 'shown_hash'),
    quorum: Number.isSafeInteger(quorum) && quorum >= 1 ? quorum : unreadable('quorum'),
    requestedAt: timeIn(row, 'requested_at'),
    expiresAt: timeIn(row, 'expires_at'),
    expiresOn: machineTimeIn(row),
    waiter: optionalTextIn(row, 'waiter'),
    state: wordIn(row, 'state', STATES),
    votes: listIn(row, 'votes', voteOf),
    decidedBy: optionalTextIn(row, 'decided_by'),
    decidedAt: optionalTimeIn(row, 'decided_at'),
    note: optionalTextIn(row, 'note'),
    consumedBy: optionalTextIn(row, 'consumed_by'),
  });
}

function namesIn(row: Row) {
  return {
    id: textIn(row, 'id'),
    actionId: textIn(row, 'action_id'),
    digest: textIn(row, 'digest'),
    toolName: textIn(row, 'tool_name'),
    actionType: textIn(row, 'action_type'),
    agentId: textIn(row, 'agent_id'),
    taskId: optionalTextIn(row, 'task_id'),
    sessionId: optionalTextIn(row, 'session_id'),
  };
}

/** What can still be told of a request that cannot be read. The names are NOT NULL texts, whatever became of the rest. */
function deniedOf(row: Row, note: string): Approval {
  return Object.freeze({
    ...namesIn(row),
    verdict: 'ESCALATE',
    reason: String(row.reason),
    ruleName: null,
    escalateTo: null,
    riskScore: 1,
    policyRevision: String(row.policy_revision),
    objections: [],
    shown: null,
    shownHash: null,
    quorum: 1,
    requestedAt: new Date(0),
    expiresAt: new Date(0),
    expiresOn: null,
    waiter: null,
    state: 'denied',
    votes: [],
    decidedBy: null,
    decidedAt: null,
    note,
    consumedBy: null,
  });
}

function machineTimeIn(row: Row): MachineTime | null {
  if (row.expires_boot === null && row.expires_uptime === null) return null;
  return { boot: textIn(row, 'expires_boot'), at: numberIn(row, 'expires_uptime') };
}

function shownOf(wire: unknown): ShownCall {
  const { intent, parameters } = fieldsOf(wire, 'shown');
  return {
    intent: typeof intent === 'string' ? intent : unreadable('shown'),
    parameters: fieldsOf(parameters, 'shown'),
  };
}

function voteToWire({ by, approved, at, note, scope, minutes, signature }: ApprovalVote): unknown {
  return { by, approved, at: isoTime(at.getTime()), note, scope, minutes, signature };
}

function voteOf(wire: unknown): ApprovalVote {
  const { by, approved, at, note, scope, minutes, signature } = fieldsOf(wire, 'votes');
  const time = new Date(typeof at === 'string' ? at : Number.NaN);
  if (typeof by !== 'string' || typeof approved !== 'boolean' || Number.isNaN(time.getTime())) {
    return unreadable('votes');
  }
  return {
    by,
    approved,
    at: time,
    note: textOrNull(note),
    scope: SCOPES.find((word) => word === scope) ?? unreadable('votes'),
    minutes: minutes === null || Number.isFinite(minutes) ? (minutes as number | null) : unreadable('votes'),
    signature: textOrNull(signature),
  };
}

function textOrNull(value: unknown): string | null {
  return value === null || typeof value === 'string' ? value : unreadable('votes');
}

function fieldsOf(wire: unknown, column: string): Readonly<Record<string, unknown>> {
  if (typeof wire !== 'object' || wire === null || Array.isArray(wire)) return unreadable(column);
  return wire as Readonly<Record<string, unknown>>;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
