import { type FSWatcher, readFileSync, realpathSync, statSync, watch } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { type LoadedConfig, type LoadOptions, loadConfig } from './load.ts';

/** Editors and deployments write a file in several steps; this many milliseconds after the first it is read. */
const SETTLE_MS = 100;

/** While a folder is missing it is looked for this often, in milliseconds. */
const RETRY_MS = 1_000;

/** A running watch. */
export interface ConfigWatcher {
  /** Stops watching; nothing is reported afterwards. */
  close(): void;
}

/**
 * Watches configuration files and loads them anew when their content changes. `onChange` gets every new version that
 * loads, `onError` what is wrong with one that does not; the last good version is the caller's to keep. Watches the
 * folders, because editors replace a file rather than write into it. Does not keep the process alive.
 */
export function watchConfig(
  paths: string | readonly string[],
  onChange: (loaded: LoadedConfig) => void,
  onError: (error: ConfigError) => void,
  options: LoadOptions = {},
): ConfigWatcher {
  const watcher = new Watcher(typeof paths === 'string' ? [paths] : [...paths], onChange, onError, options);
  watcher.start();
  return { close: () => watcher.close() };
}

class Watcher {
  readonly #paths: readonly string[];
  readonly #onChange: (loaded: LoadedConfig) => void;
  readonly #onError: (error: ConfigError) => void;
  readonly #options: LoadOptions;
  #watchers: FSWatcher[] = [];
  /** Which folders the watchers watch. */
  #watched = '';
  #timer: NodeJS.Timeout | undefined;
  #seen: string;
  #closed = false;

  constructor(
    paths: readonly string[],
    onChange: (loaded: LoadedConfig) => void,
    onError: (error: ConfigError) => void,
    options: LoadOptions,
  ) {
    this.#paths = paths;
    this.#onChange = onChange;
    this.#onError = onError;
    this.#options = options;
    this.#seen = contentHash(paths);
  }

  start(): void {
    this.#watch();
    // What was written between reading and watching brings no event.
    this.#schedule(SETTLE_MS);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#unwatch();
  }

  /** Watches the folders, anew if they are others than before: a folder that is replaced takes its watch with it. */
  #watch(): void {
    const folders = foldersOf(this.#paths);
    const identity = [...folders].map(identityOf).join(' ');
    if (identity === this.#watched) return;
    this.#unwatch();
    try {
      for (const folder of folders) {
        // Any event of the folder counts: a mounted configuration changes by a link whose name is not the file's.
        const watcher = watch(folder, { persistent: false }, () => this.#schedule(SETTLE_MS));
        watcher.on('error', () => this.#schedule(RETRY_MS));
        this.#watchers.push(watcher);
      }
      this.#watched = identity;
    } catch {
      this.#schedule(RETRY_MS);
    }
  }

  #unwatch(): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
    this.#watched = '';
  }

  #schedule(delay: number): void {
    // A timer that runs is not put off: in a busy folder it would never fire.
    if (this.#closed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#fire(), delay);
    this.#timer.unref();
  }

  #fire(): void {
    this.#timer = undefined;
    // Watching comes before reading, so that nothing that is written after the reading goes unnoticed.
    this.#watch();
    const content = contentHash(this.#paths);
    if (content.includes(MISSING)) this.#schedule(RETRY_MS);
    if (content === this.#seen) return;
    this.#seen = content;
    this.#load();
  }

  #load(): void {
    try {
      this.#onChange(loadConfig(this.#paths, this.#options));
    } catch (error) {
      const reported =
        error instanceof ConfigError
          ? error
          : new ConfigError(
              `The new configuration could not be put in force: ${String(error)}`,
              {},
              {},
              { cause: error },
            );
      this.#onError(reported);
    }
  }
}

/** The folders of the files, and those of what they link to. */
function foldersOf(paths: readonly string[]): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    folders.add(dirname(resolve(path)));
    try {
      folders.add(dirname(realpathSync(path)));
    } catch {
      // The file is missing: its folder is watched for it.
    }
  }
  return folders;
}

/** A folder and which one of that name it is: numbers of removed folders are given out again. */
function identityOf(folder: string): string {
  try {
    const { dev, ino, birthtimeMs } = statSync(folder);
    return `${folder}:${dev}:${ino}:${birthtimeMs}`;
  } catch {
    return `${folder}:${MISSING}`;
  }
}

const MISSING = 'missing';

/** One hash per file, or that it cannot be read. */
function contentHash(paths: readonly string[]): string {
  return paths
    .map((path) => {
      try {
        return nodeCrypto().createHash('sha256').update(readFileSync(path)).digest('hex');
      } catch {
        return MISSING;
      }
    })
    .join(' ');
}
