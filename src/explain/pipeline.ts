import type { BUILT_IN_EVALUATORS, Evaluator } from '../core/evaluator.ts';
import type { Layer } from '../policy/layers.ts';
import { printable, printableStart } from './printable.ts';

/** What each built-in evaluator looks at. */
const LOOKS_AT: Readonly<Record<(typeof BUILT_IN_EVALUATORS)[number], string>> = Object.freeze({
  schema_validator: 'is the action well-formed?',
  policy_engine: 'what do the rules and policies say?',
  trust: 'is the agent trusted enough?',
  cascade: 'is the delegation too deep or in a circle?',
  rate_limiter: 'is it called too often?',
  cost_estimator: 'does it fit the budgets?',
  risk_scorer: 'how risky is it?',
  human_gate: 'does a person have to approve it?',
  rollback: 'can it be undone?',
});

/** The evaluators in the order in which they are asked, with the policy layers in force, as a drawing in text. */
export function drawPipeline(
  evaluators: readonly Evaluator[],
  layers: readonly Layer[],
  mode: 'enforce' | 'monitor',
): string {
  const width = Math.max(0, ...evaluators.map(({ name }) => printable(name).length));
  const lines = ['intent', '  │'];
  for (const [i, { name }] of evaluators.entries()) {
    const looksAt = Object.hasOwn(LOOKS_AT, name) ? LOOKS_AT[name as keyof typeof LOOKS_AT] : '(custom)';
    const last = i === evaluators.length - 1;
    lines.push(`  ${last ? '└' : '├'}─ ${i + 1}. ${printable(name).padEnd(width)}  ${looksAt}`);
    if (name !== 'policy_engine') continue;
    for (const line of layerLines(layers)) lines.push(`  ${last ? ' ' : '│'}       ${line}`);
  }
  lines.push('  ▼');
  lines.push('  worst verdict of all  (ALLOW < WARN < DEFER < ESCALATE < BLOCK)');
  if (evaluators.length === 0) lines.push('  no evaluator: every call is blocked');
  lines.push(
    mode === 'monitor'
      ? 'mode: monitor (judged and recorded; everything runs)'
      : 'mode: enforce (what is refused does not run)',
  );
  return lines.join('\n');
}

function layerLines(layers: readonly Layer[]): string[] {
  if (layers.length === 0) return ['no layer: every call is blocked'];
  return layers.map((layer, i) => {
    const parts = [];
    if (layer.policy !== null) parts.push(count(layer.policy.rules.length, 'rule', 'rules'));
    if (layer.conditions !== null) parts.push(count(layer.conditions.policies.length, 'policy', 'policies'));
    const fallback = layers.length === 1 ? layer.alone : layer.stated;
    const says = fallback === null ? 'no default' : `default ${fallback.result.verdict}`;
    const name = layer.policy?.name ?? layer.alone.result.metadata.policyName ?? 'default';
    const source = layer.source === null ? '' : ` (${printableStart(layer.source, 200)})`;
    return `layer ${i + 1}: ${printableStart(name, 60)}${source}: ${[...parts, says].join(', ')}`;
  });
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}
