/** What a token is for. What each role may do is told in `access/roles.ts`. */
export const ROLES = Object.freeze(['ingest', 'viewer', 'approver', 'admin'] as const);

/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** A credential with one role, as it is kept: by the hash of its text, never by the text. */
export interface AccessToken {
  /** UUIDv7. */
  readonly id: string;
  readonly name: string;
  /** The name as names are compared: of the tokens that are live at a time, no two have the same. */
  readonly nameKey: string;
  readonly role: Role;
  /** Hex SHA-256 of the token's text. */
  readonly hash: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  /** `null`: it does not end by itself. */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
}

/** Where a token is in its life. */
export type TokenState = 'live' | 'expired' | 'revoked';

/** A token's state at a time, in epoch milliseconds. A time that is none (NaN) is past its end. */
export function tokenState({ expiresAt, revokedAt }: AccessToken, now: number): TokenState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt === null || now < expiresAt.getTime() ? 'live' : 'expired';
}
