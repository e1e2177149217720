import { join, resolve } from 'node:path';
import { ConfigError } from '../../core/errors.ts';

/** Who may say where the journal is kept, first to last. `undefined` leaves it to the next. */
export interface LocationSources {
  /** The option `snapshotPath`. */
  readonly option?: string | null | undefined;
  /** The flag `--db`. */
  readonly flag?: string | undefined;
  /** `storage.path` of the configuration. */
  readonly configured?: string | null | undefined;
  /** Read for PLYRA_SNAPSHOT_PATH. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder, for `~`. */
  readonly home: string;
}

const DEFAULT = '~/.plyra/snapshots.db';
const IN_MEMORY = ':memory:';

/**
 * The absolute path of the journal's file; `null` where it is kept in memory, which `null` and `:memory:` say. A
 * relative path counts from the working directory. Throws ConfigError that names the setting for a text that is no path.
 */
export function storeLocation({ option, flag, configured, env, home }: LocationSources): string | null {
  const settings: readonly (readonly [name: string, value: string | null | undefined])[] = [
    ['the option `snapshotPath`', option],
    ['`--db`', flag],
    ['`storage.path`', configured],
    ['the environment variable PLYRA_SNAPSHOT_PATH', env.PLYRA_SNAPSHOT_PATH],
    ['the default path', DEFAULT],
  ];
  const [name, value] = settings.find(([, given]) => given !== undefined) ?? ['', DEFAULT];
  if (value === null || value === undefined || value === IN_MEMORY) return null;
  if (typeof value !== 'string' || value.trim() === '' || value.includes('\0')) {
    throw noPath(name, 'must be the path of a file');
  }
  if (/[/\\]$/.test(value)) throw noPath(name, `must be the path of a file, and \`${value}\` names a folder`);
  return absolute(value, name, home);
}

/**
 * The absolute path of the folder for large contents, as `rollback.snapshot_dir` names it; `null` where it names none. A
 * relative path counts from the working directory; `~` is the user's home.
 */
export function snapshotFolder(configured: string | null, home: string): string | null {
  return configured === null ? null : absolute(configured, '`rollback.snapshot_dir`', home);
}

function absolute(path: string, name: string, home: string): string {
  if (!path.startsWith('~')) return resolve(path);
  if (!/^~[/\\]/.test(path)) {
    throw noPath(
      name,
      `is \`${path}\`: of home folders only the user's own is known. Write \`~/…\` or a full path`,
    );
  }
  if (home === '') {
    throw noPath(name, `is \`${path}\`, and the home folder is not known. Name a full path`);
  }
  return resolve(join(home, path.slice(2)));
}

function noPath(name: string, problem: string): ConfigError {
  return new ConfigError(
    `Where the journal is kept, ${name} ${problem}. Use \`:memory:\` to keep it in memory.`,
  );
}
