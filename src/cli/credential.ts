import { closeSync, openSync, readSync } from 'node:fs';
import { checkToken } from '../access/check-token.ts';
import { may, type Permission, rolesThatMay } from '../access/roles.ts';
import { isTokenText } from '../access/token-text.ts';
import { tokenPerson } from '../approvals/person.ts';
import { systemClock } from '../call/system-clock.ts';
import { AccessTokenError } from '../core/errors.ts';
import type { TokenStore } from '../stores/token-store.ts';
import { messageOf } from './error-json.ts';
import { UsageError } from './usage-error.ts';

/** How a command is given a token. */
export interface CredentialOptions {
  /** A file with the token's text; it goes before {@link TOKEN_VARIABLE}. */
  readonly tokenFile?: string | undefined;
}

/** The environment variable with a token's text. */
const TOKEN_VARIABLE = 'PLYRA_TOKEN';

/** More than any token and a line end: the rest of a longer file is not read. */
const MOST_READ = 1_024;

/** What each permission is for, in messages. */
const DEEDS: Readonly<Record<Permission, string>> = Object.freeze({
  ingest: 'sending entries in',
  read: 'reading',
  approve: 'approving',
  deny: 'denying',
  revoke_grants: 'revoking a grant',
  rollback: 'rolling back',
  manage_tokens: 'managing access tokens',
});

/**
 * The name of a token's holder, where the command was given one; `null` where none was. Throws AccessTokenError where
 * the token is not live or its role does not allow this: who shows a credential is judged by it, whatever they could do
 * without. Throws UsageError for a file that cannot be read. No message holds the text.
 */
export async function holderFor(
  permission: Permission,
  store: TokenStore,
  { tokenFile }: CredentialOptions,
): Promise<string | null> {
  const given = tokenFile === undefined ? fromEnvironment() : fromFile(tokenFile);
  if (given === null) return null;
  const check = await checkToken(given.text, { store, now: systemClock.now() });
  if (!check.ok) {
    throw new AccessTokenError(`${given.from}: ${check.message} ${REMEDY}`, { problem: check.problem });
  }
  const { id, name, role } = check.token;
  if (may(role, permission)) return tokenPerson(name);
  throw new AccessTokenError(
    `${given.from}: the access token ${JSON.stringify(name)} has the role ${role}. For ${DEEDS[permission]} it takes ` +
      `the role ${rolesThatMay(permission).join(' or ')}.`,
    { problem: 'role', tokenId: id, role },
  );
}

/** It does not say how to do without: a program that carries a credential is told no way around it. */
const REMEDY = 'Ask an admin for a live one; `plyra-guard token list` shows which there are.';

/** A token's text, perhaps, and where it was found. */
interface Given {
  readonly text: string;
  readonly from: string;
}

/** A variable that is set to nothing is no missing one: whoever set it meant to show a credential. */
function fromEnvironment(): Given | null {
  const text = process.env[TOKEN_VARIABLE];
  return text === undefined ? null : { text: text.trim(), from: TOKEN_VARIABLE };
}

function fromFile(file: string): Given {
  if (isTokenText(file.trim())) {
    throw new UsageError(
      '--token-file takes the path of a file with the token in it, not the token: others see the words of a command.',
    );
  }
  try {
    return { text: startOf(file).trim(), from: `--token-file ${file}` };
  } catch (error) {
    throw new UsageError(`--token-file ${file} cannot be read: ${messageOf(error)}.`);
  }
}

/** At most so much of a file, which may be a pipe or a device. */
function startOf(file: string): string {
  const buffer = Buffer.alloc(MOST_READ);
  const descriptor = openSync(file, 'r');
  try {
    let length = 0;
    for (let read = -1; read !== 0 && length < MOST_READ; length += read) {
      read = readSync(descriptor, buffer, length, MOST_READ - length, null);
    }
    return buffer.toString('utf8', 0, length);
  } finally {
    closeSync(descriptor);
  }
}
