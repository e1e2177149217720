// Serves the sidecar and has a demo agent work on real files in a temporary folder, call after call, until Ctrl-C.
// `--port <n>` listens elsewhere than on 8765; `--calls <n>` ends by itself.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ActionGuard, PolicyViolationError } from 'plyra-guard';
import { makeFolder, removeFolder, tools } from './tools.ts';

const { values: words } = parseArgs({ options: { port: { type: 'string' }, calls: { type: 'string' } } });
const mostCalls = Number(words.calls ?? Number.POSITIVE_INFINITY);
const port = Number(words.port ?? 8765);

const folder = await makeFolder();
const policy = fileURLToPath(new URL('policy.yaml', import.meta.url));
// #region serve
const guard = ActionGuard.fromConfig(policy, {
  snapshotPath: join(folder, 'journal.db'),
  approvals: { wait: false },
});
const sidecar = await guard.serve({ port });
console.log(`The sidecar listens on ${sidecar.url}`);
console.log(`Log a browser in, once, within five minutes: ${sidecar.loginLink()}`);
// #endregion
console.log(`Or ask it: curl '${sidecar.url}/api/actions?limit=5'\nCtrl-C ends it.`);

const agent = guard.wrap(tools);
/** What the agent does, over and over. Some of it is refused. */
const plan: readonly ((round: number) => Promise<string>)[] = [
  (round) => agent.writeFile(join(folder, `notes-${round}.txt`), `note ${round}: buy milk`),
  (round) => agent.readFile(join(folder, `notes-${round}.txt`)),
  () => agent.writeFile('/etc/motd', 'hello'),
  () => agent.runCommand('rm -rf /var/log'),
  () => agent.readFile(join(folder, '.env')),
  () => agent.runSql('DROP TABLE users'),
  (round) => agent.deleteFile(join(folder, `notes-${round}.txt`)),
];

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
const counts: Record<string, number> = {};
for (let call = 0; call < mostCalls && !stop.signal.aborted; call++) {
  const round = Math.floor(call / plan.length);
  const work = async (): Promise<string> => (await plan[call % plan.length]?.(round)) ?? '';
  let outcome = 'ALLOW';
  try {
    await guard.withContext(
      { agentId: 'demo-agent', sessionId: `round-${round}`, taskId: `round-${round}` },
      work,
    );
  } catch (error) {
    if (!(error instanceof PolicyViolationError)) throw error;
    outcome = error.verdict;
  }
  counts[outcome] = (counts[outcome] ?? 0) + 1;
  if (mostCalls === Number.POSITIVE_INFINITY)
    await sleep(1_000, undefined, { signal: stop.signal }).catch(() => '');
}
console.log(`The agent is done: ${JSON.stringify(counts)}`);
await guard.close();
await removeFolder(folder);
