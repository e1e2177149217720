/** Where `wanted` (not empty) occurs in `text`, ascending, overlaps included, in time linear in both. */
export function indexesOf(text: string, wanted: string): number[] {
  const out: number[] = [];
  let compared = 0;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    out.push(at);
    // Each find compares the whole of `wanted`: where a long one overlaps itself often, that adds up.
    compared += wanted.length;
    if (compared > 2 * text.length + 64 && wanted.length > 8) return allIndexesOf(text, wanted);
  }
  return out;
}

/** The same by Knuth, Morris and Pratt: no character is compared more than twice. */
function allIndexesOf(text: string, wanted: string): number[] {
  const borders = new Int32Array(wanted.length);
  const step = (from: number, unit: number): number => {
    let matched = from;
    while (matched > 0 && (matched === wanted.length || wanted.charCodeAt(matched) !== unit)) {
      matched = borders[matched - 1] ?? 0;
    }
    return wanted.charCodeAt(matched) === unit ? matched + 1 : 0;
  };
  for (let i = 1; i < wanted.length; i++) borders[i] = step(borders[i - 1] ?? 0, wanted.charCodeAt(i));
  const out: number[] = [];
  let matched = 0;
  for (let i = 0; i < text.length; i++) {
    matched = step(matched, text.charCodeAt(i));
    if (matched === wanted.length) out.push(i + 1 - matched);
  }
  return out;
}
