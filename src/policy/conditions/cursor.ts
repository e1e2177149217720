import type { Node } from './ast.ts';
import { ConditionSyntaxError } from './errors.ts';
import type { Token } from './tokens.ts';

/** How large a condition may be. */
export const CONDITION_LIMITS = Object.freeze({ characters: 10_000, depth: 100, nodes: 2_000 });

/** A position in the words of a condition, and the size of what has been read. */
export class Cursor {
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #at = 0;
  #nodes = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], length: number) {
    this.#tokens = tokens;
    this.#end = { type: 'end', start: length, end: length, text: '' };
  }

  /** The next word, or the one `ahead` of it. */
  peek(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? this.#end;
  }

  /** Where the word before the next one ends. */
  get previousEnd(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0;
  }

  next(): Token {
    const token = this.peek();
    this.#at++;
    return token;
  }

  /** True when the next word is this operator or keyword. */
  is(text: string): boolean {
    const token = this.peek();
    return token.text === text && (token.type === 'operator' || token.type === 'name');
  }

  /** Takes the next word if it is this operator or keyword. */
  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.#at++;
    return true;
  }

  /** Takes the closing word of what was opened by `opener`, or explains what is missing. */
  close(text: string, opener: Token): void {
    if (this.take(text)) return;
    const token = this.peek();
    if (token.type === 'end') {
      throw new ConditionSyntaxError(
        `\`${opener.text}\` is not closed`,
        opener.start,
        1,
        `Add the closing \`${text}\`.`,
      );
    }
    this.unexpected(`\`${text}\``);
  }

  /** Refuses the next word; `wanted` says what could stand here. */
  unexpected(wanted: string): never {
    const token = this.peek();
    if (token.type === 'end') {
      throw new ConditionSyntaxError(`the condition ends where ${wanted} is expected`, token.start, 0);
    }
    throw new ConditionSyntaxError(
      `unexpected \`${cut(token.text)}\``,
      token.start,
      token.text.length,
      `Expected ${wanted}.`,
    );
  }

  /** Counts one node. */
  node(node: Node): Node {
    this.#nodes++;
    if (this.#nodes > CONDITION_LIMITS.nodes) {
      const most = CONDITION_LIMITS.nodes;
      throw new ConditionSyntaxError(
        `the condition has more than ${most} parts`,
        node.start,
        1,
        'Split it into several policies.',
      );
    }
    return node;
  }

  /** Runs `read` one level deeper. */
  deeper<T>(read: () => T): T {
    this.#depth++;
    this.checkDepth(0);
    const result = read();
    this.#depth--;
    return result;
  }

  /** Refuses a nesting of `more` levels below this one. */
  checkDepth(more: number): void {
    if (this.#depth + more <= CONDITION_LIMITS.depth) return;
    const { start } = this.peek();
    const most = CONDITION_LIMITS.depth;
    throw new ConditionSyntaxError(
      `the condition is nested deeper than ${most} levels`,
      start,
      1,
      'Simplify it.',
    );
  }
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
