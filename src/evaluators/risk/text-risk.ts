import { lazyConstant } from '../../core/lazy-constant.ts';
import { RowHints } from './row-hints.ts';
import {
  BROAD_VALUES,
  EVERY_ROW,
  type RiskRow,
  SENSITIVE_VALUES,
  SOME_ROWS,
  TEXT_END,
} from './text-tables.ts';

/** Longer texts, in UTF-16 units, hold some word of every row: the patterns alone find out sooner. */
const LONG = 512;
const EVERY_BIT = -1;

/** A row as it is looked for: `bit` is its place among all rows. */
interface Pattern {
  readonly score: number;
  readonly regex: RegExp;
  readonly bit: number;
}

/** How sensitive a call's texts are, and how far they reach. Both 0–1. */
export interface TextScores {
  sensitivity: number;
  blast: number;
}

/** The one of its kind. */
export const textRisk = lazyConstant(() => new TextRisk());

/**
 * Scores texts by the tables. One pass over a text tells the rows that cannot be found in it; for most texts that
 * is all of them, and no pattern is tried.
 */
class TextRisk {
  readonly #hints = new RowHints();
  #rows = 0;
  readonly #sensitive: readonly Pattern[];
  readonly #broad: readonly Pattern[];
  readonly #everyRow: Pattern;

  constructor() {
    this.#sensitive = SENSITIVE_VALUES.map((row) => this.#file(row));
    this.#broad = BROAD_VALUES.map((row) => this.#file(row));
    this.#everyRow = this.#file(EVERY_ROW);
  }

  /** Raises `scores` by what `text` says. */
  read(text: string, scores: TextScores): void {
    const rows = text.length > LONG ? EVERY_BIT : this.#hints.rowsIn(text, TEXT_END);
    if (rows === 0) return;
    scores.sensitivity = highest(this.#sensitive, rows, text, scores.sensitivity);
    scores.blast = highest(this.#broad, rows, text, scores.blast);
    const { score, bit, regex } = this.#everyRow;
    if ((rows & bit) !== 0 && scores.blast < score && regex.test(text) && !SOME_ROWS.test(text)) {
      scores.blast = score;
    }
  }

  #file({ score, alternatives }: RiskRow): Pattern {
    const bit = 1 << this.#rows++;
    for (const word of alternatives.flatMap(({ needs }) => needs)) this.#hints.add(word, bit);
    const regex = new RegExp(alternatives.map(({ pattern }) => pattern).join('|'), 'i');
    return { score, regex, bit };
  }
}

export type { TextRisk };

function highest(table: readonly Pattern[], rows: number, text: string, least: number): number {
  for (let i = 0; i < table.length; i++) {
    const row = table[i];
    if (row === undefined || row.score <= least) return least;
    if ((rows & row.bit) !== 0 && row.regex.test(text)) return row.score;
  }
  return least;
}
