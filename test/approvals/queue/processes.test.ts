import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ApprovalAsk } from '../../../src/core/approval.ts';
import { draftOf } from '../../../src/testing/store/records.ts';
import { newPath, writerOf } from '../../stores/sqlite/open-store.ts';
import { MINUTE, now, REQUEST } from '../queue-scene.ts';
import { openQueue } from '../sqlite-queue.ts';

const PROGRAM = fileURLToPath(new URL('../child-decider.ts', import.meta.url));

/** A process with a queue of its own on the database; it is ended when the test is over. */
async function child(
  path: string,
): Promise<{ does: (task: string) => Promise<string>; kill: () => Promise<void> }> {
  const process_ = spawn(process.execPath, [PROGRAM, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => {
    process_.kill('SIGKILL');
  });
  const lines = createInterface({ input: process_.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<string> => (await lines.next()).value ?? 'it ended';
  expect(await line()).toBe('ready');
  return {
    does: (task) => {
      process_.stdin.write(`${task}\n`);
      return line();
    },
    kill: async () => {
      process_.kill('SIGKILL');
      await once(process_, 'exit');
    },
  };
}

function opened(path: string): ReturnType<typeof openQueue> {
  const open = openQueue(path);
  onTestFinished(() => {
    open.queue.close();
    open.store.close();
  });
  return open;
}

function entered({ queue, writerId }: ReturnType<typeof openQueue>): ApprovalAsk {
  const ask = queue.newAsk({ ...REQUEST, waits: true });
  queue.enter(ask, { ...draftOf('waiting', ask.actionId, {}), writer: writerOf(writerId) });
  return ask;
}

describe('a call that waits on a database', () => {
  it('is told of what another process decides', async () => {
    const path = newPath();
    const here = opened(path);
    const other = await child(path);
    for (let i = 0; i < 10; i++) {
      const ask = entered(here);
      const wait = here.queue.wait(ask, { timeoutMs: MINUTE });
      // At all moments between two looks; how soon it is told is measured in docs/evidence/soak.md.
      await sleep(i * 17);
      await other.does(`decide ${ask.id} alice`);
      expect(await wait).toMatchObject({ state: 'approved', decidedBy: 'alice', shown: null });
    }
  });

  it('is told at once of what another guard of this process decides', async () => {
    const path = newPath();
    const [one, other] = [opened(path), opened(path)];
    const ask = entered(one);
    let came = 'nothing';
    one.queue.wait(ask, { timeoutMs: MINUTE }).then(({ state }) => {
      came = state;
    });
    other.queue.decide(ask.id, { by: 'alice', approved: false });
    await Promise.resolve().then(() => undefined);
    expect(came).toBe('denied');
  });
});

describe('processes that decide at once', () => {
  it('come first or too late', async () => {
    const path = newPath();
    const here = opened(path);
    const others = await Promise.all([child(path), child(path), child(path)]);
    for (let i = 0; i < 20; i++) {
      const ask = entered(here);
      const came = await Promise.all(others.map((other, at) => other.does(`decide ${ask.id} person-${at}`)));
      expect(came.filter((what) => what === 'not_pending')).toHaveLength(2);
      const decided = now(here.queue.get(ask.id));
      expect(decided).toMatchObject({ state: 'approved', votes: [{ by: decided?.decidedBy }] });
    }
  });
});

describe('a call whose process is gone', () => {
  it('leaves its request to one that takes it over', async () => {
    const path = newPath();
    const here = opened(path);
    const dying = await child(path);
    const id = await dying.does('ask');
    expect(here.queue.match('digest-1', null, [])).toEqual({ kind: 'none' });
    await dying.kill();
    await expect
      .poll(() => now(here.queue.match('digest-1', null, [])).kind, { timeout: 10_000 })
      .toBe('pending');
    const [first, second] = await Promise.all([child(path), child(path)]);
    expect(await first.does(`adopt ${id}`)).toBe('adopted');
    expect(await second.does(`adopt ${id}`)).toBe('too late');
    expect(here.queue.match('digest-1', null, [])).toEqual({ kind: 'none' });
  });
});
