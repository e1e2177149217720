import { type AccessToken, type TokenState, tokenState } from '../core/access-token.ts';
import { printable } from '../explain/printable.ts';
import { shortId } from './approval-text.ts';
import { localTime } from './log-line.ts';

/** As wide as the longest role. */
const ROLE = 8;
const STATE = 7;
/** A name, or when it ends, of fewer characters is filled up. */
const NAME = 16;
const TIME = 19;

/** A token as one line: short id, name, role, state, when it was made and when it ends. Nothing in it acts on a terminal. */
export function tokenLine(token: AccessToken, now: number): string {
  const { id, name, role, createdAt, expiresAt, revokedAt, revokedBy } = token;
  const state = tokenState(token, now);
  const ends = expiresAt === null ? 'never' : localTime(expiresAt);
  const revoked =
    revokedAt === null ? '' : ` revoked ${localTime(revokedAt)} by ${printable(revokedBy ?? '?')}`;
  const what = `${printable(name).padEnd(NAME)} ${role.padEnd(ROLE)} ${state.padEnd(STATE)}`;
  return `${shortId(id)} ${what} created ${localTime(createdAt)} expires ${ends.padEnd(TIME)}${revoked}`.trimEnd();
}

/** A token as a program reads it: everything but the hash. */
export interface TokenJson {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly state: TokenState;
  readonly created_at: Date;
  readonly created_by: string;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly revoked_by: string | null;
}

/** See {@link TokenJson}. `now` is epoch milliseconds. */
export function tokenJson(token: AccessToken, now: number): TokenJson {
  return {
    id: token.id,
    name: token.name,
    role: token.role,
    state: tokenState(token, now),
    created_at: token.createdAt,
    created_by: token.createdBy,
    expires_at: token.expiresAt,
    revoked_at: token.revokedAt,
    revoked_by: token.revokedBy,
  };
}
