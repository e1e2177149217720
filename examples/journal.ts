// Keeps the journal in a file, restarts, and reads what was done before.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// #region journal
import { ActionGuard } from 'plyra-guard';

const folder = mkdtempSync(join(tmpdir(), 'plyra-'));
const open = () => new ActionGuard({ snapshotPath: join(folder, 'journal.db') });

const before = open();
const login = before.wrap(function login({ user, password }: { user: string; password: string }) {
  return `${user} is in, with ${password.length} characters`;
});
login({ user: 'ann', password: 'correct horse' });
await before.close();

const after = open();
const [entry] = after.getAuditLog({ toolName: 'login' });
console.log(entry?.state, entry?.intent, entry?.parameters);
// done [redacted] ann { password: '[redacted]', user: 'ann' }
// #endregion

// #region freeze
const call = after.wrap(function call() {
  return 'ran';
});
after.freeze('the on-call engineer is looking at it');
try {
  call();
} catch (error) {
  console.log((error as Error).message);
}
after.unfreeze();
console.log(call());
// #endregion

await after.close();
rmSync(folder, { recursive: true });
