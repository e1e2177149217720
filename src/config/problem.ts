import { ConfigSchemaError, ConfigValidationError } from '../core/errors.ts';
import type { SourcePosition } from '../policy/rule-input.ts';
import { type SourceText, showable } from './source-text.ts';

/** Problems that one message lists; the rest are counted. */
const LISTED = 20;

/** Problems that are kept. A file of nothing but errors must not fill the memory with messages. */
const KEPT = 1_000;

/** `schema`: unreadable, an unknown key, a wrong type. `validation`: of the right shape but not acceptable. */
export type ProblemKind = 'schema' | 'validation';

/** One thing that is wrong with a configuration. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly message: string;
  /** `null` for a configuration that was given as an object. */
  readonly position: SourcePosition | null;
  /** The source line and a caret, or ''. */
  readonly excerpt: string;
}

/** Gathers all that is wrong with the configuration, so that an author sees everything at once. */
export class Problems {
  readonly #list: Problem[] = [];
  #dropped = 0;

  /**
   * Adds a problem at `length` characters from `offset` of the source. Without a source, or with a negative offset,
   * the problem has no place; with a length of `null` the line is not shown.
   */
  add(
    kind: ProblemKind,
    message: string,
    source: SourceText | null,
    offset: number,
    length: number | null = 1,
  ): void {
    if (this.full) {
      this.#dropped++;
      return;
    }
    const position = source === null || offset < 0 ? null : source.position(offset);
    const excerpt = position === null || length === null ? '' : (source?.excerpt(position, length) ?? '');
    this.#list.push({ kind, message: showable(message, 1_000), position, excerpt });
  }

  get count(): number {
    return this.#list.length + this.#dropped;
  }

  /** True when no further problem is kept: what it would say need not be worked out. */
  get full(): boolean {
    return this.#list.length >= KEPT;
  }

  /**
   * Throws one error with all problems in the order of the text; does nothing if there are none.
   * @throws ConfigSchemaError if one of them concerns the shape, else ConfigValidationError.
   */
  throwIfAny(): void {
    if (this.#list.length === 0) return;
    const list = [...this.#list].sort(byPlace);
    const first = list[0]?.position ?? null;
    const place =
      first === null ? {} : { file: first.file ?? undefined, line: first.line, column: first.column };
    const blocks = list.slice(0, LISTED).map(describe);
    const more = this.count - blocks.length;
    if (more > 0) blocks.push(`… and ${more} more ${more === 1 ? 'problem' : 'problems'}.`);
    const head = this.count === 1 ? '' : `The configuration has ${this.count} problems.\n\n`;
    const Kind = list.some(({ kind }) => kind === 'schema') ? ConfigSchemaError : ConfigValidationError;
    const problems = list.map(({ kind, message, position }) => ({ kind, message, ...position }));
    throw new Kind(head + blocks.join('\n\n'), place, { problems });
  }
}

/** In the order of the text; the files stay in the order in which they were read. */
function byPlace(a: Problem, b: Problem): number {
  if (a.position === null || b.position === null || a.position.file !== b.position.file) return 0;
  return a.position.line - b.position.line || a.position.column - b.position.column;
}

function describe({ message, position, excerpt }: Problem): string {
  const where = position === null ? '' : `${placeText(position)}: `;
  return excerpt === '' ? `${where}${message}` : `${where}${message}\n${excerpt}`;
}

/** `policy.yaml:4:14`, or `line 4, column 14` where there is no file. */
export function placeText({ file, line, column }: SourcePosition): string {
  return file === null ? `line ${line}, column ${column}` : `${file}:${line}:${column}`;
}
