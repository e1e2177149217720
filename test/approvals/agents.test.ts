import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Approval } from '../../src/index.ts';
import { seed, soakFactor } from '../seed.ts';
import { openQueue } from './sqlite-queue.ts';

const PROGRAM = fileURLToPath(new URL('./guarded-agent.ts', import.meta.url));
const PROCESSES = 4;
/** Calls of each of four processes: a thousand together in the soak. */
const CALLS = Math.min(250, 10 * soakFactor);
/** Processes that are killed: 4 in `npm test`, 200 in the soak. */
const KILLS = Math.min(200, 4 * soakFactor);
/** How long what other processes do is looked for: they may be slow, but must come to it. */
const PATIENCE = { timeout: 60_000, interval: 20 };

/** A process with a guard of its own; it is ended when the test is over. */
class Agent {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor({ path, executed }: Place) {
    this.#process = spawn(process.execPath, [PROGRAM, path, executed], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (this.#process.stdout === null) throw new Error('The agent has no output.');
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    onTestFinished(() => {
      this.#process.kill('SIGKILL');
    });
  }

  async line(): Promise<string> {
    return (await this.#lines.next()).value ?? 'it ended';
  }

  tell(text: string): void {
    this.#process.stdin?.write(`${text}\n`);
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }
}

type Place = ReturnType<typeof place>;

/** A journal, the file in which tools leave their marks, and a person at the queue. */
function place() {
  const folder = mkdtempSync(join(tmpdir(), 'plyra-agents-'));
  const [path, executed] = [join(folder, 'journal.db'), join(folder, 'executed')];
  writeFileSync(executed, '');
  const { store, queue } = openQueue(path);
  onTestFinished(() => {
    queue.close();
    store.close();
  });
  const pending = (): readonly Approval[] => store.approvals.list({ state: 'pending', limit: 100_000 });
  return {
    ...{ path, executed, store, queue },
    marks: (): string[] => readFileSync(executed, 'utf8').split('\n').slice(0, -1),
    /** Pending requests by their marks, once there are so many. */
    requests: async (count: number): Promise<ReadonlyMap<string, Approval>> => {
      await expect.poll(() => pending().length, PATIENCE).toBe(count);
      return new Map(pending().map((request) => [String(request.shown?.parameters.mark), request]));
    },
    approve: (request: Approval | undefined): void => {
      queue.decide(request?.id ?? '', { by: 'ann', approved: true });
    },
  };
}

async function started(scene: Place, count: number): Promise<Agent[]> {
  const agents = Array.from({ length: count }, () => new Agent(scene));
  for (const agent of agents) expect(await agent.line()).toBe('ready');
  return agents;
}

describe(`${PROCESSES * CALLS} calls of ${PROCESSES} processes for one approved request`, () => {
  it('come to one execution', { timeout: 0 }, async () => {
    const scene = place();
    const agents = await started(scene, PROCESSES);
    agents[0]?.tell('ask one');
    expect(await agents[0]?.line()).toBe('asked');
    const request = (await scene.requests(1)).get('one');
    scene.approve(request);
    for (const agent of agents) agent.tell(`claim one*${CALLS}`);
    const came: string[] = [];
    for (const agent of agents) came.push(await agent.line());
    const counts = came.map((line) => JSON.parse(line) as Record<string, number>);
    const sum = (name: string): number => counts.reduce((total, each) => total + (each[name] ?? 0), 0);
    expect(scene.marks()).toEqual(['one']);
    expect(sum('ran'), came.join(' ')).toBe(1);
    // The others ask anew, or are told that the approval is used up: never are two executed.
    expect(scene.store.approvals.get(request?.id ?? '')?.state).toBe('consumed');
  });
});

describe(`${KILLS} agents killed while their calls wait for a person`, () => {
  it('leave their requests to themselves, once they are started again, and to nobody else', {
    timeout: 0,
  }, async () => {
    const scene = place();
    const [survivor] = await started(scene, 1);
    survivor?.tell('wait survivor-1,survivor-2');
    await scene.requests(2);

    const delays = fc.sample(fc.integer({ min: 0, max: 20 }), { seed, numRuns: KILLS });
    const marks = delays.map((_, index) => `killed-${index}`);
    for (let first = 0; first < KILLS; first += PROCESSES) {
      const group = marks.slice(first, first + PROCESSES);
      const agents = await started(scene, group.length);
      for (const [index, agent] of agents.entries()) agent.tell(`wait ${group[index]}`);
      await scene.requests(2 + first + group.length);
      await Promise.all(
        agents.map(async (agent, index) => {
          await new Promise((resolve) => setTimeout(resolve, delays[first + index]));
          await agent.kill();
        }),
      );
    }

    // Every request survives, none has run, and the calls of another process wait on.
    const requests = await scene.requests(2 + KILLS);
    expect([...requests.keys()].sort()).toEqual([...marks, 'survivor-1', 'survivor-2'].sort());
    expect(scene.marks()).toEqual([]);
    scene.approve(requests.get('survivor-1'));
    expect(await survivor?.line()).toBe('ran survivor-1');

    // Half of them are approved while nobody waits, the others when the same calls wait again.
    const [early, late] = [marks.filter((_, index) => index % 2 === 0), marks.filter((_, i) => i % 2 === 1)];
    for (const mark of early) scene.approve(requests.get(mark));
    const [again] = await started(scene, 1);
    again?.tell(`wait ${marks.join(',')}`);
    for (const _ of early) expect(await again?.line()).toMatch(/^ran killed-/);
    expect(scene.marks().slice(1).sort()).toEqual(early.toSorted());
    for (const mark of late) {
      await expect
        .poll(() => waiterOf(scene, requests.get(mark)), PATIENCE)
        .not.toBe(requests.get(mark)?.waiter);
      scene.approve(requests.get(mark));
    }
    for (const _ of late) expect(await again?.line()).toMatch(/^ran killed-/);

    expect(scene.marks().sort()).toEqual([...marks, 'survivor-1'].sort());
    const consumed = marks.map((mark) => scene.store.approvals.get(requests.get(mark)?.id ?? '')?.state);
    expect(new Set(consumed)).toEqual(new Set(['consumed']));
    expect([...(await scene.requests(1)).keys()]).toEqual(['survivor-2']);
    scene.approve(requests.get('survivor-2'));
    expect(await survivor?.line()).toBe('ran survivor-2');
  });
});

function waiterOf({ store }: Place, request: Approval | undefined): string | null | undefined {
  return store.approvals.get(request?.id ?? '')?.waiter;
}
