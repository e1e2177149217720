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
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\0]/g;

/**
 * True for system folders, credential folders, key material and `.env` files. Purely by the text: `.`, `..`, doubled
 * and backward slashes, case, full-width and invisible characters, one layer of percent-encoding and a `file:` prefix
 * are read through; `/etcetera` and `/procfoo` are not `/etc` and `/proc`. A relative path that climbs out with `..`
 * is judged as if it had reached the root.
 */
export function isSensitivePath(path: string): boolean {
  return isSensitive(path) || (path.includes('%') && isSensitive(percentDecoded(path)));
}

function percentDecoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }
}

function isSensitive(path: string): boolean {
  const segments = normalised(path);
  if (segments.segments.some(isSensitiveName)) return true;
  if (!segments.absolute) return false;
  const whole = `/${segments.segments.join('/')}`;
  return SENSITIVE_FOLDERS.some((folder) => whole === folder || whole.startsWith(`${folder}/`));
}

function isSensitiveName(name: string): boolean {
  if (SENSITIVE_NAMES.has(name)) return true;
  if (name.startsWith('.env.')) return !HARMLESS_ENV.has(name);
  return SENSITIVE_ENDINGS.some((ending) => name.endsWith(ending));
}

function normalised(path: string): { readonly absolute: boolean; readonly segments: readonly string[] } {
  let text = path.normalize('NFKC').replace(INVISIBLE, '').trim().replaceAll('\\', '/').toLowerCase();
  text = text.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/, '');
  // Device prefixes and drive letters: //?/c:/windows, /c:/windows and c:windows all name /windows.
  text = text.replace(/^\/\/[?.]\//, '/').replace(/^\/?[a-z]:/, '/');
  let absolute = text.startsWith('/');
  const segments: string[] = [];
  for (const segment of text.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) absolute = true;
  }
  return { absolute, segments };
}
