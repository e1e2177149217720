import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const execute = promisify(execFile);

/** A folder that is gone when the test is over. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'plyra-serve-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What `plyra-guard serve --json` says once it listens. */
export interface Listening {
  readonly url: string;
  readonly port: number;
  readonly login: string;
  readonly admin_token: string | null;
}

/** A process of `plyra-guard serve`, ended when the test is over. */
export class Server {
  readonly child: ChildProcess;
  readonly listening: Listening;
  readonly #stderr: () => string;

  private constructor(child: ChildProcess, listening: Listening, stderr: () => string) {
    this.child = child;
    this.listening = listening;
    this.#stderr = stderr;
  }

  /** Starts it, and waits until it listens. Throws with what it said where it does not. */
  static async start(
    args: readonly string[],
    { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
  ): Promise<Server> {
    const child = spawn(process.execPath, [MAIN, 'serve', '--json', ...args], {
      cwd,
      env: { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, HOME: cwd, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    let text = '';
    for await (const line of createInterface({ input: child.stdout })) {
      text += line;
      if (line !== '}') continue;
      const said = JSON.parse(text) as Listening;
      if (said.url !== undefined) return new Server(child, said, () => stderr);
    }
    throw new Error(`It does not listen: ${text}${stderr}`);
  }

  get stderr(): string {
    return this.#stderr();
  }

  /** Ends it: its exit code, or the signal that ended it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string | null> {
    this.child.kill(signal);
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.exitCode ?? this.child.signalCode;
  }
}

/** What a shell prints for a line, as somebody would type it. */
export async function shell(line: string): Promise<string> {
  return (await execute('sh', ['-c', line])).stdout;
}

/**
 * What a program on this machine gets, as JSON: with `body` for a POST. Node's `fetch` says `Sec-Fetch-Mode`, as browsers
 * do, and would need a token.
 */
export async function plain(url: string, body?: string): Promise<unknown> {
  const sent = request(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
  });
  sent.end(body);
  const [answer] = await once(sent, 'response');
  return json(answer);
}
