import type { AccessToken } from '../core/access-token.ts';
import type { Awaitable } from '../core/awaitable.ts';
import type { RecordDraft } from '../core/chain.ts';

/**
 * Where access tokens are kept. One is never changed but by being revoked, and every change is written together with
 * the record that tells of it.
 */
export interface TokenStore {
  /**
   * Enters a token with its record. `false`, and nothing is written, where another one with this `nameKey` is live when
   * it is created. Throws for an id or a hash that is known.
   */
  create(token: AccessToken, draft: RecordDraft): Awaitable<boolean>;
  /** The token with this hash, live or not. */
  find(hash: string): Awaitable<AccessToken | undefined>;
  /** All, live or not, the newest first. */
  list(): Awaitable<readonly AccessToken[]>;
  /** Revokes a token, with its record. `undefined`, and nothing is written, where it was revoked before or is unknown. */
  revoke(id: string, by: string, at: Date, draft: RecordDraft): Awaitable<AccessToken | undefined>;
}
