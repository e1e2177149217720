import { isName, isTokenPerson, personKey, tokenPerson } from '../approvals/person.ts';
import { after } from '../approvals/queue/after.ts';
import { type AccessToken, ROLES, type Role } from '../core/access-token.ts';
import type { Awaitable } from '../core/awaitable.ts';
import type { RecordDraft } from '../core/chain.ts';
import { AccessTokenError } from '../core/errors.ts';
import type { TokenStore } from '../stores/token-store.ts';
import { newToken } from './token-text.ts';

/** What tokens are made and revoked with. */
export interface TokenDesk {
  readonly store: TokenStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A new UUIDv7. */
  readonly newId: () => string;
  /** A record with this body. */
  readonly draft: (body: Readonly<Record<string, unknown>>) => RecordDraft;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
}

/** Which token somebody wants. */
export interface TokenRequest {
  readonly name: string;
  readonly role: Role;
  /** `null`: it does not end by itself. */
  readonly expiresAt: Date | null;
  /** Who makes it. */
  readonly by: string;
}

/** A token that nobody knows yet. */
export interface DraftedToken {
  /** Shown to one person, once. It is stored nowhere. */
  readonly text: string;
  readonly token: AccessToken;
}

/**
 * A token as somebody wants it, whose text can be put in its place before {@link enterToken} makes it valid. Throws
 * AccessTokenError for a name that no token can have, what is no role, and an end that is not in the future.
 */
export function draftToken(desk: TokenDesk, { name, role, expiresAt, by }: TokenRequest): DraftedToken {
  if (!ROLES.includes(role)) {
    throw new AccessTokenError(`The role is one of ${ROLES.join(', ')}.`, { problem: 'role' });
  }
  checkName(name, desk.redact);
  const now = desk.now();
  if (expiresAt !== null && !(expiresAt.getTime() > now)) {
    throw new AccessTokenError('The token would have expired already. Give it an end in the future.', {
      problem: 'expiry',
    });
  }
  const { text, hash } = newToken(role);
  const names = { id: desk.newId(), name, nameKey: personKey(name), role, hash };
  const life = { createdAt: new Date(now), createdBy: by, expiresAt, revokedAt: null, revokedBy: null };
  return { text, token: { ...names, ...life } };
}

/** Makes a drafted token valid, and journals it. Throws AccessTokenError where another live one has its name. */
export function enterToken(desk: TokenDesk, token: AccessToken): Awaitable<AccessToken> {
  const { id: tokenId, name, role, expiresAt, createdBy: by } = token;
  const draft = desk.draft({ event: 'token_created', tokenId, name, role, expiresAt, by });
  return after(desk.store.create(token, draft), (isEntered) => {
    if (isEntered) return token;
    throw new AccessTokenError(
      `There is a live token named ${JSON.stringify(name)} already. Choose another name, or revoke that one first.`,
      { problem: 'name_taken', name },
    );
  });
}

/** Revokes a token, and journals it. Throws AccessTokenError for one that was revoked before or is not there. */
export function revokeToken(
  desk: TokenDesk,
  { id: tokenId, name, role }: Pick<AccessToken, 'id' | 'name' | 'role'>,
  by: string,
): Awaitable<AccessToken> {
  const draft = desk.draft({ event: 'token_revoked', tokenId, name, role, by });
  return after(desk.store.revoke(tokenId, by, new Date(desk.now()), draft), (revoked) => {
    if (revoked !== undefined) return revoked;
    throw new AccessTokenError(
      `The token ${JSON.stringify(name)} was revoked before, or is not there any more.`,
      {
        problem: 'revoked',
        tokenId,
      },
    );
  });
}

/** A decision's author has the token's name, so it has to be one that a person could have. It is kept in clear. */
function checkName(name: string, redact: (text: string) => string): void {
  const fits = isName(name) && isName(tokenPerson(name)) && !isTokenPerson(name);
  if (fits && redact(name) === name) return;
  const message = fits
    ? 'The name seems to hold a secret, and names are stored in clear. Choose another one.'
    : 'A name is a text of 1 to 194 characters, without control characters, and without `token:` before it.';
  throw new AccessTokenError(message, { problem: 'name' });
}
