import { setOwn } from '../private-copy.ts';
import { areEntries, type KeyTest, kindOfEntry, kindOfNextArgument, namedMember } from './members.ts';
import { asPlainData, DATA_LIMITS, hexOfBytes, textOfHex } from './plain-data.ts';
import { isWorkingDirectory, type KeyKind, type SensitiveKeys } from './sensitive-keys.ts';
import { MARK } from './spans.ts';

/** What the texts in a value become. */
export interface TextRedaction {
  readonly keys: SensitiveKeys;
  /** A text, with its secrets replaced. */
  text(text: string): string;
  /** A key of an object, with its secrets replaced. */
  name(name: string): string;
  /** Whether a number could be a secret, or hold one. */
  isSuspect(value: number): boolean;
}

/** A frozen copy of plain JSON in which nothing is left that must not be stored. */
export function redactValue(value: unknown, redaction: TextRedaction): unknown {
  return new Copy(redaction).copy(value, 'none', 0);
}

class Copy implements KeyTest {
  readonly #redaction: TextRedaction;
  #values = 0;

  constructor(redaction: TextRedaction) {
    this.#redaction = redaction;
  }

  /** A name that becomes sensitive when a part of it is hidden counts as one, so that redacting again changes nothing. */
  kindOf(name: string): KeyKind {
    const { keys } = this.#redaction;
    const kind = keys.kindOf(name);
    if (kind !== 'none') return kind;
    const redacted = this.#redaction.name(name);
    return redacted === name ? 'none' : keys.kindOf(redacted);
  }

  copy(value: unknown, kind: KeyKind, depth: number): unknown {
    switch (typeof value) {
      case 'string':
        return kind === 'none' || value === '' ? this.#redaction.text(value) : MARK;
      case 'number':
        return this.#number(value, kind);
      case 'bigint':
        return this.copy({ $bigint: String(value) }, kind, depth);
      case 'function':
      case 'symbol':
        return Object.freeze({ $opaque: typeof value });
      case 'object':
        return value === null ? null : this.#object(value, kind, depth);
      default:
        return value;
    }
  }

  #number(value: number, kind: KeyKind): unknown {
    if (kind === 'secret' || kind === 'line') return MARK;
    if (!this.#redaction.isSuspect(value)) return value;
    const text = String(value);
    return this.#redaction.text(text) === text ? value : MARK;
  }

  #object(value: object, kind: KeyKind, depth: number): unknown {
    if (depth > DATA_LIMITS.depth || ++this.#values > DATA_LIMITS.values) return MARK;
    const data = asPlainData(value);
    const isEmpty = (Array.isArray(data) ? data : Object.keys(data)).length === 0;
    // What a secret is made of tells of it too: the whole of it goes. `tokens` may be counts by kind.
    if ((kind === 'secret' || kind === 'line') && !isEmpty) return MARK;
    if (Array.isArray(data)) return this.#items(data, kind, depth, false);
    return this.#members(data as Readonly<Record<string, unknown>>, kind, depth);
  }

  #items(items: readonly unknown[], kind: KeyKind, depth: number, isMap: boolean): unknown {
    const entries = kind === 'none' && areEntries(items, isMap);
    this.#values += items.length;
    let next: KeyKind = kind;
    const copies = items.map((item) => {
      const ofEntry = entries ? kindOfEntry(item, this) : 'none';
      const copied =
        ofEntry === 'none' ? this.copy(item, next, depth + 1) : this.#entry(item, ofEntry, depth + 1);
      next = kind === 'none' ? kindOfNextArgument(item, this) : kind;
      return copied;
    });
    return Object.freeze(copies);
  }

  #entry(item: unknown, kind: KeyKind, depth: number): unknown {
    const [name, value] = item as readonly unknown[];
    return Object.freeze([this.copy(name, 'none', depth + 1), this.copy(value, kind, depth + 1)]);
  }

  #members(members: Readonly<Record<string, unknown>>, kind: KeyKind, depth: number): unknown {
    if (hexOfBytes(members) !== undefined) return this.#bytes(members);
    const named = kind === 'none' ? namedMember(members, this) : null;
    const copied: Record<string, unknown> = {};
    const places = new Map<string, number>();
    for (const name of Object.keys(members)) {
      this.#values++;
      const value = members[name];
      let own = kind === 'none' ? this.kindOf(name) : kind;
      if (own === 'none' && name === named?.name) own = named.kind;
      if (typeof value === 'string' && isWorkingDirectory(name, value)) own = 'none';
      const isMap = name === '$map' && Array.isArray(value) && own === 'none';
      const item = isMap ? this.#items(value, own, depth + 1, true) : this.copy(value, own, depth + 1);
      setOwn(copied, this.#placeFor(name, members, copied, places), item);
    }
    return Object.freeze(copied);
  }

  /** The redacted name; numbered where another member has it already. */
  #placeFor(
    name: string,
    members: Readonly<Record<string, unknown>>,
    copied: object,
    places: Map<string, number>,
  ): string {
    const redacted = this.#redaction.name(name);
    if (redacted === name) return name;
    let place = redacted;
    while (Object.hasOwn(copied, place) || Object.hasOwn(members, place)) {
      const next = (places.get(redacted) ?? 1) + 1;
      places.set(redacted, next);
      place = `${redacted} ${next}`;
    }
    return place;
  }

  /** Binary data, unless it is the text of a secret, or too much to tell. */
  #bytes(members: Readonly<Record<string, unknown>>): unknown {
    const hex = String(members.$bytes);
    const text = textOfHex(hex);
    const isClean =
      text !== undefined && this.#redaction.text(text) === text && this.#redaction.text(hex) === hex;
    return Object.freeze({ ...members, $bytes: isClean ? hex : MARK });
  }
}
