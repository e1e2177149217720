import { after } from '../approvals/queue/after.ts';
import { type AccessToken, tokenState } from '../core/access-token.ts';
import type { Awaitable } from '../core/awaitable.ts';
import { nodeCrypto } from '../node-crypto.ts';
import type { TokenStore } from '../stores/token-store.ts';
import { isTokenText, tokenHash } from './token-text.ts';

/** Why a text is not accepted as a token. */
export type TokenProblem = 'malformed' | 'unknown' | 'expired' | 'revoked';

/** A live token, or why there is none. A message never holds the text. */
export type TokenCheck =
  | { readonly ok: true; readonly token: AccessToken }
  | { readonly ok: false; readonly problem: TokenProblem; readonly message: string };

/** What a token is checked against. */
export interface TokenCheckOptions {
  readonly store: TokenStore;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The live token of a text, of any type and length; a refusal for any other. Answers at once where the store does, and
 * throws (or rejects) only where the store fails: who cannot be known must not go on.
 *
 * How long it takes tells nothing of a token. The store is asked by the hash, of which who guesses texts chooses no
 * bit, and the hash that it found, however loosely it compares, is compared in constant time.
 */
export function checkToken(text: unknown, { store, now }: TokenCheckOptions): Awaitable<TokenCheck> {
  if (!isTokenText(text)) return refusal('malformed', 'This is not the text of an access token.');
  const hash = tokenHash(text);
  return after(store.find(hash), (token) => checked(token, hash, now));
}

function checked(token: AccessToken | undefined, hash: string, now: number): TokenCheck {
  if (token === undefined || !isSameHash(token.hash, hash)) {
    return refusal('unknown', 'There is no such access token in this journal.');
  }
  switch (tokenState(token, now)) {
    case 'live':
      return { ok: true, token };
    case 'revoked':
      return refusal('revoked', `The access token ${JSON.stringify(token.name)} was revoked.`);
    default:
      return refusal('expired', `The access token ${JSON.stringify(token.name)} has expired.`);
  }
}

function isSameHash(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && nodeCrypto().timingSafeEqual(left, right);
}

function refusal(problem: TokenProblem, message: string): TokenCheck {
  return { ok: false, problem, message };
}
