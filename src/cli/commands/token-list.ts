import type { AccessToken } from '../../core/access-token.ts';
import { EXIT } from '../exit-codes.ts';
import { Lines } from '../lines.ts';
import { jsonLine } from '../output.ts';
import { atTokenDesk, type TokenOptions } from '../token-desk.ts';
import { tokenJson, tokenLine } from '../token-text.ts';

/** Shows all tokens, newest last. */
export async function tokenList(options: TokenOptions): Promise<number> {
  return atTokenDesk(options, async ({ store, now }) => {
    const at = now();
    const out = new Lines<AccessToken>((token) =>
      options.json === true ? jsonLine(tokenJson(token, at)) : `${tokenLine(token, at)}\n`,
    );
    await out.write((await store.list()).toReversed());
    return EXIT.ok;
  });
}
