import type { Grant } from '../core/approval.ts';
import { sortedJson } from '../core/canonical.ts';
import {
  nameColumn,
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

const SCOPES = Object.freeze(['session', 'call'] as const);

/** A grant as a row: times are epoch milliseconds, objections are JSON. Throws for what could not be read again. */
export function rowOfGrant(grant: Grant): Row {
  const { revokedAt } = grant;
  const row = {
    id: nameColumn('grant id', grant.id),
    approval_id: nameColumn('approval id', grant.approvalId),
    scope: grant.scope,
    digest: nameColumn('digest', grant.digest),
    session_id: optionalNameColumn('session id', grant.sessionId),
    agent_id: nameColumn('agent id', grant.agentId),
    tool_name: nameColumn('tool name', grant.toolName),
    objections: sortedJson(grant.objections),
    granted_by: nameColumn('approver', grant.grantedBy),
    granted_at: Math.trunc(grant.grantedAt.getTime()),
    expires_at: Math.trunc(grant.expiresAt.getTime()),
    revoked_at: revokedAt === null ? null : Math.trunc(revokedAt.getTime()),
    revoked_by: optionalNameColumn('approver', grant.revokedBy),
  };
  return readableRow(`grant ${grant.id}`, row, read);
}

/** The grant of a row. One that was edited so that it cannot be read is revoked since ever, by nobody. */
export function grantOfRow(row: Row): Grant {
  try {
    return read(row);
  } catch {
    const never = new Date(0);
    const dates = { grantedAt: never, expiresAt: never, revokedAt: never };
    const rest = { scope: 'call', objections: [], sessionId: null, revokedBy: null } as const;
    return Object.freeze({ ...namesIn(row), ...rest, ...dates });
  }
}

function read(row: Row): Grant {
  const scope = wordIn(row, 'scope', SCOPES);
  const sessionId = optionalTextIn(row, 'session_id');
  if (scope === 'session' && sessionId === null) unreadable('session_id');
  return Object.freeze({
    ...namesIn(row),
    scope,
    sessionId,
    objections: textsIn(row, 'objections'),
    grantedAt: timeIn(row, 'granted_at'),
    expiresAt: timeIn(row, 'expires_at'),
    revokedAt: optionalTimeIn(row, 'revoked_at'),
    revokedBy: optionalTextIn(row, 'revoked_by'),
  });
}

function namesIn(row: Row) {
  return {
    id: textIn(row, 'id'),
    approvalId: textIn(row, 'approval_id'),
    digest: textIn(row, 'digest'),
    agentId: textIn(row, 'agent_id'),
    toolName: textIn(row, 'tool_name'),
    grantedBy: textIn(row, 'granted_by'),
  };
}
