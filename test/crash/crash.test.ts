import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from '../architecture/repository.ts';
import { seed, soakFactor } from '../seed.ts';
import { actionsOf, checkOf } from './evidence.ts';

const PROCESSES = 4;
/** 20 processes are killed in `npm test`; 25 times as many in the soak. */
const ROUNDS = 5 * soakFactor;
/** Calls that a process has begun when it is killed: from its first one to long after its start. */
const MOST_CALLS = 600;

const folder = mkdtempSync(join(tmpdir(), 'plyra-crash-'));
const database = join(folder, 'journal.db');
const executed = (name: string): string => join(folder, `${name}.txt`);

afterAll(() => rmSync(folder, { recursive: true }));

/** Starts an agent and kills it without warning once it has begun so many calls. */
async function killAfter(calls: number, name: string): Promise<void> {
  const args = ['test/crash/agent.ts', database, executed(name), name];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let begun = 0;
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said += data.toString();
  });
  child.stdout.on('data', (data: Buffer) => {
    begun += data.length;
    if (begun >= calls) child.kill('SIGKILL');
  });
  const [code, signal] = await once(child, 'close');
  if (signal !== 'SIGKILL') throw new Error(`${name} ended by itself with ${code}: ${said}`);
}

describe(`${ROUNDS * PROCESSES} processes killed at random moments, ${PROCESSES} at a time on one database`, () => {
  const names: string[] = [];

  it('leave it so that the next ones can go on', { timeout: 0 }, async () => {
    const moments = fc.sample(fc.integer({ min: 1, max: MOST_CALLS }), {
      seed,
      numRuns: ROUNDS * PROCESSES,
    });
    for (let round = 0; round < ROUNDS; round++) {
      const group = Array.from({ length: PROCESSES }, (_, n) => `r${round}p${n}`);
      names.push(...group);
      await Promise.all(group.map((name, n) => killAfter(moments[round * PROCESSES + n] ?? 1, name)));
    }
    expect(names).toHaveLength(ROUNDS * PROCESSES);
  });

  it('leave the database intact', () => {
    const reader = new DatabaseSync(database, { readOnly: true });
    expect(reader.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    reader.close();
  });

  it('leave every chain whole', () => {
    expect(checkOf(database).problems).toEqual([]);
  });

  it('executed no call without a record of its decision, and none that was forbidden', () => {
    const decided = new Set(actionsOf(database).map(({ mark }) => mark));
    const marks = names.flatMap((name) =>
      existsSync(executed(name)) ? readFileSync(executed(name), 'utf8').trim().split('\n') : [],
    );
    expect(marks.length).toBeGreaterThan(0);
    expect(marks.filter((mark) => !decided.has(mark))).toEqual([]);
    expect(marks.filter((mark) => mark.startsWith('forbidden'))).toEqual([]);
  });

  it('name every call whose end nobody saw as interrupted, and no other', () => {
    const actions = actionsOf(database);
    expect(actions.filter(({ state }) => state === 'running')).toEqual([]);
    const interrupted = actions.filter(({ state }) => state === 'interrupted');
    const unfinished = actions.filter(({ ended, refused }) => !ended && !refused);
    expect(interrupted.map(({ mark }) => mark).sort()).toEqual(unfinished.map(({ mark }) => mark).sort());
    expect(interrupted.length).toBeGreaterThan(0);
  });
});
