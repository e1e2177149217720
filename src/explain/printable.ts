/**
 * What a terminal or a log line could take for more than text: control characters (also those of 8 bits), separators
 * of lines, marks that turn the direction of writing, characters without width, and halves of a pair.
 */
const UNPRINTABLE =
  /[\p{Cc}\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\p{Cs}\u{e0000}-\u{e0fff}]|[\ufe00-\ufe0f]/gu;

/** Any text as one harmless line: `\n`, `\x1b`, `\u202e` stand for what would act instead of being read. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

/** {@link printable} in pieces that are shown whole or not at all: characters as readers count them, and what is spelled out. */
export function* printablePieces(text: string): Generator<string> {
  const characters = new Intl.Segmenter();
  let at = 0;
  for (const { 0: found, index } of text.matchAll(UNPRINTABLE)) {
    for (const { segment } of characters.segment(text.slice(at, index))) yield segment;
    yield escaped(found);
    at = index + found.length;
  }
  for (const { segment } of characters.segment(text.slice(at))) yield segment;
}

/** A JSON text with the same meaning in which all of these are spelled out; the line ends between its values stay. */
export function printableJson(json: string): string {
  return json.replace(UNPRINTABLE, (character) => (character === '\n' ? character : jsonEscape(character)));
}

/** {@link printable}, cut at `most` characters with `…` at the end. */
export function printableStart(text: string, most: number): string {
  // A character is at most two units, so this much is enough to see that there is more.
  const characters = [...text.slice(0, most * 2 + 2)];
  return printable(
    characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : characters.join(''),
  );
}

function escaped(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

function jsonEscape(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
