import { loadBuiltIn, loadConfig } from '../../config/load.ts';
import type { ArgumentKind } from '../../core/argument-kind.ts';
import { howToFix } from '../../core/refuse.ts';
import { decisionJson } from '../../explain/decision-json.ts';
import { printable } from '../../explain/printable.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { guardFor } from '../guard-for.ts';
import { paintVerdict, print, printJson } from '../output.ts';
import { readIntentArgument } from '../read-intent.ts';

/** Which policy judges, and how the answer is printed. */
export interface JudgeOptions {
  readonly config?: readonly string[] | undefined;
  readonly json?: boolean | undefined;
  /** What an intent that is text is read as. */
  readonly as?: ArgumentKind | undefined;
}

/** Judges one intent and prints the decision. Returns the exit code of the verdict. */
export async function evaluate(argument: string, { config, json, as }: JudgeOptions): Promise<number> {
  const intent = await readIntentArgument(argument);
  const decision = guardFor(config === undefined ? loadBuiltIn() : loadConfig(config)).evaluate(intent, {
    as,
  });
  if (json === true) {
    printJson(decisionJson(decision));
    return exitCodeOf(decision.verdict);
  }
  const { verdict, ruleName, policyTriggered, reason, metadata } = decision;
  const by =
    ruleName ?? (metadata.defaulted === true ? `default of ${policyTriggered}` : (policyTriggered ?? ''));
  print(`${paintVerdict(verdict)}  ${printable(by)}${reason === '' ? '' : `: ${printable(reason)}`}`);
  const fix = howToFix(decision);
  if (fix !== '') print(printable(fix));
  return exitCodeOf(verdict);
}
