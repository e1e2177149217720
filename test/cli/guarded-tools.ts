import { ActionGuard } from '../../src/guard.ts';
import { Policy } from '../../src/policy/policy.ts';

/** Tools of a guard that writes to a journal's file, and the guard. */
export interface Guarded {
  readonly guard: ActionGuard;
  /** Runs, or throws: what begins with `rm` is blocked, `hm` is warned of, `boom` throws. */
  readonly run: (command: string) => string;
  /** Runs until the end of the process, by a signal that nobody can handle. */
  readonly die: (why: string) => void;
  /** Waits for a person, who answers when `settle` is called. */
  readonly ask: (question: string) => Promise<string>;
  readonly settle: (approved: boolean) => void;
}

const RULES = [
  { pattern: '^rm', action: 'block', name: 'no-rm', reason: 'nothing is removed' },
  { pattern: '^hm', action: 'warn', name: 'hm', reason: 'careful' },
  { pattern: '^may I', action: 'escalate', name: 'ask', reason: 'a person decides' },
] as const;

/** A guard that journals to this file, as it does in a program. */
export function guardedTools(file: string): Guarded {
  const answer = Promise.withResolvers<boolean>();
  const guard = new ActionGuard({
    snapshotPath: file,
    policy: new Policy({ name: 'mine', defaultAction: 'allow', rules: RULES }),
    escalationHandler: () => answer.promise,
  });
  const run = guard.wrap(function run(command: string) {
    if (command === 'boom') throw new Error('disk full');
    return `ran ${command}`;
  });
  const die = guard.wrap(function die(_why: string) {
    process.kill(process.pid, 'SIGKILL');
  });
  const ask = guard.wrap(async function ask(question: string) {
    return `asked ${question}`;
  });
  return { guard, run, die, ask, settle: answer.resolve };
}

/** What a refused or failed call says; else what it returns. */
export function attempt(call: () => unknown): string {
  try {
    return String(call());
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
