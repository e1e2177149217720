import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** What a run of the command line left behind. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that goes on until it is told to stop. */
export class Running {
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';
  #changed: () => void = () => {};

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#changed();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    child.on('close', () => this.#changed());
  }

  /** What was printed, once it has this text in it. Rejects when the command ends before. */
  async until(text: string): Promise<string> {
    while (!this.#stdout.includes(text)) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`It ended without printing ${text}: ${this.#stdout}${this.#stderr}`);
      }
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
    return this.#stdout;
  }

  /** Waits for the end. */
  async ended(): Promise<Ran> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close');
    return { code: this.#child.exitCode, stdout: this.#stdout, stderr: this.#stderr };
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<Ran> {
    this.#child.kill(signal);
    return this.ended();
  }
}

/** A temporary folder with files in it, removed at the end; runs the command line in it, as its own process. */
export function workspace(files: Readonly<Record<string, string | Uint8Array>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'plyra-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const run = (
    args: readonly string[],
    input: string | Uint8Array = '',
    env: Readonly<Record<string, string>> = { NO_COLOR: '1' },
  ): Ran => {
    const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
    // The time limit ends a command that hangs; the tests then see no exit code.
    const options = { cwd: folder, input, encoding: 'utf8', timeout: 30_000, env: { PATH, ...env } } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], options);
    return { code: status, stdout, stderr };
  };
  /** The same without holding this process up, which may be asked something by the command. */
  const runAlongside = async (args: readonly string[]): Promise<Ran> => {
    const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
    const options = { cwd: folder, timeout: 30_000, env: { PATH, NO_COLOR: '1' } };
    const child = spawn(process.execPath, [MAIN, ...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const closed = once(child, 'close');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    await closed;
    return { code: child.exitCode, stdout, stderr };
  };
  const start = (args: readonly string[]): Running => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, env: { NO_COLOR: '1' } });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    return new Running(child);
  };
  return {
    folder,
    run,
    runAlongside,
    start,
    json: (...args: readonly string[]) => JSON.parse(run([...args, '--json']).stdout),
  };
}
