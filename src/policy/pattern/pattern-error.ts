/**
 * A rule pattern that cannot be loaded. `message` says what is wrong and where; `offset` and `length`
 * (UTF-16 units) mark the offending text in the pattern; `hint` says what to write instead ('' if the
 * message says it all).
 */
export class PatternError extends Error {
  readonly offset: number;
  readonly length: number;
  readonly hint: string;

  constructor(message: string, offset: number, length: number, hint = '') {
    super(message);
    this.name = 'PatternError';
    this.offset = offset;
    this.length = length;
    this.hint = hint;
  }
}
