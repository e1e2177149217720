/** The value that a literal test looks at. `path` is e.g. `['parameters', 'path']` or `['agent', 'id']`. */
export interface Subject {
  readonly path: readonly string[];
  /** Compare the value's lower-case form. */
  readonly lower: boolean;
}

/**
 * One test of a subject against a literal. It fails only if the subject is a text, or missing (then: ''), that does
 * not equal, start with, end with or contain the literal. Any other value passes, as its error must be seen.
 */
export interface LiteralTest {
  readonly subject: Subject;
  readonly kind: 'equals' | 'prefix' | 'suffix' | 'contains';
  readonly literal: string;
}

/** At least one of the tests must hold, provided that the `given` members of the scope are what they should be. */
export interface LiteralPredicate {
  readonly anyOf: readonly LiteralTest[];
  /** Paths, e.g. `agent.trust_level`, of numbers that must not be NaN and of texts and lists that must not be huge. */
  readonly given: readonly string[];
}

/** Comprehension variables in reach: the texts that a literal list gives them, or `null` when unknown. */
export type Bindings = ReadonlyMap<string, readonly string[] | null>;
