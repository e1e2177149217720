import type { Node } from './ast.ts';
import { buildClosure } from './closures.ts';
import { constantTruth } from './constant.ts';
import { ConditionRuntimeError } from './errors.ts';
import { requiredPredicates } from './literal-predicates.ts';
import { parseCondition } from './parser.ts';
import type { LiteralPredicate } from './predicate.ts';
import { Run } from './run.ts';
import type { ConditionScope } from './scope.ts';
import { type ConditionTraceStep, traceCondition } from './trace.ts';
import { isTruthy } from './values.ts';

/** A condition, ready to be evaluated. Immutable. */
export interface CompiledCondition {
  /** The condition as written. */
  readonly source: string;
  /**
   * Whether the condition holds. Throws {@link ConditionRuntimeError} where Python would raise, where the wrong shape
   * is compared, and where the steps do not suffice; nothing else. Conditions that are given one `run` (of `scope`)
   * share its steps; without one each has its own.
   */
  evaluate(scope: ConditionScope, run?: Run): boolean;
  /** Every boolean part with what it tested, in the order decided. Slow; never throws. */
  trace(scope: ConditionScope): readonly ConditionTraceStep[];
  /**
   * What an index may rely on: where any one of these fails, {@link evaluate} returns `false` and does not throw,
   * given the steps.
   */
  readonly requires: readonly LiteralPredicate[];
  /** `true` or `false` when the condition comes out so for every call (if it comes out at all), else `null`. */
  readonly constant: boolean | null;
}

/**
 * Compiles a condition of the policy language: a subset of Python's expressions with Python's meaning, where what is
 * missing acts as an empty text. Throws `ConditionSyntaxError` for everything that can be known before a call: syntax,
 * names, attributes, arity, patterns, size.
 */
export function compileCondition(source: string): CompiledCondition {
  const root = parseCondition(source);
  const closure = buildClosure(root, source, null);
  return Object.freeze(new Condition(source, root, closure));
}

class Condition implements CompiledCondition {
  readonly source: string;
  readonly requires: readonly LiteralPredicate[];
  readonly constant: boolean | null;
  readonly #root: Node;
  readonly #closure: (run: Run) => unknown;
  /** What an error quotes. */
  readonly #quote: string;

  constructor(source: string, root: Node, closure: (run: Run) => unknown) {
    this.source = source;
    this.#root = root;
    this.#closure = closure;
    this.#quote = source.slice(0, 80);
    this.requires = requiredPredicates(root);
    this.constant = constantTruth(root, source);
  }

  evaluate(scope: ConditionScope, run = new Run(scope)): boolean {
    try {
      run.spend(1, this.#quote);
      return isTruthy(this.#closure(run));
    } catch (error) {
      if (error instanceof ConditionRuntimeError) throw error;
      const why = error instanceof Error ? error.message : 'reading the call threw';
      throw new ConditionRuntimeError(`the condition could not be computed: ${why}`, this.#quote);
    }
  }

  trace(scope: ConditionScope): readonly ConditionTraceStep[] {
    return traceCondition(this.#root, this.source, scope);
  }
}
