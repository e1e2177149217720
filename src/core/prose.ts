/** Text for people to read as every store keeps it: what a database cannot hold is replaced. */
export function asProse(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
