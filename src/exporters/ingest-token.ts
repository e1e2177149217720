import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { storeLocation } from '../stores/sqlite/location.ts';

/** The environment variable that holds a token. */
const VARIABLE = 'PLYRA_SIDECAR_TOKEN';
/** The file that the sidecar writes its ingest token to, beside its store. */
const FILE = 'ingest.token';
const MAX_BYTES = 1_024;
const OTHERS = 0o077;

/** Where tokens are looked for. */
export interface TokenSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
}

/** A token, or why there is none. */
export type FoundToken = { readonly token: string } | { readonly token: null; readonly why: string };

/**
 * The token for the sidecar at a host: of the environment, else, on this machine, of the file that the sidecar wrote
 * beside the default store. The file counts only if it is this user's and nobody else can read it, and what it holds
 * never leaves this machine. Never throws.
 */
export function findToken(
  host: string,
  sources: TokenSources = { env: process.env, home: homedir() },
): FoundToken {
  const { env } = sources;
  const stated = env[VARIABLE]?.trim() ?? '';
  if (stated !== '') return tokenOf(stated, VARIABLE);
  if (!isThisMachine(host)) return { token: null, why: `set ${VARIABLE} or \`token\`` };
  try {
    const store = storeLocation(sources);
    if (store === null) return { token: null, why: `set ${VARIABLE} or \`token\`` };
    return tokenOfFile(join(dirname(store), FILE));
  } catch (error) {
    return { token: null, why: error instanceof Error ? error.message : String(error) };
  }
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function tokenOfFile(path: string): FoundToken {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { token: null, why: `there is no ${path}, and ${VARIABLE} is not set` };
    return { token: null, why: `${path} cannot be read (${code})` };
  }
  try {
    const { uid, mode, size } = fstatSync(file);
    const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & OTHERS) === 0);
    if (!isOwn)
      return { token: null, why: `${path} must be this user's, and readable for nobody else (chmod 600)` };
    if (size > MAX_BYTES) return { token: null, why: `${path} holds no token` };
    return tokenOf(readFileSync(file, 'utf8').trim(), path);
  } finally {
    closeSync(file);
  }
}

/** What is put into a header must be a word. */
function tokenOf(text: string, where: string): FoundToken {
  return /^[\x21-\x7e]+$/.test(text) ? { token: text } : { token: null, why: `${where} holds no token` };
}
