import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ExporterError } from '../core/errors.ts';
import type { Delivery } from './delivery.ts';
import { entryJson } from './entry-json.ts';
import type { QueueSettings } from './queue.ts';
import { QueuedExporter } from './queued.ts';

/** Options of {@link JsonlExporter}. */
export interface JsonlOptions extends QueueSettings {
  /** A file; `~/` is the home folder, a relative path counts from the working directory. It and missing folders are made for this user only. */
  readonly path: string;
}

/** Appends one line of JSON for each action to a file; when the file was moved away, a new one is begun. */
export class JsonlExporter extends QueuedExporter {
  readonly #file: AppendedFile;

  /** Throws ExporterError for a path that is none. */
  constructor({ path, maxWaiting, clock }: JsonlOptions) {
    if (typeof path !== 'string' || path.trim() === '' || path.includes('\0') || /[/\\]$/.test(path)) {
      throw new ExporterError('JsonlExporter: `path` must be the path of a file.');
    }
    const file = new AppendedFile(/^~[/\\]/.test(path) ? join(homedir(), path.slice(2)) : resolve(path));
    super({
      ...{ name: 'jsonl', target: 'its file', maxWaiting, clock },
      encode: entryJson,
      send: (lines) => file.append(`${lines.join('\n')}\n`),
    });
    this.#file = file;
  }

  /** Resolves when what was handed over so far is on the disk. Rejects where the disk says that it is not. */
  override async flush(): Promise<void> {
    await super.flush();
    await this.#file.sync();
  }

  override async close(): Promise<void> {
    await super.close();
    await this.#file.close();
  }
}

const { O_APPEND, O_CREAT, O_NONBLOCK, O_RDWR } = constants;
const LINE_END = 10;

/** A file that is only ever appended to, by one write at a time. */
class AppendedFile {
  readonly #path: string;
  #handle: FileHandle | undefined;
  /** Whether the last write ended within a line. */
  #isTorn = false;

  constructor(path: string) {
    this.#path = path;
  }

  async append(text: string): Promise<Delivery> {
    try {
      const handle = await this.#current();
      // A line that was cut by a full disk stands alone: the lines behind it are whole.
      const bytes = Buffer.from(this.#isTorn ? `\n${text}` : text);
      const { bytesWritten } = await handle.write(bytes);
      this.#isTorn = bytesWritten > 0 && bytesWritten < bytes.length;
      return bytesWritten === bytes.length
        ? { kind: 'taken' }
        : { kind: 'failed', why: 'it was written in part' };
    } catch (error) {
      return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
    }
  }

  async sync(): Promise<void> {
    await this.#handle?.sync();
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  /** The file that the path leads to now. */
  async #current(): Promise<FileHandle> {
    if (this.#handle !== undefined && (await this.#isMoved(this.#handle))) await this.close();
    this.#handle ??= await this.#open();
    return this.#handle;
  }

  async #isMoved(handle: FileHandle): Promise<boolean> {
    const [held, named] = await Promise.all([handle.stat(), stat(this.#path).catch(() => null)]);
    return named === null || named.ino !== held.ino || named.dev !== held.dev;
  }

  async #open(): Promise<FileHandle> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    // A pipe without a reader must not hold up the thread that opens it.
    const handle = await open(this.#path, O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK, 0o600);
    try {
      this.#isTorn = await endsWithinLine(handle);
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }
}

/** Whether somebody was stopped while writing the last line. Throws for what is no file. */
async function endsWithinLine(handle: FileHandle): Promise<boolean> {
  const found = await handle.stat();
  if (!found.isFile()) throw new Error('it is no regular file');
  if (found.size === 0) return false;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, found.size - 1);
  return bytesRead === 1 && buffer[0] !== LINE_END;
}
