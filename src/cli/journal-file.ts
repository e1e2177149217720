import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { ConfigError, ConfigFileNotFoundError } from '../core/errors.ts';
import { storeLocation } from '../stores/sqlite/location.ts';

/** How a command is told which journal it is about. */
export interface JournalPlace {
  readonly db?: string | undefined;
  readonly config?: readonly string[] | undefined;
}

/** A journal's file, which is there, and the configuration that was named. */
export interface JournalFile {
  readonly path: string;
  readonly config: LoadedConfig | null;
}

/**
 * The journal that a command is about: `--db`, else `storage.path` of the files, PLYRA_SNAPSHOT_PATH or the default.
 * Throws ConfigFileNotFoundError where there is none, because a journal that a command made would be the wrong one;
 * ConfigError where it is kept in memory.
 */
export function journalFile({ db, config: files }: JournalPlace): JournalFile {
  const config = files === undefined ? null : loadConfig(files);
  const configured = config?.statedKeys.includes('storage.path') ? config.settings.storage.path : undefined;
  const path = storeLocation({ flag: db, configured, env: process.env, home: homedir() });
  if (path === null) {
    throw new ConfigError(`This journal is kept in memory: nobody sees it from outside. ${ELSEWHERE}`);
  }
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new ConfigFileNotFoundError(`There is no journal at ${path}. ${ELSEWHERE}`, { file: path });
  }
  if (found.isFile() && found.size === 0) {
    throw new ConfigError(`${path} is empty: no guard has written a journal there. ${ELSEWHERE}`, {
      file: path,
    });
  }
  return { path, config };
}

const ELSEWHERE =
  'Name the file that your guards write to: --db <path>, --config <files...> with `storage.path`, or the environment variable PLYRA_SNAPSHOT_PATH.';
