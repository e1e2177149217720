import { type LoadedConfig, loadBuiltIn, loadConfig } from '../config/load.ts';
import type { EvaluationResult } from '../core/result.ts';
import type { Verdict } from '../core/verdict.ts';
import { compileLayer } from '../policy/layers.ts';
import { guardFor } from './guard-for.ts';
import type { CaseFile, PolicyCase } from './read-cases.ts';

/** What came of one case. */
export interface CaseResult {
  readonly policyCase: PolicyCase;
  readonly verdict: Verdict;
  readonly ruleName: string | null;
  readonly reason: string;
  readonly passed: boolean;
}

/** What came of a file of cases. */
export interface FileResult {
  readonly file: string;
  readonly config: readonly string[];
  readonly results: readonly CaseResult[];
  /** Rules and policies, by name, that decided no case. */
  readonly unreached: readonly string[];
}

/** Judges every case. Throws ConfigError for a policy that does not load. */
export function runCases({ file, config, cases }: CaseFile): FileResult {
  const loaded = config.length === 0 ? loadBuiltIn() : loadConfig(config);
  const guard = guardFor(loaded);
  const reached = new Set<string>();
  const results = cases.map((policyCase): CaseResult => {
    const decision = guard.evaluate(policyCase.intent, { as: policyCase.as });
    const said = policyOpinion(decision);
    if (said !== null) reached.add(said);
    const { verdict, ruleName, reason } = decision;
    const { expect, rule } = policyCase;
    return {
      policyCase,
      verdict,
      ruleName,
      reason,
      passed: verdict === expect && (rule === undefined || rule === ruleName),
    };
  });
  return { file, config, results, unreached: ruleNames(loaded).filter((name) => !reached.has(name)) };
}

/** The rule that the policy engine went by, even where another evaluator said something worse. */
function policyOpinion({ results }: EvaluationResult): string | null {
  return results.find(({ evaluatorName }) => evaluatorName === 'policy_engine')?.metadata.ruleName ?? null;
}

function ruleNames({ layers }: LoadedConfig): string[] {
  const compiled = layers.map(compileLayer);
  return compiled.flatMap(({ policy, conditions }) => [
    ...(policy?.ruleNames ?? []),
    ...(conditions?.policies ?? []).map(({ name }) => name),
  ]);
}
