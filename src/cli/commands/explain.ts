import { loadBuiltIn, loadConfig } from '../../config/load.ts';
import { decisionJson } from '../../explain/decision-json.ts';
import { EXIT } from '../exit-codes.ts';
import { guardFor } from '../guard-for.ts';
import { print, printJson } from '../output.ts';
import { readIntentArgument } from '../read-intent.ts';
import type { JudgeOptions } from './evaluate.ts';

/** Explains how one intent is judged. Ends well whatever the verdict: the question was why, not whether. */
export async function explain(argument: string, { config, json, as }: JudgeOptions): Promise<number> {
  const intent = await readIntentArgument(argument);
  const guard = guardFor(config === undefined ? loadBuiltIn() : loadConfig(config));
  // Judged once before it is explained, so that the times are those of judging and not of building the automata.
  const decision = guard.evaluate(intent, { as });
  const explanation = guard.explain(intent, { as });
  if (json === true) printJson({ explanation, decision: decisionJson(decision) });
  else print(explanation);
  return EXIT.ok;
}
