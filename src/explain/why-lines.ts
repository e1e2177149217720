import type { Facts } from '../core/facts.ts';
import type { ActionIntent } from '../core/intent.ts';
import type { EvaluationResult, ResultMetadata } from '../core/result.ts';
import type { ConditionPolicy } from '../policy/condition-policies.ts';
import type { ConditionScope } from '../policy/conditions/scope.ts';
import type { Layer } from '../policy/layers.ts';
import type { Rule } from '../policy/rule.ts';
import { scopesOf } from '../policy/scope.ts';
import { readIntent } from '../policy/spellings/subjects.ts';
import { type DecidingRule, findDecidingRule, nearMisses } from './deciding-rule.ts';
import { printable, printableStart } from './printable.ts';
import { table, valueText } from './value-text.ts';

/** How many policies that nearly matched are named. */
const MOST_NEAR_MISSES = 5;
/** How many steps of a condition are shown. */
const MOST_STEPS = 30;

/** What the rules and policies had to say, whoever decided in the end: which one matched, on what, and where it is. */
export function whyLines(
  intent: ActionIntent,
  { results }: EvaluationResult,
  layers: readonly Layer[],
  facts: Facts | null,
): string[] {
  const said = results.find(({ evaluatorName }) => evaluatorName === 'policy_engine');
  if (said === undefined) return [];
  const lines: string[] = [];
  const found = findDecidingRule(layers, said.metadata, intent);
  if (found !== undefined) lines.push(...ruleLines(found, said.metadata, intent, facts));
  else if (said.metadata.defaulted === true) lines.push(...defaultLines(said.reason, intent, layers, facts));
  else if (typeof said.metadata.ruleName === 'string') lines.push(`  ${printable(said.metadata.ruleName)}`);
  return [...lines, ...errorLines(said.metadata.conditionErrors)];
}

function ruleLines(
  found: DecidingRule,
  metadata: ResultMetadata,
  intent: ActionIntent,
  facts: Facts | null,
): string[] {
  const { layer, place, of } = found;
  const subject = found.kind === 'rule' ? found.rule : found.policy;
  const position = subject.position;
  const file = position?.file ?? layer.source;
  const at = position === undefined ? '' : `:${position.line}:${position.column}`;
  const rows = [
    ['place', `${found.kind} ${place} of ${of}${file === null ? '' : `, ${printable(file)}${at}`}`],
  ];
  const details =
    found.kind === 'rule'
      ? patternRows(found.rule, metadata, intent)
      : conditionRows(found.policy, intent, facts);
  return table([...rows, ...details]);
}

function patternRows(
  { pattern, action, compiled }: Rule,
  { spelling, matchedAs, givenAs }: ResultMetadata,
  intent: ActionIntent,
): string[][] {
  const rows = [
    ['pattern', printableStart(pattern, 300)],
    ['action', action],
  ];
  if (spelling !== undefined) {
    const as = givenAs === undefined ? '' : ` (given as ${valueText(givenAs)})`;
    rows.push(['matched', `as the ${matchedAs} ${valueText(spelling)}${as}`]);
    return rows;
  }
  const span = compiled.find(intent.intent);
  if (span !== null) {
    const matched = valueText(intent.intent.slice(span.start, span.end));
    rows.push(['matched', `${matched} at character ${span.start + 1} of the intent`]);
  }
  return rows;
}

function conditionRows(policy: ConditionPolicy, intent: ActionIntent, facts: Facts | null): string[][] {
  const globs = policy.actionTypes.map((glob) => printableStart(glob.source, 60)).join(', ');
  const rows = [['action types', printableStart(globs, 300)]];
  if (policy.minTrust !== undefined) rows.push(['min trust', String(policy.minTrust)]);
  if (policy.condition === null) return [...rows, ['condition', '(none: it always holds)']];
  rows.push(['condition', printableStart(policy.condition.source, 300)]);
  if (facts === null) return rows;
  const { scope, isCanonical } = deciding(policy.condition, intent, facts);
  if (isCanonical) rows.push(['', 'on the arguments in canonical form:']);
  const steps = policy.condition.trace(scope);
  for (const { expression, value, result } of steps.slice(0, MOST_STEPS)) {
    const outcome = result === null ? 'failed' : String(result);
    rows.push([`  ${outcome}`, `${printableStart(expression, 160)}   saw ${valueText(value)}`]);
  }
  return rows;
}

/** The scope that a condition holds on: the arguments as given, else in one of their canonical forms. */
function deciding(
  condition: NonNullable<ConditionPolicy['condition']>,
  intent: ActionIntent,
  facts: Facts,
): { readonly scope: ConditionScope; readonly isCanonical: boolean } {
  const { given, canonical } = scopesOf(intent, facts, readIntent(intent.intent, facts.source, facts));
  const found = [given, ...canonical].find((scope) => holds(condition, scope)) ?? given;
  return { scope: found, isCanonical: found !== given };
}

function holds(condition: NonNullable<ConditionPolicy['condition']>, scope: ConditionScope): boolean {
  try {
    return condition.evaluate(scope);
  } catch {
    return true;
  }
}

function defaultLines(
  reason: string,
  intent: ActionIntent,
  layers: readonly Layer[],
  facts: Facts | null,
): string[] {
  const rules = layers.reduce((sum, layer) => sum + (layer.policy?.rules.length ?? 0), 0);
  const policies = layers.reduce((sum, layer) => sum + (layer.conditions?.policies.length ?? 0), 0);
  const lines = [`  ${printable(reason)}`];
  if (layers.length > 0) lines.push(`  Looked at: ${rules} rules, ${policies} condition policies.`);
  if (facts === null) return lines;
  for (const { policy, expression, value } of nearMisses(layers, intent, facts, MOST_NEAR_MISSES)) {
    const test = `${printableStart(expression, 160)} is false (saw ${valueText(value)})`;
    lines.push(`  Not "${printableStart(policy.name, 60)}": ${test}`);
  }
  return lines;
}

function errorLines(errors: unknown): string[] {
  if (!Array.isArray(errors)) return [];
  return errors.slice(0, 10).map((error: unknown) => {
    const { policy, error: message } = (error ?? {}) as { policy?: unknown; error?: unknown };
    return `  The condition of "${printable(String(policy))}" failed: ${printableStart(String(message), 300)}`;
  });
}
