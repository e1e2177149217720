/**
 * How long after a decision by another process a call that waits goes on: from the moment at which the decision is
 * written to that at which the tool runs. Prints one line of JSON, in milliseconds.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ActionGuard, Policy } from '../src/index.ts';

const DECISIONS = 100;
/** News of other processes are looked for every 100 ms: decisions come at all moments between two looks. */
const SPREAD_MS = 250;

const [, , given] = process.argv;
if (given === undefined) await measure();
else await decide(given);

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plyra-latency-'));
  const path = join(folder, 'journal.db');
  const guard = guardOn(path);
  const tool = guard.wrap(async (_job: { readonly text: string }) => Date.now());
  const approver = spawn(process.execPath, [fileURLToPath(import.meta.url), path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: approver.stdout })[Symbol.asyncIterator]();
  await answers.next();
  const late: number[] = [];
  for (let i = 0; i < DECISIONS; i++) {
    const call = tool({ text: `job ${i}` });
    let [request] = await guard.approvals.list({ state: 'pending' });
    for (; request === undefined; [request] = await guard.approvals.list({ state: 'pending' }))
      await sleep(1);
    await sleep((i * 37) % SPREAD_MS);
    approver.stdin.write(`${request.id}\n`);
    const decidedAt = Number((await answers.next()).value);
    late.push((await call) - decidedAt);
  }
  approver.stdin.end();
  await once(approver, 'exit');
  await guard.close();
  rmSync(folder, { recursive: true });
  late.sort((a, b) => a - b);
  const at = (share: number): number | undefined => late[Math.ceil(share * late.length) - 1];
  console.log(JSON.stringify({ decisions: late.length, p50: at(0.5), p95: at(0.95), max: at(1) }));
}

/** Approves the requests whose ids it reads, and tells when each decision was written. */
async function decide(path: string): Promise<void> {
  const guard = guardOn(path);
  console.log('ready');
  for await (const id of createInterface({ input: process.stdin })) {
    await guard.approvals.approve(id, { by: 'ann' });
    console.log(Date.now());
  }
  await guard.close();
}

function guardOn(snapshotPath: string): ActionGuard {
  const rules = [{ pattern: '.', action: 'escalate', reason: 'Every call needs a person' }] as const;
  return new ActionGuard({ snapshotPath, policy: new Policy({ rules }) });
}
