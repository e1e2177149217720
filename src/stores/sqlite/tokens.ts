import type { AccessToken } from '../../core/access-token.ts';
import type { RecordDraft } from '../../core/chain.ts';
import type { Row } from '../columns.ts';
import { isAnyLive, revokedToken, rowOfToken, tokenOfRow } from '../token-row.ts';
import type { TokenStore } from '../token-store.ts';
import type { SqliteDatabase } from './database.ts';
import { readable } from './journal-row.ts';

/** What the tokens need of the store that they are part of. */
export interface SqliteTokensOptions {
  readonly database: SqliteDatabase;
  /** Appends one record, within the transaction. */
  readonly append: (draft: RecordDraft) => void;
  /** Writes the records that wait to be written, so that none is overtaken. */
  readonly writeGathered: () => void;
}

const SELECT = `SELECT id, name, name_key, role, hash, ${readable('created_at')} AS created_at, created_by,
  ${readable('expires_at')} AS expires_at, ${readable('revoked_at')} AS revoked_at, revoked_by FROM tokens`;
const BY_ID = `${SELECT} WHERE id = ?`;
const BY_HASH = `${SELECT} WHERE hash = ?`;
const BY_NAME = `${SELECT} WHERE name_key = ?`;
const SAME = `${SELECT} WHERE id = ? OR hash = ?`;
const ALL = `${SELECT} ORDER BY rowid DESC`;
const REVOKE = 'UPDATE tokens SET revoked_at = ?, revoked_by = ? WHERE id = ?';

/**
 * Access tokens, in a table beside the journal. What is looked at before a change is read within its write transaction:
 * of two processes that give a name at once one comes too late. Every method throws what the database says.
 */
export class SqliteTokens implements TokenStore {
  readonly #options: SqliteTokensOptions;

  constructor(options: SqliteTokensOptions) {
    this.#options = options;
  }

  create(token: AccessToken, draft: RecordDraft): boolean {
    const { database, append } = this.#options;
    const row = rowOfToken(token);
    return this.#write(() => {
      if (database.prepare(SAME).get(token.id, token.hash) !== undefined) {
        throw new Error(`There is a token with the id ${token.id}, or its hash, already.`);
      }
      const namesakes = database.prepare(BY_NAME).all(token.nameKey);
      if (isAnyLive(namesakes, token.createdAt.getTime())) return false;
      const columns = Object.keys(row);
      const places = columns.map(() => '?').join(', ');
      database
        .prepare(`INSERT INTO tokens (${columns.join(', ')}) VALUES (${places})`)
        .run(...Object.values(row));
      append(draft);
      return true;
    });
  }

  find(hash: string): AccessToken | undefined {
    return this.#one(BY_HASH, hash);
  }

  list(): readonly AccessToken[] {
    return this.#options.database.prepare(ALL).all().map(tokenOfRow);
  }

  revoke(id: string, by: string, at: Date, draft: RecordDraft): AccessToken | undefined {
    const { database, append } = this.#options;
    return this.#write(() => {
      const token = this.#one(BY_ID, id);
      if (token === undefined || token.revokedAt !== null) return undefined;
      const row: Row = rowOfToken(revokedToken(token, by, at));
      database.prepare(REVOKE).run(row.revoked_at ?? null, row.revoked_by ?? null, id);
      append(draft);
      return tokenOfRow(row);
    });
  }

  #one(sql: string, value: string): AccessToken | undefined {
    const row = this.#options.database.prepare(sql).get(value);
    return row && tokenOfRow(row);
  }

  #write<T>(fn: () => T): T {
    this.#options.writeGathered();
    return this.#options.database.transaction(fn);
  }
}
