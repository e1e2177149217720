import { isThenable } from '../core/awaitable.ts';
import type { Evaluator } from '../core/evaluator.ts';

/** Evaluators that note how long each took, in milliseconds by name, when they are asked. */
export function timed(
  evaluators: readonly Evaluator[],
  now: () => number,
): { readonly evaluators: readonly Evaluator[]; readonly timings: ReadonlyMap<string, number> } {
  const timings = new Map<string, number>();
  const wrapped = evaluators.map((evaluator): Evaluator => {
    const { name } = evaluator;
    return {
      name,
      evaluate(intent, facts) {
        const started = now();
        const note = (): void => {
          timings.set(name, now() - started);
        };
        try {
          const answer = evaluator.evaluate(intent, facts);
          if (isThenable(answer)) answer.then(note, note);
          return answer;
        } finally {
          note();
        }
      },
    };
  });
  return { evaluators: wrapped, timings };
}
