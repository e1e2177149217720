/**
 * What an agent's process does in a test: it reads lines, makes guarded calls that a person has to decide on, and prints
 * what came of each. A tool that runs writes its mark into a file first thing.
 */
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { ActionEscalatedError, ActionGuard, Policy } from '../../src/index.ts';

const [, , database = '', executed = ''] = process.argv;

const guard = new ActionGuard({
  snapshotPath: database,
  policy: new Policy({
    defaultAction: 'block',
    rules: [{ pattern: '.', action: 'escalate', name: 'work', reason: 'Work needs a person' }],
  }),
  approvals: { timeoutSeconds: 86_400 },
});
const work = ({ mark }: { mark: string }): string => {
  appendFileSync(executed, `${mark}\n`);
  return mark;
};
const options = { actionType: 'work' };
const now = guard.wrap(work, options);
const waiting = guard.wrap(async (job: { mark: string }) => work(job), options);
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** What a call came to that cannot wait. */
function tried(mark: string): string {
  try {
    return now({ mark }) === mark ? 'ran' : 'wrong';
  } catch (error) {
    return error instanceof ActionEscalatedError ? 'asked' : String(error);
  }
}

const TASKS: Readonly<Record<string, (word: string) => void>> = {
  /** Makes one call, which is refused for now. */
  ask: (mark) => say(tried(mark)),

  /** Makes the same call again and again; prints what came of how many. */
  claim: (word) => {
    const [mark = '', times = '0'] = word.split('*');
    const counts: Record<string, number> = {};
    for (let i = 0; i < Number(times); i++) {
      const came = tried(mark);
      counts[came] = (counts[came] ?? 0) + 1;
    }
    say(JSON.stringify(counts));
  },

  /** Makes calls that wait; prints `ran <mark>` for each that has run. */
  wait: (word) => {
    for (const mark of word.split(',')) {
      waiting({ mark }).then(
        (ran) => say(`ran ${ran}`),
        (error) => say(`failed ${mark}: ${error}`),
      );
    }
  },
};

say('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [task = '', word = ''] = line.split(' ', 2);
  TASKS[task]?.(word);
}
