import { ROLES, type Role } from '../core/access-token.ts';
import { nodeCrypto } from '../node-crypto.ts';

/** How much chance is in a token, in bytes. */
const RANDOM_BYTES = 32;

/** 32 bytes are 43 characters of base64url. `core/redact/vendor-tokens.ts` knows this form too. */
const TOKEN = new RegExp(`^plyra_(?:${ROLES.join('|')})_[A-Za-z0-9_-]{43}$`);

/** The longest token there is, in characters: `plyra_`, the longest role, `_` and 43 more. */
const MAX_LENGTH = Math.max(...ROLES.map((role) => `plyra_${role}_`.length)) + 43;

/** A token as it is made: its text is shown once, its hash is kept. */
export interface NewToken {
  readonly text: string;
  /** Hex SHA-256 of the text. */
  readonly hash: string;
}

/** A new token's text and hash: `plyra_<role>_` and 32 random bytes in base64url. Nothing is stored. */
export function newToken(role: Role): NewToken {
  const text = `plyra_${role}_${nodeCrypto().randomBytes(RANDOM_BYTES).toString('base64url')}`;
  return { text, hash: tokenHash(text) };
}

/**
 * What is kept in place of a token's text: hex SHA-256. A slow hash makes it hard to find a password by trying what
 * people choose; among 2^256 texts that chance chose there is nothing to try, and a fast hash gives nothing away.
 */
export function tokenHash(text: string): string {
  return nodeCrypto().hash('sha256', text);
}

/** Whether something has the form of a token's text. Never throws, and looks at no more than a token's length. */
export function isTokenText(text: unknown): text is string {
  return typeof text === 'string' && text.length <= MAX_LENGTH && TOKEN.test(text);
}
