import { rmSync } from 'node:fs';
import { draftToken, enterToken, type TokenDesk, type TokenRequest } from '../../access/tokens.ts';
import type { AccessToken, Role } from '../../core/access-token.ts';
import { printable } from '../../explain/printable.ts';
import { EXIT } from '../exit-codes.ts';
import { localTime } from '../log-line.ts';
import { print, printJson, say } from '../output.ts';
import { readFutureTime } from '../read-time.ts';
import { atTokenDesk, type TokenOptions } from '../token-desk.ts';
import { writeTokenFile } from '../token-file.ts';
import { tokenJson } from '../token-text.ts';

/** Which token is wanted, and where its text goes. */
export interface TokenCreateOptions extends TokenOptions {
  readonly role: Role;
  readonly name: string;
  /** `30d`, or ISO 8601; default: it does not end by itself. */
  readonly expires?: string | undefined;
  /** A new file; default: standard output. */
  readonly out?: string | undefined;
}

/** Makes a token and gives its text away, once. */
export async function tokenCreate(options: TokenCreateOptions): Promise<number> {
  const { role, name, expires, out, json } = options;
  return atTokenDesk(options, async (desk, by) => {
    const expiresAt = expires === undefined ? null : readFutureTime('--expires', expires, desk.now());
    const { text, token } = await issued(desk, { role, name, expiresAt, by }, out);
    if (json === true) {
      printJson({
        ...tokenJson(token, desk.now()),
        ...(out === undefined ? { token: text } : { file: out }),
      });
    } else if (out === undefined) print(text);
    say(...messageLines(token, out));
    return EXIT.ok;
  });
}

/** The text is in its file before the token is valid: one that nobody has must not be live. */
async function issued(
  desk: TokenDesk,
  wanted: TokenRequest,
  out: string | undefined,
): Promise<{ readonly text: string; readonly token: AccessToken }> {
  const { text, token } = draftToken(desk, wanted);
  if (out === undefined) return { text, token: await enterToken(desk, token) };
  writeTokenFile(out, text);
  try {
    return { text, token: await enterToken(desk, token) };
  } catch (error) {
    rmSync(out, { force: true });
    throw error;
  }
}

function messageLines({ name, role, expiresAt }: AccessToken, out: string | undefined): string[] {
  const end = expiresAt === null ? 'until it is revoked' : `until ${localTime(expiresAt)}`;
  const where = out === undefined ? 'Keep it now' : `Its text is in ${printable(out)}`;
  return [
    `Made the token ${JSON.stringify(printable(name))} of role ${role}, valid ${end}.`,
    `${where}: the journal has only its hash, and it is not shown again.`,
  ];
}
