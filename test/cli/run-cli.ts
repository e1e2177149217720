import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** What a run of the command line left behind. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A temporary folder with files in it, removed at the end; runs the command line in it, as its own process. */
export function workspace(files: Readonly<Record<string, string | Uint8Array>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'plyra-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
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
  return { folder, run, json: (...args: readonly string[]) => JSON.parse(run([...args, '--json']).stdout) };
}
