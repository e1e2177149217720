import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';

const PROGRAM = fileURLToPath(new URL('./child-program.ts', import.meta.url));

/** A child process that runs one task of child-program.ts; it is ended when the test is over. */
export class Child {
  readonly process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #input: Interface;
  #stderr = '';

  /** `prefix`: a command that starts the program, e.g. a shell that sets a limit first. */
  constructor(args: readonly string[], prefix: readonly string[] = []) {
    const [command = '', ...rest] = [...prefix, process.execPath, PROGRAM, ...args];
    this.process = spawn(command, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.process.stderr?.on('data', (data) => {
      this.#stderr += String(data);
    });
    const { stdout } = this.process;
    if (stdout === null) throw new Error('The child has no output.');
    this.#input = createInterface({ input: stdout });
    this.#lines = this.#input[Symbol.asyncIterator]();
    onTestFinished(() => {
      this.process.kill('SIGKILL');
    });
  }

  /** The next line that it prints. Throws with what it said on stderr when it prints none any more. */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`The child ended without a further line. ${this.#stderr}`);
    return value;
  }

  /** Sends a line, which it waits for. */
  tell(text: string): void {
    this.process.stdin?.write(`${text}\n`);
  }

  /** Resolves when it has ended; with its exit code, or the signal that ended it. */
  async ended(): Promise<number | string | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) await once(this.process, 'exit');
    return this.process.exitCode ?? this.process.signalCode;
  }
}

/** Runs tasks at once, all begun when all are ready; returns the last line of each. */
export async function runAll(tasks: readonly (readonly string[])[]): Promise<string[]> {
  const children = tasks.map((args) => new Child(args));
  for (const child of children)
    if ((await child.line()) !== 'ready') throw new Error('A child is not ready.');
  for (const child of children) child.tell('go');
  return Promise.all(children.map((child) => child.line()));
}

/** A child that holds a database locked; it is told anything to let go. */
export async function lock(path: string, sql: string): Promise<Child> {
  const child = new Child(['lock', path, sql]);
  child.tell('go');
  expect([await child.line(), await child.line()]).toEqual(['ready', 'locked']);
  return child;
}
