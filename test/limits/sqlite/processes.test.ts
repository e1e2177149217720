import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SqliteLimiter } from '../../../src/limits/sqlite.ts';
import { CALL } from '../../../src/testing/limiter/setup.ts';
import { seed, soakFactor } from '../../seed.ts';
import { PlainDatabase } from '../database.ts';
import { databasePath } from '../database-path.ts';
import { witnessOf } from '../scene.ts';
import { LIMITS, type Order, type Told } from './child.ts';

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));

/** Reservations of each process: a thousand in the soak. */
const COUNT = Math.min(1_000, 150 * soakFactor);

/** What a process said of its calls; fails when it did not end as it should. */
async function run(order: Partial<Order> & Pick<Order, 'path' | 'writerId'>): Promise<Told[]> {
  const whole: Order = { count: COUNT, seed, ends: 'closing', decided: null, ...order };
  const child = spawn(process.execPath, [CHILD, JSON.stringify(whole)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const [stdout, stderr] = await said;
  const ended = [child.exitCode, child.signalCode];
  expect(ended, stderr).toEqual(whole.ends === 'killed' ? [null, 'SIGKILL'] : [0, null]);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Told]));
}

/** The same work in four processes at once, each with its own writer id and seed. */
async function fourProcesses(
  path: string,
  ends: readonly Order['ends'][],
  round = 0,
  count = COUNT,
): Promise<Told[]> {
  // The tables are made by whoever comes first; switching to WAL is what SQLite does not wait for.
  new PlainDatabase(path).close();
  const orders = [0, 1, 2, 3].map((i) => ({
    path,
    writerId: `writer-${round}-${i}`,
    seed: seed + round * 4 + i,
    count,
    ends: ends[i] ?? 'closing',
  }));
  return (await Promise.all(orders.map(run))).flat();
}

/** `decided`: whether actions of the others, which are dead, were decided; `null`: they are not known to be dead. */
function limiterOn(path: string, writerId: string, decided: boolean | null) {
  const database = new PlainDatabase(path);
  const witness = witnessOf(
    () => decided === null,
    () => decided === true,
  );
  const limiter = new SqliteLimiter({
    database,
    writerId,
    limits: LIMITS,
    now: () => performance.now(),
    witness,
  });
  return {
    limiter,
    /** What the task and the session have used, and how many reservations are open. */
    state: () => {
      const call = { ...CALL, agentId: 'worker', sessionId: 'session' };
      const [task, run] = limiter.facts(call).budgets.map(({ spent }) => Math.round(spent * 1e6));
      const open = database.prepare('SELECT count(*) AS open FROM limit_reservations').get()?.open;
      return { task, run, actions: limiter.facts(call).actionsThisRun, open };
    },
  };
}

function sumOf(told: readonly Told[], open = 0) {
  const inSession = told.filter((one) => one.inSession);
  const sum = (list: readonly Told[]): number => list.reduce((total, { spent }) => total + spent, 0);
  return {
    task: sum(told.filter(({ inTask }) => inTask)),
    run: sum(inSession),
    actions: inSession.length,
    open,
  };
}

describe('four processes on one budget', () => {
  it('never spend more than it, and spend exactly what they settle, restarts included', async () => {
    const path = databasePath();
    const first = await fourProcesses(path, []);
    expect(limiterOn(path, 'new', null).state()).toEqual(sumOf(first));
    const second = await fourProcesses(path, ['leaving', 'closing', 'leaving', 'closing'], 1);
    const { limiter, state } = limiterOn(path, 'newer', true);
    expect({ ...state(), open: 0 }).toEqual(sumOf([...first, ...second]));
    limiter.recover();
    expect(state()).toEqual(sumOf([...first, ...second]));
    const { task = 0, run = 0 } = state();
    // Both limits were reached: nothing that costs the most still fits into the smaller one.
    expect(task).toBeLessThanOrEqual(2_000_000);
    expect(run).toBeLessThanOrEqual(1_500_000);
    expect(Math.max(task / 2_000_000, run / 1_500_000)).toBeGreaterThan(0.9);
  });

  it('that were killed have spent what was decided, however many processes recover it at once', async () => {
    const path = databasePath();
    // So few that the budgets last: calls are open when the processes die.
    const told = await fourProcesses(path, ['killed', 'killed', 'killed', 'killed'], 0, 100);
    const before = limiterOn(path, 'before', null).state();
    expect(before.open).toBeGreaterThan(0);
    const decided = told.map(({ actionId }) => actionId);
    const recovering = [0, 1, 2].map((i) => run({ path, writerId: `recovering-${i}`, count: 0, decided }));
    await Promise.all(recovering);
    const { limiter, state } = limiterOn(path, 'after', false);
    expect(state()).toEqual(sumOf(told));
    limiter.recover();
    expect(state()).toEqual(sumOf(told));
  });
});
