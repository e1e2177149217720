import { isThenable } from '../core/awaitable.ts';
import type { Evaluator } from '../core/evaluator.ts';
import type { Facts } from '../core/facts.ts';
import type { ActionIntent } from '../core/intent.ts';
import type { EvaluatorAnswer } from '../core/result.ts';
import { type HandlerRegistry, isReading } from './registry.ts';

const VERDICTS = Object.freeze({ warn: 'WARN', escalate: 'ESCALATE', block: 'BLOCK' } as const);

/**
 * Objects to actions that cannot be undone: their handler says so, or they have none. Actions that only read, and tools
 * that are not to be captured (`rollback: false`), are none of its business. `maxBytes`: what may be kept of one action.
 */
export function irreversibleGate(
  registry: HandlerRegistry,
  setting: keyof typeof VERDICTS,
  maxBytes: number,
): Evaluator {
  const verdict = VERDICTS[setting];
  const object = (why: string): EvaluatorAnswer => ({
    verdict,
    reason: `This cannot be undone: ${why}`,
    suggestedAction: 'reach the goal with an action that can be undone, or have a person do this one',
    metadata: { irreversible: why },
  });
  return {
    name: 'rollback',
    evaluate(intent, facts) {
      if (facts.undo !== 'by_handler' || isReading(intent.actionType)) return undefined;
      const why = whyIrreversible(intent, facts, registry, maxBytes);
      if (isThenable(why)) return why.then((told) => (told === null ? undefined : object(told)));
      return why === null ? undefined : object(why);
    },
  };
}

/** Why an action cannot be undone; `null` where it can. */
function whyIrreversible(
  intent: ActionIntent,
  { source }: Facts,
  registry: HandlerRegistry,
  maxBytes: number,
): string | null | Promise<string | null> {
  const asked = registry
    .handlersOf(intent.actionType)
    .filter(({ handler }) => handler.typedOnly !== true || source.arguments.areTyped)
    // Without a word on it a handler is taken to be able to.
    .map(({ handler }) => () => {
      const context = { arguments: source.arguments.list, maxBytes };
      return handler.irreversible === undefined ? null : handler.irreversible(intent, context);
    });
  return firstAnswer(asked, `nothing here undoes actions of type ${intent.actionType}`);
}

function firstAnswer(
  asked: readonly (() => string | null | undefined | Promise<string | null | undefined>)[],
  otherwise: string,
): string | null | Promise<string | null> {
  for (const [i, ask] of asked.entries()) {
    const answer = ask();
    if (isThenable(answer)) {
      const rest = asked.slice(i + 1);
      return (answer as Promise<string | null | undefined>).then((told) =>
        told === undefined ? firstAnswer(rest, otherwise) : told,
      );
    }
    if (answer !== undefined) return answer;
  }
  return otherwise;
}
