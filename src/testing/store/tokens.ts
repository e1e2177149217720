import type { AccessToken } from '../../core/access-token.ts';
import type { RecordDraft } from '../../core/chain.ts';
import { draftOf, START } from './records.ts';

/** A token that ends a minute after it was made. */
export function tokenOf(id: string, changes: Partial<AccessToken> = {}): AccessToken {
  return {
    id,
    name: `The ${id}`,
    nameKey: `the ${id}`,
    role: 'viewer',
    hash: `hash-${id}`,
    createdAt: new Date(START),
    createdBy: 'ann',
    expiresAt: new Date(START + 60_000),
    revokedAt: null,
    revokedBy: null,
    ...changes,
  };
}

/** The record that tells of something about a token. */
export const tokenTold = (event: string): RecordDraft => draftOf('policy', `policy:${event}`, { event });
