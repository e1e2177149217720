import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/call/system-clock.ts';
import { SqliteStore } from '../../src/stores/sqlite.ts';
import { voteBy } from '../../src/testing/store/approvals.ts';
import { draftOf, START } from '../../src/testing/store/records.ts';
import { ROOT } from '../architecture/repository.ts';
import { seed, soakFactor } from '../seed.ts';
import { checkOf } from './evidence.ts';

const PROCESSES = 4;
/** 20 processes are killed in `npm test`; 200 in the soak. */
const ROUNDS = Math.min(50, 5 * soakFactor);
/** Requests that a process enters, with two lines of output each; then it waits. */
const REQUESTS = 20;

const folder = mkdtempSync(join(tmpdir(), 'plyra-approvals-'));
const path = join(folder, 'journal.db');
const writer = { id: 'approver', host: hostname(), pid: process.pid };
const store = new SqliteStore({
  path,
  writer,
  clock: systemClock,
  durability: 'process',
  retentionDays: null,
});
const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  store.close();
  rmSync(folder, { recursive: true });
});

/** An agent, with what it says line by line. */
class Agent {
  readonly name: string;
  readonly child: ChildProcess;
  readonly lines: string[] = [];
  readonly closed: Promise<unknown>;
  #said = '';
  #whenSaid: () => void = () => undefined;

  constructor(name: string, requests: number) {
    this.name = name;
    const args = ['test/crash/approvals-agent.ts', path, name, String(requests)];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    children.push(child);
    this.closed = once(child, 'close');
    child.stderr.on('data', (data: Buffer) => {
      this.#said += data.toString();
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.lines.push(line);
      this.#whenSaid();
    });
  }

  get entered(): string[] {
    return this.lines.flatMap((line) => (line.startsWith('entered ') ? line.slice('entered '.length) : []));
  }

  /** Resolves once it has said as much as that. */
  until(isThere: (lines: readonly string[]) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#whenSaid = () => {
        if (isThere(this.lines)) resolve();
      };
      this.#whenSaid();
      const failed = () => reject(new Error(`${this.name} ended by itself: ${this.#said}`));
      this.closed.then(failed, failed);
    });
  }

  async killAfter(lines: number, milliseconds: number): Promise<void> {
    await this.until((said) => said.length >= lines);
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    this.child.kill('SIGKILL');
    await this.closed;
    expect(this.child.signalCode).toBe('SIGKILL');
  }
}

describe(`${ROUNDS * PROCESSES} processes killed while their calls wait for a person, ${PROCESSES} at a time`, () => {
  const survivor = new Agent('survivor', 2);
  const killed: Agent[] = [];
  const approve = (id: string) => {
    const change = {
      state: 'approved',
      votes: [voteBy('ann')],
      decidedBy: 'ann',
      decidedAt: new Date(),
    } as const;
    const draft = { ...draftOf('approval', `action-${id}`, { event: 'approved' }), writer };
    return store.approvals.change(id, { state: 'pending', votes: 0 }, change, draft);
  };

  it('leave every request that was entered: pending, readable, and without a waiter', {
    timeout: 0,
  }, async () => {
    const moments = fc.sample(
      fc.tuple(fc.integer({ min: 1, max: 2 * REQUESTS }), fc.integer({ min: 0, max: 20 })),
      { seed, numRuns: ROUNDS * PROCESSES },
    );
    await survivor.until((lines) => lines.length === 4);
    for (let round = 0; round < ROUNDS; round++) {
      const group = Array.from({ length: PROCESSES }, (_, n) => new Agent(`r${round}p${n}`, REQUESTS));
      killed.push(...group);
      await Promise.all(
        group.map((agent, n) => agent.killAfter(...(moments[round * PROCESSES + n] ?? [1, 0]))),
      );
    }
    const ids = killed.flatMap(({ entered }) => entered);
    expect(ids.length).toBeGreaterThan(ROUNDS * PROCESSES);
    const approvals = ids.map((id) => store.approvals.get(id));
    expect(ids.filter((_, index) => approvals[index]?.state !== 'pending')).toEqual([]);
    expect(ids.filter((_, index) => approvals[index]?.shown?.intent !== 'read notes')).toEqual([]);
    expect(ids.filter((_, index) => approvals[index] && store.approvals.hasWaiter(approvals[index]))).toEqual(
      [],
    );
  });

  it('leave nothing by halves: each request has its record, and no other is there', () => {
    const requests = store.approvals
      .list({ limit: Number.POSITIVE_INFINITY })
      .map(({ actionId }) => actionId);
    const told = [...store.records()].flatMap(({ kind, actionId }) => (kind === 'waiting' ? actionId : []));
    expect(told.sort()).toEqual(requests.sort());
    const begun = new Set(
      [survivor, ...killed].flatMap(({ lines }) => lines).map((line) => line.split(' ')[1]),
    );
    expect(requests.filter((actionId) => !begun.has(actionId.slice('action-'.length)))).toEqual([]);
  });

  it('leave the calls of other processes as they are: they run once they are approved', async () => {
    const [first = '', second = ''] = survivor.entered;
    const waiting = [first, second].map((id) => store.approvals.get(id));
    expect(waiting.map((approval) => approval && store.approvals.hasWaiter(approval))).toEqual([true, true]);
    expect(approve(first)?.state).toBe('approved');
    await survivor.until((lines) => lines.includes(`ran ${first}`));
    expect(store.approvals.get(first)).toMatchObject({ state: 'consumed', consumedBy: `action-${first}` });
    expect(store.approvals.get(second)?.state).toBe('pending');
  });

  it('can be approved all the same, and matched by what would run', () => {
    const [id = ''] = killed.flatMap(({ entered }) => entered);
    expect(approve(id)?.state).toBe('approved');
    const matched = store.approvals.list({ digest: `digest-${id}`, state: 'approved' });
    expect(matched.map((approval) => [approval.id, store.approvals.hasWaiter(approval)])).toEqual([
      [id, false],
    ]);
    store.append([{ ...draftOf('decided', 'again', {}), writer, consumes: { approvalId: id, now: START } }]);
    expect(store.approvals.get(id)?.consumedBy).toBe('again');
  });

  it('leave the database intact and every chain whole', () => {
    const reader = new DatabaseSync(path, { readOnly: true });
    expect(reader.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    reader.close();
    expect(checkOf(path).problems).toEqual([]);
  });
});
