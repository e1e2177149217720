/** A condition that does not load: what is wrong, where in its source, and what to write instead. */
export class ConditionSyntaxError extends Error {
  override readonly name = 'ConditionSyntaxError';
  /** Where the offending text starts, in UTF-16 units from the start of the source. */
  readonly offset: number;
  /** How long the offending text is; at least 1 except at the end of the source. */
  readonly length: number;
  /** What to write instead, as a sentence; '' when the message says it all. */
  readonly hint: string;

  constructor(message: string, offset: number, length: number, hint = '') {
    super(message);
    this.offset = offset;
    this.length = length;
    this.hint = hint;
  }
}

/** A condition that could not be computed for one call, where Python would raise. The caller fails closed. */
export class ConditionRuntimeError extends Error {
  override readonly name = 'ConditionRuntimeError';
  /** The part of the condition that failed, as written, cut at 80 characters. */
  readonly expression: string;

  constructor(message: string, expression: string) {
    super(expression === '' ? message : `${message} (in \`${expression}\`)`);
    this.expression = expression;
  }
}

/** Throws {@link ConditionRuntimeError} for the expression `at`. */
export function failAt(at: string, message: string): never {
  throw new ConditionRuntimeError(message, at);
}
