// #region first
import { ActionGuard } from 'plyra-guard';

const guard = new ActionGuard();
const run = guard.wrap(function runCommand(command: string) {
  return `ran: ${command}`;
});

console.log(run('ls /tmp'));
try {
  run('rm -rf /var/log');
} catch (error) {
  console.log((error as Error).message);
}
// #endregion
