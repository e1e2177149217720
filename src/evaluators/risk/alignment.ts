import type { ActionIntent } from '../../core/intent.ts';
import { stem, wordsOf } from './words.ts';

const CONTEXT_CHARS = 2000;
const CALL_CHARS = 500;

/** Compares calls with what their agents say they are doing. Remembers the last task context's words. */
export class TaskAlignment {
  #context = '';
  #words: ReadonlySet<string> = new Set();

  /**
   * How far a call is from its task, 0–1: one minus the share of words that the two have in common, of the shorter
   * one's. Words of the action type, the tool, the parameter names and the intent string count. 0 where the task
   * context says nothing.
   */
  distance(intent: ActionIntent): number {
    const { taskContext } = intent;
    if (taskContext === '') return 0;
    if (taskContext !== this.#context) {
      this.#words = stems([taskContext], CONTEXT_CHARS);
      this.#context = taskContext;
    }
    const context = this.#words;
    if (context.size === 0) return 0;
    const call = stems([intent.actionType, intent.toolName, ...names(intent), intent.intent], CALL_CHARS);
    let common = 0;
    for (const word of call) if (context.has(word)) common++;
    return call.size === 0 ? 0 : 1 - common / Math.min(call.size, context.size);
  }
}

function names({ parameters }: ActionIntent): string[] {
  return Object.keys(parameters).slice(0, 20);
}

function stems(texts: readonly string[], maxChars: number): ReadonlySet<string> {
  const found = new Set<string>();
  for (const text of texts) {
    for (const word of wordsOf(text, maxChars)) {
      const stemmed = stem(word);
      if (stemmed !== undefined) found.add(stemmed);
    }
  }
  return found;
}
