import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { checkToken } from '../access/check-token.ts';
import { draftToken, enterToken, revokeToken, type TokenDesk } from '../access/tokens.ts';
import { personKey } from '../approvals/person.ts';
import { tokenState } from '../core/access-token.ts';

/** Name of the token in the journal, and of the file beside the store. */
const TOKEN_NAME = 'ingest (beside the store)';
export const INGEST_TOKEN_FILE = 'ingest.token';

/**
 * Has a token of role `ingest` stand in a file that only this user may read (0600), for exporters on this machine. One
 * that is there and live is left as it is. Throws what the disk or the store says.
 */
export async function provideIngestToken(desk: TokenDesk, file: string, by: string): Promise<void> {
  const there = textOf(file);
  if (there !== undefined) {
    const check = await checkToken(there, { store: desk.store, now: desk.now() });
    if (check.ok && check.token.role === 'ingest') return;
  }
  for (const token of await desk.store.list()) {
    const isOld = token.nameKey === personKey(TOKEN_NAME) && tokenState(token, desk.now()) === 'live';
    // Nobody has its text any more.
    if (isOld) await revokeToken(desk, token, by);
  }
  const { text, token } = draftToken(desk, { name: TOKEN_NAME, role: 'ingest', expiresAt: null, by });
  await enterToken(desk, token);
  replaceFile(file, `${text}\n`);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Whoever reads meanwhile finds the old text or the new one, and nobody else can read either. */
function replaceFile(file: string, text: string): void {
  const draft = `${file}.${randomUUID()}`;
  try {
    const descriptor = openSync(draft, 'wx', 0o600);
    try {
      writeSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
