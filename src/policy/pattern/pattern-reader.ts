import { PatternError } from './pattern-error.ts';

/** The flags in force at a place in a pattern, as Python names them. */
export interface PatternFlags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly multiline: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

/** No flag set: Unicode classes, case matters, `.` stops at a newline. */
export const NO_FLAGS: PatternFlags = Object.freeze({
  ignoreCase: false,
  dotAll: false,
  multiline: false,
  verbose: false,
  ascii: false,
});

/** A cursor over the code points of a pattern. Offsets are UTF-16 units, as editors count them. */
export class PatternReader {
  readonly source: string;
  at = 0;
  flags: PatternFlags = NO_FLAGS;
  depth = 0;
  readonly groupNames = new Set<string>();

  constructor(source: string) {
    this.source = source;
  }

  /** Whether everything has been read. */
  get done(): boolean {
    return this.at >= this.source.length;
  }

  /** The next code point, -1 at the end; does not move. */
  peek(): number {
    return this.source.codePointAt(this.at) ?? -1;
  }

  /** Reads one code point, -1 at the end. */
  next(): number {
    const codePoint = this.peek();
    if (codePoint >= 0) this.at += codePoint > 0xffff ? 2 : 1;
    return codePoint;
  }

  /** Reads `text` if it comes next. */
  eat(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** Reads at most `limit` characters that `accepted` matches. */
  take(accepted: RegExp, limit: number): string {
    const from = this.at;
    while (this.at - from < limit && accepted.test(this.source.charAt(this.at))) this.at++;
    return this.source.slice(from, this.at);
  }

  /** An error about the text from `offset` to the cursor; the message quotes it. */
  error(message: string, offset: number, hint = ''): PatternError {
    const length = Math.max(1, Math.min(this.at, this.source.length) - offset);
    const tail = hint === '' ? '' : `: ${hint}`;
    return new PatternError(`${message} at character ${offset + 1}${tail}`, offset, length, hint);
  }
}
