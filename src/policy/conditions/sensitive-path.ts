import { decodings } from '../spellings/path/decoding.ts';
import { folded, withoutDrive } from '../spellings/path/folding.ts';
import { segmentsOf } from '../spellings/path/segments.ts';

/** Folders of the system: what lies in them, and they themselves. Lower case, absolute. */
export const SENSITIVE_FOLDERS = Object.freeze([
  '/bin',
  '/boot',
  '/efi',
  '/etc',
  '/lib',
  '/lib32',
  '/lib64',
  '/library',
  '/private/etc',
  '/private/var/db',
  '/private/var/root',
  '/proc',
  '/root',
  '/run/secrets',
  '/sbin',
  '/sys',
  '/system',
  '/usr/bin',
  '/usr/lib',
  '/usr/libexec',
  '/usr/local/bin',
  '/usr/local/sbin',
  '/usr/sbin',
  '/var/lib',
  '/var/root',
  '/var/run/docker.sock',
  '/run/docker.sock',
  '/var/run/secrets',
  '/var/spool/cron',
  '/windows',
  '/winnt',
  '/program files',
  '/program files (x86)',
  '/programdata',
]);

/** Files and folders that are sensitive wherever they lie. Lower case. */
const SENSITIVE_NAMES: ReadonlySet<string> = new Set([
  '.aws',
  '.azure',
  '.bash_history',
  '.docker',
  '.env',
  '.envrc',
  '.git-credentials',
  '.gnupg',
  '.htpasswd',
  '.kube',
  '.my.cnf',
  '.netrc',
  '.npmrc',
  '.password-store',
  '.pgpass',
  '.pypirc',
  '.ssh',
  '.terraform.d',
  '.vault-token',
  '.zsh_history',
  '_netrc',
  'authorized_keys',
  'id_dsa',
  'id_ecdsa',
  'id_ed25519',
  'id_rsa',
  'known_hosts',
]);

/** Endings of key material. Lower case. */
const SENSITIVE_ENDINGS = Object.freeze([
  '.pem',
  '.key',
  '.p12',
  '.pfx',
  '.jks',
  '.keystore',
  '.kdbx',
  '.ppk',
]);
/** `.env.production` is as secret as `.env`; these only show what belongs in one. */
const HARMLESS_ENV: ReadonlySet<string> = new Set([
  '.env.example',
  '.env.sample',
  '.env.template',
  '.env.dist',
]);

/**
 * True for system folders, credential folders, key material and `.env` files. Purely by the text: `.`, `..`, doubled
 * and backward slashes, case, full-width and invisible characters, two layers of percent-encoding and a `file:` prefix
 * are read through; `/etcetera` and `/procfoo` are not `/etc` and `/proc`. A relative path that climbs out with `..`
 * is judged as if it had reached the root.
 */
export function isSensitivePath(path: string): boolean {
  return isSensitive(path) || decodings(path).some(isSensitive);
}

function isSensitive(path: string): boolean {
  const { root, climbs, names } = segmentsOf(withoutDrive(folded(path)).toLowerCase());
  if (names.some(isSensitiveName)) return true;
  if (root === '' && climbs === 0) return false;
  const whole = `/${names.join('/')}`;
  return SENSITIVE_FOLDERS.some((folder) => whole === folder || whole.startsWith(`${folder}/`));
}

function isSensitiveName(name: string): boolean {
  if (SENSITIVE_NAMES.has(name)) return true;
  if (name.startsWith('.env.')) return !HARMLESS_ENV.has(name);
  return SENSITIVE_ENDINGS.some((ending) => name.endsWith(ending));
}
