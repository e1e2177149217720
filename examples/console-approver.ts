// Asks on the terminal about every call that waits for a person. `node examples/console-approver.ts <journal>` watches the
// journal of your agents until Ctrl-D. Without a journal it makes one, with two calls that wait, and ends with them:
// `printf 'y\nn\n' | node examples/console-approver.ts` answers without a terminal.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { ActionGuard, type Approval, ApprovalError, Policy } from 'plyra-guard';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** The next line of the person; `undefined` when they have gone. */
async function ask(question: string): Promise<string | undefined> {
  process.stdout.write(question);
  const { value } = await lines.next();
  process.stdout.write('\n');
  return value;
}

/** Data as a line in which nothing acts on the terminal: an agent wrote it, and would like a yes. */
function plain(data: unknown): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(data).replace(/[^\x20-\x7e]/g, escaped);
}

// #region console
/** Asks about each pending request, oldest first, until `stop` fires or nobody answers any more. */
async function approveOnConsole(guard: ActionGuard, by: string, stop: AbortSignal): Promise<void> {
  const asked = new Set<string>();
  while (!stop.aborted) {
    const pending = await guard.approvals.list({ state: 'pending' });
    for (const request of pending.toReversed()) {
      if (asked.has(request.id)) continue;
      asked.add(request.id);
      const answer = await ask(`${question(request)}\nLet it run? y/n `);
      if (answer === undefined) return;
      try {
        if (answer.trim() === 'y') await guard.approvals.approve(request.id, { by });
        else await guard.approvals.deny(request.id, { by, note: 'not today' });
      } catch (error) {
        if (!(error instanceof ApprovalError)) throw error;
        console.log(error.message); // somebody else was first, its time is over, …
      }
    }
    await setTimeout(200, undefined, { signal: stop }).catch(() => undefined);
  }
}
// #endregion

function question({ agentId, toolName, reason, shown, expiresAt }: Approval): string {
  const seconds = Math.round((expiresAt.getTime() - Date.now()) / 1000);
  return [
    `Agent ${plain(agentId)} wants to call ${plain(toolName)} with`,
    `  ${plain(shown?.parameters)}`,
    `which waits ${seconds} s for a person: ${plain(reason)}`,
  ].join('\n');
}

/** An agent whose two payments wait for a person. In real life it is a process of its own. */
async function pays(journal: string): Promise<void> {
  const rule = { pattern: '^pay ', action: 'escalate', reason: 'Money needs a person' } as const;
  const guard = new ActionGuard({
    snapshotPath: journal,
    policy: new Policy({ defaultAction: 'allow', rules: [rule] }),
  });
  const pay = guard.wrap(async function pay({ amount }: { text: string; amount: number }) {
    return `paid ${amount}`;
  });
  for (const [text, amount] of [['pay the milkman', 5] as const, ['pay the landlord', 500] as const]) {
    console.log(await pay({ text, amount }).catch((error: Error) => error.message));
  }
  await guard.close();
}

const [given] = process.argv.slice(2);
const folder = given === undefined ? mkdtempSync(join(tmpdir(), 'plyra-')) : undefined;
const journal = given ?? join(folder ?? '', 'journal.db');
const operator = new ActionGuard({ snapshotPath: journal });
const stop = new AbortController();
if (given === undefined) void pays(journal).finally(() => stop.abort());
await approveOnConsole(operator, userInfo().username, stop.signal);
lines.return?.();
if (!stop.signal.aborted) console.log('Nobody answers any more. What waits, waits on.');
await operator.close();
if (folder !== undefined) rmSync(folder, { recursive: true });
if (!stop.signal.aborted) process.exit(); // the agent may wait on in here
