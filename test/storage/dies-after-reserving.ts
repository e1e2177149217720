import { openGuardStorage } from './open.ts';

// Reserves money for a call, and dies before anything of it is journaled.
const [, , path = ''] = process.argv;
const { limiter } = openGuardStorage(path);
limiter.reserve({
  actionId: 'never-decided',
  toolName: 'pay',
  agentId: 'a',
  taskId: 't',
  sessionId: 's',
  cost: 0.5,
});
process.kill(process.pid, 'SIGKILL');
