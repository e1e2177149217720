/** An agent's process: `node guarded-process.ts <journal>` runs a command for each line that it reads; `die` kills it. */
import { createInterface } from 'node:readline';
import { attempt, guardedTools } from './guarded-tools.ts';

const { guard, run, die } = guardedTools(process.argv[2] ?? '');
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  console.log(attempt(() => (line === 'die' ? die('now') : run(line))));
}
await guard.close();
