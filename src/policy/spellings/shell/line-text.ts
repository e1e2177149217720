/** Texts with one space between them; those of nothing are left out. */
export function joined(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(' ');
}

/** The beginning of a text, for a message. */
export function excerpt(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** White space as one space each time, none at the ends. */
export function singleSpaced(text: string): string {
  return /\s\s|[\t\n\r\f\v]|^\s|\s$/.test(text) ? text.replace(/\s+/g, ' ').trim() : text;
}
