/** What a second process does in a test: it reads lines `decide <id> <by>` or `wait <id>`, and prints what came of each. */
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import { ApprovalError } from '../../src/core/errors.ts';
import { draftOf } from '../../src/testing/store/records.ts';
import { now, REQUEST } from './queue-scene.ts';
import { openQueue } from './sqlite-queue.ts';

const { queue, writerId } = openQueue(process.argv[2] ?? '');

const TASKS: Readonly<Record<string, (...words: string[]) => unknown>> = {
  /** `decided`, or why it was not. */
  decide: (id = '', by = '') => {
    try {
      queue.decide(id, { by, approved: true });
      return 'decided';
    } catch (error) {
      return error instanceof ApprovalError ? error.details.problem : error;
    }
  },

  /** Asks, and waits for the answer until it is killed. */
  ask: () => {
    const ask = queue.newAsk({ ...REQUEST, waits: true });
    queue.enter(ask, {
      ...draftOf('waiting', ask.actionId, {}),
      writer: { id: writerId, host: hostname(), pid: process.pid },
    });
    void queue.wait(ask, { timeoutMs: REQUEST.timeoutMs });
    return ask.id;
  },

  adopt: (id = '') => {
    const approval = now(queue.get(id));
    return approval && now(queue.adopt(approval)) !== undefined ? 'adopted' : 'too late';
  },
};

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [task = '', ...words] = line.split(' ');
  console.log(String(TASKS[task]?.(...words)));
}
