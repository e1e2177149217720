import { revokeToken, type TokenDesk } from '../../access/tokens.ts';
import { personKey } from '../../approvals/person.ts';
import { type AccessToken, tokenState } from '../../core/access-token.ts';
import { AccessTokenError } from '../../core/errors.ts';
import { printable } from '../../explain/printable.ts';
import { shortId } from '../approval-text.ts';
import { EXIT } from '../exit-codes.ts';
import { print, printJson } from '../output.ts';
import { LEAST_OF_ID, onlyOne } from '../part-of-id.ts';
import { atTokenDesk, type TokenOptions } from '../token-desk.ts';
import { tokenJson } from '../token-text.ts';
import { UsageError } from '../usage-error.ts';

/** Ends a token at once: nothing is done with it any more, in whichever process. */
export async function tokenRevoke(written: string, options: TokenOptions): Promise<number> {
  return atTokenDesk(options, async (desk, by) => {
    const token = await revokeToken(desk, await findToken(desk, written), by);
    if (options.json === true) printJson(tokenJson(token, desk.now()));
    else
      print(
        `Revoked the token ${JSON.stringify(printable(token.name))} of role ${token.role} (${shortId(token.id)}).`,
      );
    return EXIT.ok;
  });
}

/**
 * The token of an id, else the live one of a name, else the one of a part of an id. Throws AccessTokenError where there is
 * none, UsageError where name and id are not of one token.
 */
async function findToken({ store, now, redact }: TokenDesk, written: string): Promise<AccessToken> {
  const all = await store.list();
  const id = written.trim().toLowerCase();
  const key = personKey(written);
  const at = now();
  const named = all.find((token) => token.nameKey === key && tokenState(token, at) === 'live');
  const ofId = id.length < LEAST_OF_ID ? undefined : onlyOne(id, all, 'token');
  if (ofId !== undefined && (ofId.id === id || named === undefined)) return ofId;
  if (named === undefined) {
    throw new AccessTokenError(
      `There is no live token named ${JSON.stringify(redact(written))}, and none with such an id.`,
      { problem: 'unknown' },
    );
  }
  if (ofId === undefined || ofId === named) return named;
  throw new UsageError(
    `${printable(written)} is the name of one token and in the id of another (${shortId(ofId.id)}). Give the whole id.`,
  );
}
