/**
 * The words of a name or a text, lower case: runs of letters and digits, cut where `camelCase` turns.
 * Letters beyond ASCII count as letters. Reads at most `maxChars` characters; linear.
 */
export function wordsOf(text: string, maxChars: number): string[] {
  const found: string[] = [];
  const end = Math.min(text.length, maxChars);
  let start = 0;
  let before = GAP;
  for (let i = 0; i <= end; i++) {
    const kind = i === end ? GAP : kindOf(text.charCodeAt(i));
    const cut = kind === GAP || (kind === UPPER && before === LOWER);
    if (cut && before !== GAP) found.push(text.slice(start, i).toLowerCase());
    if (cut || before === GAP) start = i;
    before = kind;
  }
  return found;
}

const GAP = 0;
const LOWER = 1;
const UPPER = 2;

function kindOf(code: number): number {
  if (code >= 97 && code <= 122) return LOWER;
  if (code >= 65 && code <= 90) return UPPER;
  return (code >= 48 && code <= 57) || code > 127 ? LOWER : GAP;
}

/** `files` and `file` are the same word to a reader; words of one or two characters say nothing. */
export function stem(word: string): string | undefined {
  if (word.length < 3) return undefined;
  return word.length > 3 && word.endsWith('s') ? word.slice(0, -1) : word;
}
