import type { LiteralPredicate, LiteralTest } from '../conditions/predicate.ts';
import type { Glob } from '../glob.ts';

interface Item {
  readonly actionTypes: readonly Glob[];
  readonly condition: { readonly requires: readonly LiteralPredicate[] } | null;
}

/** The rank of a predicate that is as good as none. */
const USELESS = Number.POSITIVE_INFINITY;

/**
 * For each item the one predicate to file it under, or `null`: the one whose tests are shared with the fewest other
 * items, and among equals the one with the sharper tests.
 */
export function choosePredicates(items: readonly Item[]): readonly (LiteralPredicate | null)[] {
  const options = items.map(optionsOf);
  const shared = new Map<string, number>();
  for (const test of options.flatMap((predicates) => predicates.flatMap(({ anyOf }) => anyOf))) {
    shared.set(keyOf(test), (shared.get(keyOf(test)) ?? 0) + 1);
  }
  const cost = ({ anyOf }: LiteralPredicate): number =>
    anyOf.reduce((sum, test) => sum + (shared.get(keyOf(test)) ?? 1) + dullness(test), 0);
  return options.map((predicates) => {
    let best: LiteralPredicate | null = null;
    let bestCost = USELESS;
    for (const predicate of predicates) {
      const itsCost = cost(predicate);
      if (itsCost >= bestCost) continue;
      best = predicate;
      bestCost = itsCost;
    }
    return best;
  });
}

function optionsOf({ actionTypes, condition }: Item): readonly LiteralPredicate[] {
  const byType = actionTypePredicate(actionTypes);
  const required = condition?.requires ?? [];
  return byType === null ? required : [byType, ...required];
}

/** The action types as a predicate; `null` when one of them may match anything. No action type: nothing matches. */
function actionTypePredicate(globs: readonly Glob[]): LiteralPredicate | null {
  const anyOf: LiteralTest[] = [];
  for (const { shape, literal } of globs) {
    if (shape !== 'exact' && literal === '') return null;
    const kind = shape === 'exact' ? 'equals' : shape === 'suffix' ? 'suffix' : 'prefix';
    anyOf.push({ subject: { path: ['action_type'], lower: false }, kind, literal });
  }
  return { anyOf, given: [] };
}

/** 0 (sharp) to 1 (dull): equality before long prefixes before short ones. */
function dullness({ kind, literal }: LiteralTest): number {
  const base = kind === 'equals' ? 0 : kind === 'prefix' ? 0.25 : 0.5;
  return base + 0.25 / (1 + literal.length);
}

function keyOf({ subject, kind, literal }: LiteralTest): string {
  return JSON.stringify([subject.lower, subject.path, kind, literal]);
}
