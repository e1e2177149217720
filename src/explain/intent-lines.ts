import type { Facts } from '../core/facts.ts';
import type { ActionIntent } from '../core/intent.ts';
import { usdText } from '../core/money.ts';
import type { EvaluationResult } from '../core/result.ts';
import { printableStart } from './printable.ts';
import { table, valueText } from './value-text.ts';

/** Most parameters that are listed. */
const MOST_PARAMETERS = 12;

/** What was judged: tool, agent, intent string and parameters, shortened. */
export function intentLines(intent: ActionIntent, decision: EvaluationResult, facts: Facts | null): string[] {
  const { toolName, actionType, riskLevel, estimatedCost, taskContext, principal, tags, instructionChain } =
    intent;
  const rows = [
    ['tool', text(toolName)],
    ['action type', `${text(actionType)} (risk level ${text(riskLevel)})`],
    ['agent', `${text(intent.agentId)}${trustText(decision, facts)}`],
  ];
  if (Array.isArray(instructionChain) && instructionChain.length > 0) {
    rows.push(['delegated by', instructionChain.map((hop) => text(hop?.agentId)).join(' → ')]);
  }
  if (typeof taskContext === 'string' && taskContext !== '') rows.push(['task', text(taskContext)]);
  if (principal !== null) rows.push(['principal', text(principal)]);
  if (Array.isArray(tags) && tags.length > 0) rows.push(['tags', tags.map(text).join(', ')]);
  if (typeof estimatedCost === 'number' && estimatedCost !== 0) rows.push(['cost', usdText(estimatedCost)]);
  rows.push(['intent', intent.intent === '' ? '(empty: no text arguments)' : text(intent.intent, 300)]);
  const parameters = Object.entries(intent.parameters ?? {});
  for (const [i, [name, value]] of parameters.slice(0, MOST_PARAMETERS).entries()) {
    rows.push([i === 0 ? 'parameters' : '', `${text(name, 60)} = ${valueText(value)}`]);
  }
  if (parameters.length > MOST_PARAMETERS) rows.push(['', `and ${parameters.length - MOST_PARAMETERS} more`]);
  for (const [name, state] of limitRows(facts)) rows.push([name, state]);
  return table(rows);
}

/** Fields are shown as given even where their type is wrong: that may be why the call was refused. */
function text(value: unknown, most = 120): string {
  return typeof value === 'string' ? printableStart(value, most) : valueText(value);
}

function trustText({ results }: EvaluationResult, facts: Facts | null): string {
  const told = results.find(({ metadata }) => typeof metadata.actualTrust === 'number');
  const trust = facts?.agent.trustLevel ?? told?.metadata.actualTrust;
  return trust === undefined
    ? ''
    : ` (trust ${trust}${facts?.agent.registered === false ? ', not registered' : ''})`;
}

function limitRows(facts: Facts | null): [string, string][] {
  const rows: [string, string][] = [];
  for (const { scope, count, limit } of facts?.rates ?? []) {
    rows.push([
      'rate',
      `${printableStart(scope, 80)}: ${count} calls counted of ${printableStart(limit, 40)}`,
    ]);
  }
  for (const { scope, id, spent, limit } of facts?.budgets ?? []) {
    rows.push(['budget', `${scope} ${printableStart(id, 80)}: ${usdText(spent)} of ${usdText(limit)}`]);
  }
  return rows;
}
