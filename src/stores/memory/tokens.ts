import type { AccessToken } from '../../core/access-token.ts';
import type { RecordDraft } from '../../core/chain.ts';
import type { Row } from '../columns.ts';
import { isAnyLive, revokedToken, rowOfToken, tokenOfRow } from '../token-row.ts';
import type { TokenStore } from '../token-store.ts';
import { builtOf } from './built-draft.ts';

/** Access tokens of this process, kept as rows, so that what was handed out can be changed without changing what is here. */
export class MemoryTokens implements TokenStore {
  readonly #append: (draft: RecordDraft) => void;
  /** In the order in which they were created. */
  readonly #rows = new Map<string, Row>();

  /** `append` takes a record whose body can be built. */
  constructor(append: (draft: RecordDraft) => void) {
    this.#append = append;
  }

  create(token: AccessToken, draft: RecordDraft): boolean {
    const row = rowOfToken(token);
    const known = [...this.#rows.values()];
    if (known.some(({ id, hash }) => id === row.id || hash === row.hash)) {
      throw new Error(`There is a token with the id ${token.id}, or its hash, already.`);
    }
    const namesakes = known.filter(({ name_key }) => name_key === row.name_key);
    if (isAnyLive(namesakes, token.createdAt.getTime())) return false;
    this.#append(builtOf(draft));
    this.#rows.set(token.id, row);
    return true;
  }

  find(hash: string): AccessToken | undefined {
    const row = [...this.#rows.values()].find((one) => one.hash === hash);
    return row && tokenOfRow(row);
  }

  list(): readonly AccessToken[] {
    return [...this.#rows.values()].reverse().map(tokenOfRow);
  }

  revoke(id: string, by: string, at: Date, draft: RecordDraft): AccessToken | undefined {
    const known = this.#rows.get(id);
    if (known === undefined || tokenOfRow(known).revokedAt !== null) return undefined;
    const row = rowOfToken(revokedToken(tokenOfRow(known), by, at));
    this.#append(builtOf(draft));
    this.#rows.set(id, row);
    return tokenOfRow(row);
  }
}
