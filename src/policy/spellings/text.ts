import { LOOK_ALIKES } from './text/look-alikes.ts';

const FOLDED: ReadonlyMap<string, string> = new Map(
  LOOK_ALIKES.flatMap(([ascii, letters]) => [...letters].map((letter) => [letter, ascii] as const)),
);
/** Nothing in the table means something inside a class. */
const FOREIGN = new RegExp(`[${[...FOLDED.keys()].join('')}]`, 'gu');

/** Printable ASCII on any number of lines: no other reading, whatever it says. */
const PLAIN = /^[\x20-\x7e\n]*$/;
/**
 * Characters that show nothing: zero-width and bidi marks, soft hyphens, variation selectors, tags, fillers,
 * interlinear marks, and control characters that are no white space. U+FDFA and U+FDFB are seen, but NFKC makes 18
 * and 8 Arabic characters of each, which is a way to make the guard busy and no way to write a command.
 */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}|[\ufff9-\ufffb\ufdfa\ufdfb]|[^\P{Cc}\s\x85]/gu;
/** What ends a line, which stays: `.` in a rule does not cross it. */
const LINE_ENDS = /\r\n?|[\x85\u2028\u2029]/gu;
/** Other white space of any script, and the blank Braille cell. */
const SPACES = /(?:[^\S\n]|\u2800)+/gu;
/** No script stacks more than 30 marks on a letter (UAX 15), and engines take squared time to sort long stacks. */
const STACKED = /(\p{M}{30})\p{M}+/gu;

/**
 * The readings of a text that may only forbid: NFKC with invisible characters removed and each run of white space as
 * one space; and that with look-alike letters of other scripts as the ASCII letters (`text/look-alikes.ts`). Empty for
 * printable ASCII, and where nothing changes. Reading a reading again gives nothing new.
 */
export function textForms(text: string): readonly string[] {
  if (PLAIN.test(text)) return [];
  const shown = cleaned(text);
  const ascii = shown.replace(FOREIGN, (letter) => FOLDED.get(letter) ?? letter);
  // A letter may now take up the mark behind it.
  const folded = ascii === shown ? shown : cleaned(ascii);
  return (shown === folded ? [shown] : [shown, folded]).filter((form) => form !== text);
}

function cleaned(text: string): string {
  const shown = text.replace(INVISIBLE, '').replace(STACKED, '$1').normalize('NFKC');
  return shown.replace(STACKED, '$1').replace(LINE_ENDS, '\n').replace(SPACES, ' ');
}
