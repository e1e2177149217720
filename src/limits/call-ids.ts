import type { LimitAccount } from './limiter.ts';

/** Longer ids are nobody's: they would only fill memory and disk. UTF-16 code units. */
const MAX_LENGTH = 1_000;

/** Throws a TypeError for a call with an agent, a task or a session that cannot be counted by its id. */
export function checkIds({ agentId, taskId, sessionId }: LimitAccount): void {
  checkId('agent', agentId);
  if (taskId !== null) checkId('task', taskId);
  if (sessionId !== null) checkId('session', sessionId);
}

/**
 * Throws a TypeError for an id that is no text, longer than 1,000 characters, or one that a database gives back as
 * another: what is counted for it would be counted for somebody else.
 */
export function checkId(whose: 'agent' | 'task' | 'session', id: unknown): void {
  if (typeof id !== 'string') throw new TypeError(`The ${whose} id must be a text, not ${kindOf(id)}.`);
  if (id.length > MAX_LENGTH) {
    throw new TypeError(
      `The ${whose} id has ${id.length} characters; limits are counted for ids of at most ${MAX_LENGTH}.`,
    );
  }
  if (id.isWellFormed() && !id.includes('\0')) return;
  throw new TypeError(
    `The ${whose} id ${JSON.stringify(id)} holds half a character or a NUL, so limits cannot be counted for it.`,
  );
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'a list' : `of the type ${typeof value}`;
}
