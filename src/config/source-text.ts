import type { SourcePosition } from '../policy/rule-input.ts';

/** Characters of a source line that are shown around an error. */
const SHOWN_WIDTH = 100;

/** What must not reach a terminal or a log as it is: control characters, and those that reorder text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find.
const UNSHOWABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Text on one line, control characters replaced, cut at `length` characters. */
export function showable(text: string, length = 80): string {
  const cut = text.length > length ? `${text.slice(0, length - 1)}…` : text;
  return cut.replace(UNSHOWABLE, (found) => (/[\t\n\r]/.test(found) ? ' ' : '�'));
}

/** The text of a configuration, with its lines. Offsets count UTF-16 units from 0. */
export class SourceText {
  /** Path of the file, or `null` for text that came from elsewhere. */
  readonly file: string | null;
  readonly text: string;
  readonly #lineStarts: readonly number[];

  constructor(text: string, file: string | null) {
    this.text = text;
    this.file = file;
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#lineStarts = starts;
  }

  /** Line and column (from 1) of an offset. */
  position(offset: number): SourcePosition {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { file: this.file, line: low + 1, column: offset - (this.#lineStarts[low] ?? 0) + 1 };
  }

  /** The source line of an error and a caret below what is wrong; two lines, each indented. */
  excerpt(position: SourcePosition, length: number): string {
    const start = this.#lineStarts[position.line - 1] ?? 0;
    const end = this.#lineStarts[position.line] ?? this.text.length + 1;
    const line = this.text.slice(start, end - 1).replace(/\r$/, '');
    const from = Math.max(0, Math.min(position.column - 1 - SHOWN_WIDTH / 2, line.length - SHOWN_WIDTH));
    const shown = showable(line.slice(from, from + SHOWN_WIDTH), SHOWN_WIDTH);
    const gutter = `  ${position.line} | `;
    const before = position.column - 1 - from;
    const carets = Math.max(1, Math.min(length, shown.length - before));
    return `${gutter}${shown.trimEnd()}\n${' '.repeat(gutter.length - 2)}| ${' '.repeat(before)}${'^'.repeat(carets)}`;
  }
}
