import stringWidth from 'string-width';
import { printable, printablePieces } from '../explain/printable.ts';

/** Marks on a letter that nobody writes: they would be drawn over the lines around it. */
const LONGEST_PIECE = 32;

/** How many columns of a terminal a printable text takes: two for wide letters and emoji, none for marks on a letter. */
export function columnsOf(text: string): number {
  return stringWidth(text);
}

/** A printable text, filled up with spaces to so many columns. One that takes more stays as it is. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/**
 * Any text as one cell of a line: printable and at least so many columns wide. `isCut`: and not wider, with `…` where
 * something is left out; no character and nothing that is spelled out is cut in two.
 */
export function cell(text: string, columns: number, isCut: boolean): string {
  return padded(isCut ? cut(text, columns) : printable(text), columns);
}

function cut(text: string, columns: number): string {
  // What lies further behind shows only where all before it is marks.
  const most = LONGEST_PIECE * (columns + 1);
  let shown = '';
  let taken = 0;
  /** As much as leaves room for `…`. */
  let kept = '';
  for (const piece of printablePieces(text.slice(0, most))) {
    taken += columnsOf(piece);
    if (taken > columns || piece.length > LONGEST_PIECE) return `${kept}…`;
    shown += piece;
    if (taken < columns) kept = shown;
  }
  return text.length > most ? `${kept}…` : shown;
}
