import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Receiver } from '../webhook/receiver.ts';

const CHILD = fileURLToPath(new URL('./child-with-exporters.ts', import.meta.url));

/** The exit code of a process with a guard that exports, and what it printed. */
async function ended(url: string, ...words: string[]): Promise<[unknown, string]> {
  const child = spawn(process.execPath, [CHILD, url, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  const [code] = await once(child, 'close');
  return [code, printed.trim()];
}

describe('the end of a process', () => {
  it('does not wait for an exporter whose receiver never answers', async () => {
    const receiver = await Receiver.start(() => undefined);
    expect(await ended(receiver.url)).toEqual([0, 'delivered 0']);
  });

  it('waits for it while the guard is closed', async () => {
    const receiver = await Receiver.start();
    expect(await ended(receiver.url, 'close')).toEqual([0, 'delivered 600']);
    expect(receiver.received).toHaveLength(2);
  });
});
