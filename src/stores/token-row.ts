import { type AccessToken, ROLES, type Role, tokenState } from '../core/access-token.ts';
import {
  nameColumn,
  optionalNameColumn,
  optionalTextIn,
  optionalTimeIn,
  type Row,
  readableRow,
  textIn,
  timeIn,
  wordIn,
} from './columns.ts';

/** A token as a row: times are epoch milliseconds. Throws for what could not be read again. */
export function rowOfToken(token: AccessToken): Row {
  const row = {
    id: nameColumn('token id', token.id),
    name: nameColumn('token name', token.name),
    name_key: nameColumn('token name', token.nameKey),
    role: token.role,
    hash: nameColumn('hash', token.hash),
    created_at: millisecondsOf(token.createdAt),
    created_by: nameColumn('creator', token.createdBy),
    expires_at: token.expiresAt && millisecondsOf(token.expiresAt),
    revoked_at: token.revokedAt && millisecondsOf(token.revokedAt),
    revoked_by: optionalNameColumn('revoker', token.revokedBy),
  };
  return readableRow(`token ${token.id}`, row, read);
}

/** The token of a row. One that was edited so that it cannot be read may do least, and is revoked since ever, by nobody. */
export function tokenOfRow(row: Row): AccessToken {
  try {
    return read(row);
  } catch {
    const never = new Date(0);
    const dates = { createdAt: never, expiresAt: never, revokedAt: never };
    return Object.freeze({ ...textsIn(row), ...dates, role: 'ingest' satisfies Role, revokedBy: null });
  }
}

/** Whether one of these is live at a time, in epoch milliseconds. */
export function isAnyLive(rows: readonly Row[], now: number): boolean {
  return rows.some((row) => tokenState(tokenOfRow(row), now) === 'live');
}

/** A token, revoked. */
export function revokedToken(token: AccessToken, by: string, at: Date): AccessToken {
  return { ...token, revokedAt: at, revokedBy: by };
}

function read(row: Row): AccessToken {
  return Object.freeze({
    ...textsIn(row),
    role: wordIn(row, 'role', ROLES),
    createdAt: timeIn(row, 'created_at'),
    expiresAt: optionalTimeIn(row, 'expires_at'),
    revokedAt: optionalTimeIn(row, 'revoked_at'),
    revokedBy: optionalTextIn(row, 'revoked_by'),
  });
}

function textsIn(row: Row) {
  return {
    id: textIn(row, 'id'),
    name: textIn(row, 'name'),
    nameKey: textIn(row, 'name_key'),
    hash: textIn(row, 'hash'),
    createdBy: textIn(row, 'created_by'),
  };
}

function millisecondsOf(time: Date): number {
  return Math.trunc(time.getTime());
}
