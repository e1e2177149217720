/** How many characters of a line are read. */
const MOST_CHARACTERS = 32_768;
/** How many characters may be read again, as code within code. */
const MOST_REREAD = 32_768;
/** How many commands a line may have. */
const MOST_COMMANDS = 400;
/** How many words and redirects one command may have. */
const MOST_WORDS = 2_000;
/** How deep code may stand within code. */
const DEEPEST = 12;
/** Marks of which a line may have so many only, as finding where they end takes the longer the more there are. */
const MARKS: readonly (readonly [mark: string, most: number, name: string])[] = [
  ['<<', 200, 'here-documents'],
  ['${', 1000, 'expansions'],
];

/** The part of a text that is read, and why the rest is not; `null` when all of it is. */
export function readablePart(text: string): readonly [string, string | null] {
  if (text.includes('\0')) return [text.slice(0, text.indexOf('\0')), 'it has a NUL character in it'];
  const part = text.slice(0, MOST_CHARACTERS);
  for (const [mark, most, name] of MARKS) {
    const end = startOfExcess(part, mark, most);
    if (end >= 0) return [part.slice(0, end), `it has more than ${most} ${name}`];
  }
  return [part, part.length < text.length ? `it is longer than ${MOST_CHARACTERS} characters` : null];
}

/** Where the mark stands that is one too many; -1 when none is. */
function startOfExcess(source: string, mark: string, most: number): number {
  let count = 0;
  for (let at = source.indexOf(mark); at >= 0; at = source.indexOf(mark, at + mark.length)) {
    if (++count > most) return at;
  }
  return -1;
}

/** What is left of the work that one line may ask for. Each method gives the reason why not, else `null`. */
export class Budget {
  #reread = MOST_REREAD;
  #depth = 0;
  #readings = 0;

  /** One more command, code or substitution, of so many words. */
  read(words: number): string | null {
    if (++this.#readings > MOST_COMMANDS) return `it has more than ${MOST_COMMANDS} commands`;
    return words > MOST_WORDS ? `it has a command of more than ${MOST_WORDS} words` : null;
  }

  /** Code within code, of so many characters; {@link leave} ends it. */
  enter(characters: number): string | null {
    this.#reread -= characters;
    if (this.#depth >= DEEPEST || this.#reread < 0)
      return 'code stands too deep within code, or too much of it';
    const reason = this.read(0);
    if (reason === null) this.#depth++;
    return reason;
  }

  leave(): void {
    this.#depth--;
  }
}
