import type { TokenDesk } from '../access/tokens.ts';
import { newActionId } from '../call/action-id.ts';
import { systemClock } from '../call/system-clock.ts';
import { type CredentialOptions, holderFor } from './credential.ts';
import { type JournalPlace, journalFile } from './journal-file.ts';
import { openStore, whoAmI } from './open-store.ts';

/** Whose tokens they are, by which right, and how they are printed. */
export interface TokenOptions extends JournalPlace, CredentialOptions {
  readonly json?: boolean | undefined;
}

/**
 * Opens a journal's tokens for `work`, and closes it behind it. `by` is who works: the user, or the holder of a token,
 * who has to be an admin then. Throws what the journal, or `work`, throws.
 */
export async function atTokenDesk<T>(
  options: TokenOptions,
  work: (desk: TokenDesk, by: string) => Promise<T>,
): Promise<T> {
  const { store, draft, redacted } = openStore(journalFile(options));
  try {
    const by = (await holderFor('manage_tokens', store.tokens, options)) ?? whoAmI();
    const desk: TokenDesk = {
      store: store.tokens,
      now: systemClock.now,
      newId: newActionId,
      draft: (body) => draft('policy', body),
      redact: redacted,
    };
    return await work(desk, by);
  } finally {
    store.close();
  }
}
