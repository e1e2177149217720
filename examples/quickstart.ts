// Guards the tools of an agent with a rule file, has them called, and prints every decision.
import { fileURLToPath } from 'node:url';
// #region guard
import { ActionGuard, PolicyViolationError } from 'plyra-guard';
import { makeFolder, removeFolder, tools } from './tools.ts';

const policy = fileURLToPath(new URL('policy.yaml', import.meta.url));
const guard = ActionGuard.fromConfig(policy, { snapshotPath: null, approvals: { wait: false } });
const { readFile, writeFile, deleteFile, fetchPage, runCommand, runSql } = guard.wrap(tools);
// #endregion

const folder = await makeFolder();

/** Makes one call, as an agent would, and prints what came of it. */
async function attempt(what: string, call: () => Promise<string>): Promise<void> {
  // #region refusal
  try {
    const result = await call();
    print('ALLOW', what, result);
  } catch (error) {
    if (!(error instanceof PolicyViolationError)) throw error;
    print(error.verdict, what, `${error.reason} (${error.ruleName ?? 'default'})`);
  }
  // #endregion
}

function print(outcome: string, what: string, why: string): void {
  console.log(`${outcome.padEnd(9)} ${what.replaceAll(folder, '/tmp/…')}\n          ${why}`);
}

await attempt(`write ${folder}/notes.txt`, () => writeFile(`${folder}/notes.txt`, 'buy milk'));
await attempt(`read ${folder}/notes.txt`, () => readFile(`${folder}/notes.txt`));
await attempt(`delete ${folder}/notes.txt`, () => deleteFile(`${folder}/notes.txt`));
await attempt('write /etc/motd', () => writeFile('/etc/motd', 'hello'));
await attempt(`read ${folder}/.env`, () => readFile(`${folder}/.env`));
await attempt('fetch https://internal.corp/wiki', () => fetchPage('https://internal.corp/wiki'));
await attempt('run rm -rf /var/log', () => runCommand('rm -rf /var/log'));
await attempt('run DROP TABLE users', () => runSql('DROP TABLE users'));
await attempt('read /home/ann/diary.txt', () => readFile('/home/ann/diary.txt'));

// #region dry-run
const decision = guard.evaluate('rm -rf /var/log');
console.log(`\nDry run: ${decision.outcome} by ${decision.ruleName}: ${decision.reason}`);
// #endregion

// #region history
for (const action of guard.history({ limit: 3, outcome: 'BLOCK' })) {
  console.log(`Blocked: ${action.toolName} | ${action.intent}`);
}
const { totalActions, allowedActions, blockedActions, escalatedActions } = guard.getMetrics();
console.log(
  `${totalActions} calls: ${allowedActions} allowed, ${blockedActions} blocked, ${escalatedActions} escalated`,
);
// #endregion

await guard.close();
await removeFolder(folder);
