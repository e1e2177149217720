import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Receiver } from './receiver.ts';

const CHILD = fileURLToPath(new URL('./child-with-guard.ts', import.meta.url));

/** The exit code of a process with a guard, and what it printed. */
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
  it('does not wait for a webhook that never answers', async () => {
    const receiver = await Receiver.start(() => undefined);
    expect(await ended(receiver.url)).toEqual([0, '0 0']);
    expect((await receiver.messages(1))[0]?.type).toBe('approval.requested');
  });

  it('waits for one while its guard is closed', async () => {
    const receiver = await Receiver.start();
    expect(await ended(receiver.url, 'close')).toEqual([0, '1 0']);
  });
});
