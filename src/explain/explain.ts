import type { Facts } from '../core/facts.ts';
import type { ActionIntent } from '../core/intent.ts';
import { howToFix } from '../core/refuse.ts';
import type { EvaluationResult, EvaluatorResult } from '../core/result.ts';
import { Verdict } from '../core/verdict.ts';
import type { Layer } from '../policy/layers.ts';
import { intentLines } from './intent-lines.ts';
import { printable } from './printable.ts';
import { ruleToAdd } from './rule-to-add.ts';
import { table, valueText, wordsOfKey } from './value-text.ts';
import { whyLines } from './why-lines.ts';

/** What an explanation can look up beside the decision itself. */
export interface ExplainSources {
  readonly layers: readonly Layer[];
  /** May throw: the explanation then does without. */
  readonly facts: () => Facts;
}

/**
 * A decision in plain text for people: what was judged, the verdict and whose it was, every evaluator with verdict,
 * time and reason, the rule with what it matched, the values that decided, and how to fix it. `timings` has the
 * milliseconds of every evaluator that was asked, by name. What the model wrote is escaped: no text of it acts on a
 * terminal.
 */
export function explainDecision(
  intent: ActionIntent,
  decision: EvaluationResult,
  timings: ReadonlyMap<string, number>,
  sources?: ExplainSources,
): string {
  const layers = sources?.layers ?? [];
  const facts = factsOf(sources);
  const sections: (readonly [title: string, lines: readonly string[]])[] = [
    ['Action', intentLines(intent, decision, facts)],
    [
      'Evaluators (the worst verdict decides; of equal ones, the earliest)',
      evaluatorLines(decision, timings),
    ],
    ['Which rule', whyLines(intent, decision, layers, facts)],
    ['Values', valueLines(decision.results)],
    ['How to fix it', fixLines(intent, decision, layers)],
  ];
  const lines = [
    headline(decision),
    `Reason: ${decision.reason === '' ? '(none given)' : printable(decision.reason)}`,
  ];
  for (const [title, content] of sections) {
    if (content.length > 0) lines.push('', title, ...content);
  }
  return lines.join('\n');
}

function factsOf(sources: ExplainSources | undefined): Facts | null {
  try {
    return sources?.facts() ?? null;
  } catch {
    return null;
  }
}

function headline({ verdict, ruleName, policyTriggered, evaluatorName, metadata }: EvaluationResult): string {
  const policy = policyTriggered === null ? '' : `policy "${printable(policyTriggered)}"`;
  if (ruleName !== null) {
    const of = policyTriggered === ruleName || policy === '' ? '' : ` of ${policy}`;
    return `Decision: ${verdict} by ${of === '' ? 'policy' : 'rule'} "${printable(ruleName)}"${of}`;
  }
  if (metadata.defaulted === true) {
    return `Decision: ${verdict} by default: nothing matched${policyTriggered === 'policy_engine' ? '' : ` in ${policy}`}`;
  }
  return `Decision: ${verdict} by the evaluator ${printable(evaluatorName)}`;
}

function evaluatorLines({ results }: EvaluationResult, timings: ReadonlyMap<string, number>): string[] {
  const byName = new Map(results.map((result) => [result.evaluatorName, result]));
  const names = new Set([...timings.keys(), ...byName.keys()]);
  return table(
    [...names].map((name) => {
      const result = byName.get(name);
      const ms = timings.get(name);
      const time = ms === undefined ? '' : `${ms.toFixed(3)} ms`;
      const reason = result === undefined ? 'no opinion' : printable(result.reason);
      return [result?.verdict ?? '-', printable(name), time, reason];
    }),
  );
}

/** Told in the headline or under "Which rule" already. */
const TOLD: ReadonlySet<string> = new Set(['ruleName', 'policyName', 'defaulted', 'conditionErrors']);

function valueLines(results: readonly EvaluatorResult[]): string[] {
  const rows: string[][] = [];
  for (const { evaluatorName, metadata } of results) {
    for (const [key, value] of Object.entries(metadata)) {
      if (TOLD.has(key) || value === null || value === undefined) continue;
      rows.push([printable(evaluatorName), printable(wordsOfKey(key)), partsText(value)]);
    }
  }
  return table(rows);
}

/** A record one level deep as `name value, name value`, anything else as JSON. Scores are rounded. */
function partsText(value: unknown): string {
  if (typeof value === 'number')
    return valueText(Math.abs(value) < 1 ? Math.round(value * 10_000) / 10_000 : value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return valueText(value);
  const parts = Object.entries(value).map(
    ([key, item]) =>
      `${printable(wordsOfKey(key))} ${typeof item === 'number' ? partsText(item) : valueText(item)}`,
  );
  return parts.slice(0, 20).join(', ');
}

function fixLines(intent: ActionIntent, decision: EvaluationResult, layers: readonly Layer[]): string[] {
  const { verdict, metadata } = decision;
  const permitted = Verdict.isPermissive(verdict);
  const lines: string[] = [];
  const fix = howToFix(decision);
  if (fix !== '') lines.push(`  ${printable(fix)}`);
  else if (permitted) lines.push('  Nothing to fix: the call runs.');
  if (metadata.defaulted === true) {
    lines.push(`  To ${permitted ? 'forbid' : 'allow'} it, add a rule such as:`, '');
    for (const line of ruleToAdd(intent, layers, permitted)) lines.push(`    ${printable(line)}`);
  }
  return lines;
}
