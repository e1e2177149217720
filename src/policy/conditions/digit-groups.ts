/** A run of digits, and whether it is joined to the run before it by a short separator only. */
export interface DigitGroup {
  readonly digits: string;
  readonly joined: boolean;
  /** What stands between this run and the one before it, when joined. */
  readonly separator: string;
}

/** Up to three of these between two runs of digits may split one number. */
const SEPARATORS = /^[ \t\r\n._/-]{1,3}$/;

/** Every run of ASCII digits in `text` that is not part of a word, in order. */
export function findDigitGroups(text: string): readonly DigitGroup[] {
  const groups: DigitGroup[] = [];
  let end = -1;
  for (const found of text.matchAll(/[0-9]+/g)) {
    const between = end < 0 ? '' : text.slice(end, Math.min(found.index, end + 4));
    const joined = end >= 0 && found.index - end <= 3 && SEPARATORS.test(between);
    groups.push({ digits: found[0], joined, separator: joined ? between : '' });
    end = found.index + found[0].length;
  }
  return groups;
}

/** Digits of every sequence of neighbouring groups with the same separator whose total length is within min…max. */
export function* joinedWindows(groups: readonly DigitGroup[], min: number, max: number): Generator<string> {
  for (let start = 0; start < groups.length; start++) {
    let digits = groups[start]?.digits ?? '';
    let separator: string | undefined;
    for (let next = start + 1; digits.length <= max; next++) {
      if (digits.length >= min) yield digits;
      const group = groups[next];
      if (group === undefined || !group.joined || (separator ?? group.separator) !== group.separator) break;
      separator = group.separator;
      digits += group.digits;
    }
  }
}
