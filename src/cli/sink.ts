import { once } from 'node:events';
import { closeSync, linkSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { UsageError } from './usage-error.ts';

/** How much is gathered before it is written, in characters. */
const CHUNK = 65_536;

/** Where a long output goes. */
export interface Sink {
  /** Takes a text; resolves once more may come, with `false` when nobody reads it any more. */
  write(text: string): Promise<boolean>;
  /** Writes what is left and puts a file in its place. */
  end(): Promise<void>;
  /** Drops what was written to a file; what was printed stays. */
  abandon(): void;
}

/** How a file is written. */
export interface FileOptions {
  /** Whether a file that is there is replaced. */
  readonly force: boolean;
}

/** A file, or standard output for `undefined`. Throws UsageError for a file that cannot be written. */
export function openSink(file: string | undefined, options: FileOptions): Sink {
  return file === undefined ? new OutputSink() : new FileSink(file, options);
}

/** Standard output, written no faster than it is read. It may go on after its end. */
export class OutputSink implements Sink {
  readonly #gone = new AbortController();
  #waiting = '';

  constructor() {
    // The stream itself forgets that nobody reads it any more.
    process.stdout.once('error', () => this.#gone.abort());
  }

  /** True when nobody reads it any more. */
  get isClosed(): boolean {
    return this.#gone.signal.aborted;
  }

  async write(text: string): Promise<boolean> {
    this.#waiting += text;
    if (this.#waiting.length >= CHUNK) await this.end();
    return !this.isClosed;
  }

  async end(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = '';
    if (text === '' || this.isClosed) return;
    const isTaken = process.stdout.write(text);
    // That nobody reads any more is told in a turn of its own.
    await setImmediate();
    if (isTaken || !process.stdout.writableNeedDrain) return;
    await once(process.stdout, 'drain', { signal: this.#gone.signal }).catch(() => undefined);
  }

  abandon(): void {}
}

/**
 * A file that only this user may read (0600). It is written beside its place and put there when it is whole, so that
 * nobody finds half of one; a symbolic link in its place is replaced, never followed.
 */
class FileSink implements Sink {
  readonly #file: string;
  readonly #force: boolean;
  readonly #unfinished: string;
  #descriptor: number | undefined;
  #waiting = '';

  constructor(file: string, { force }: FileOptions) {
    this.#file = file;
    this.#force = force;
    this.#unfinished = `${file}.${process.pid}.unfinished`;
    const there = lstatSync(file, { throwIfNoEntry: false });
    if (there !== undefined && !force) throw isThere(file);
    if (there !== undefined && !there.isFile() && !there.isSymbolicLink()) {
      throw new UsageError(`${file} is no file that could be replaced. Choose another name.`);
    }
    try {
      this.#descriptor = openSync(this.#unfinished, 'wx', 0o600);
    } catch (error) {
      throw cannotWrite(file, error);
    }
  }

  async write(text: string): Promise<boolean> {
    this.#waiting += text;
    if (this.#waiting.length >= CHUNK) this.#flush();
    return true;
  }

  async end(): Promise<void> {
    this.#flush();
    this.#close();
    try {
      if (!this.#force && this.#link()) return;
      renameSync(this.#unfinished, this.#file);
    } catch (error) {
      throw codeOf(error) === 'EEXIST' ? isThere(this.#file) : cannotWrite(this.#file, error);
    } finally {
      rmSync(this.#unfinished, { force: true });
    }
  }

  /** Unlike a renamed file, a link never replaces another one. `false` where the file system has no links. */
  #link(): boolean {
    try {
      linkSync(this.#unfinished, this.#file);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST' || lstatSync(this.#file, { throwIfNoEntry: false })) throw error;
      return false;
    }
  }

  abandon(): void {
    this.#close();
    rmSync(this.#unfinished, { force: true });
  }

  #flush(): void {
    const bytes = Buffer.from(this.#waiting);
    this.#waiting = '';
    if (this.#descriptor === undefined) return;
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
  }

  #close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

function isThere(file: string): UsageError {
  return new UsageError(`${file} is there already. Choose another name, or overwrite it with --force.`);
}

function cannotWrite(file: string, error: unknown): UsageError {
  const why = error instanceof Error ? error.message : String(error);
  return new UsageError(`${file} cannot be written: ${why}. Choose another path.`);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
