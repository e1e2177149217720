import { draftToken, enterToken, type TokenDesk } from '../access/tokens.ts';
import { tokenState } from '../core/access-token.ts';

/**
 * A token of role `admin`, made where no live one is there: its text, which is shown once. `null` where there is one. Throws
 * what the store says.
 */
export async function firstAdminToken(desk: TokenDesk, by: string): Promise<string | null> {
  const tokens = await desk.store.list();
  const now = desk.now();
  if (tokens.some((token) => token.role === 'admin' && tokenState(token, now) === 'live')) return null;
  const name = `first admin ${new Date(now).toISOString().slice(0, 19)}`;
  const { text, token } = draftToken(desk, { name, role: 'admin', expiresAt: null, by });
  await enterToken(desk, token);
  return text;
}
