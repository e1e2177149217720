import { findCommandPasswords } from './command-lines.ts';
import type { KnownSecrets } from './known-secrets.ts';
import { areEntries, kindOfEntry, kindOfNextArgument, namedMember } from './members.ts';
import { asPlainData, DATA_LIMITS, hexOfBytes, textOfHex } from './plain-data.ts';
import { isWorkingDirectory, type KeyKind } from './sensitive-keys.ts';
import { searchText, type TextSearch } from './text-search.ts';

/** Longest list that is read as a command line. */
const MAX_ARGUMENTS = 200;
/** Longest text that is tried as JSON. */
const MAX_JSON = 1_000_000;
/** How many characters of texts are searched in all; what stands under sensitive names is known beyond that, too. */
const MAX_SEARCHED = 4_000_000;

/**
 * What stands for a secret without being one: a call or a variable in a program, a place to be filled. It is hidden where
 * it stands; taking it for a secret elsewhere would hide half of every program that an agent writes.
 */
const CODE =
  /^(?:[A-Za-z_$][\w$]{0,60}(?:\.[A-Za-z_$][\w$]{0,60}){0,9}[([]|(?:self|this|os|process|req|request|res|response|config|settings|env|options|args|ctx|context|props|state|params)\.|[$%]\{?\w{1,60}\}?$|\{{1,3}[^{}"']{0,60}\}{1,3}$|<[\w -]{1,60}>$)/;

/**
 * Collects the secrets of an action from its parameters: every text and number under a sensitive name, and what looks
 * like a secret in any text. Parameters that are too deep or too many make `secrets` give up.
 */
export function collectSecrets(parameters: unknown, search: TextSearch, secrets: KnownSecrets): void {
  new Collection(search, secrets).visit(parameters, 'none', 0);
}

class Collection {
  readonly #search: TextSearch;
  readonly #secrets: KnownSecrets;
  #values = 0;
  #searched = 0;

  constructor(search: TextSearch, secrets: KnownSecrets) {
    this.#search = search;
    this.#secrets = secrets;
  }

  /** `kind`: that of the name which `value` stands under. */
  visit(value: unknown, kind: KeyKind, depth: number): void {
    if (typeof value === 'string') this.#text(value, kind, depth);
    else if (typeof value === 'number' || typeof value === 'bigint') {
      if (kind !== 'none' && kind !== 'unless-number') this.#secrets.add(String(value));
    } else if (typeof value === 'object' && value !== null) this.#object(value, kind, depth);
  }

  #object(value: object, kind: KeyKind, depth: number): void {
    if (depth > DATA_LIMITS.depth || ++this.#values > DATA_LIMITS.values) {
      this.#secrets.giveUp();
      return;
    }
    const data = asPlainData(value);
    if (Array.isArray(data)) this.#items(data, kind, depth, false);
    else {
      const members = data as Readonly<Record<string, unknown>>;
      const hex = hexOfBytes(members);
      if (hex === undefined) this.#members(members, kind, depth);
      else this.#bytes(hex, kind, depth);
    }
  }

  #text(text: string, kind: KeyKind, depth: number): void {
    if (kind !== 'none') this.#secrets.add(text);
    this.#found(text, depth);
    if (kind === 'none' && /^\s{0,16}[[{]/.test(text) && text.length <= MAX_JSON) {
      const read = fromJson(text);
      if (read !== undefined) this.visit(read, 'none', depth + 1);
    }
  }

  /** Takes what looks like a secret in a text for one. */
  #found(text: string, depth: number): void {
    const room = MAX_SEARCHED - this.#searched;
    if (room <= 0) return;
    this.#searched += text.length;
    searchText(text.length > room ? text.slice(0, room) : text, this.#search, (start, end, inPlace) => {
      if (inPlace === true) return;
      const secret = text.slice(start, end);
      if (CODE.test(secret) || this.#isName(secret)) return;
      this.#secrets.add(secret);
      // An object or a list under a sensitive name: what is in it is secret too.
      const read = /^[[{]/.test(secret) && depth < DATA_LIMITS.depth ? fromJson(secret) : undefined;
      if (read !== undefined) this.visit(read, 'secret', depth + 1);
    });
  }

  /** `this.token = token`: a variable is called by what it holds. */
  #isName(secret: string): boolean {
    return (
      /^[A-Za-z_$][A-Za-z_$.-]{0,60}[;,)]{0,3}$/.test(secret) && this.#search.keys.kindOf(secret) !== 'none'
    );
  }

  #items(items: readonly unknown[], kind: KeyKind, depth: number, isMap: boolean): void {
    const entries = kind === 'none' && areEntries(items, isMap);
    this.#values += items.length;
    if (kind === 'none') this.#arguments(items);
    let next: KeyKind = 'none';
    for (const item of items) {
      if (this.#secrets.overflow) return;
      const ofEntry = entries ? kindOfEntry(item, this.#search.keys) : 'none';
      if (ofEntry !== 'none') this.visit((item as readonly unknown[])[1], ofEntry, depth + 2);
      this.visit(item, kind === 'none' ? next : kind, depth + 1);
      next = kindOfNextArgument(item, this.#search.keys);
    }
  }

  /** A list of arguments is read as the command line that it is. */
  #arguments(items: readonly unknown[]): void {
    if (items.length < 2 || items.length > MAX_ARGUMENTS || !items.every((item) => typeof item === 'string'))
      return;
    const line = items.map((item) => (/^[^\s"'`;|&]+$/.test(item) ? item : JSON.stringify(item))).join(' ');
    findCommandPasswords(line, (start, end) => this.#secrets.add(line.slice(start, end)));
  }

  #members(members: Readonly<Record<string, unknown>>, kind: KeyKind, depth: number): void {
    const { keys } = this.#search;
    const named = kind === 'none' ? namedMember(members, keys) : null;
    for (const name of Object.keys(members)) {
      if (this.#secrets.overflow) return;
      this.#values++;
      if (name === '$opaque' || name === '$undefined') continue;
      const value = members[name];
      let own = kind === 'none' ? keys.kindOf(name) : kind;
      if (own === 'none' && name === named?.name) own = named.kind;
      if (typeof value === 'string' && isWorkingDirectory(name, value)) own = 'none';
      if (own === 'none') this.#found(name, depth);
      if (name === '$map' && Array.isArray(value)) this.#items(value, own, depth + 1, true);
      else this.visit(value, own, depth + 1);
    }
  }

  #bytes(hex: string, kind: KeyKind, depth: number): void {
    const text = textOfHex(hex);
    if (kind !== 'none') this.#secrets.add(hex);
    if (text !== undefined) this.#text(text, kind, depth);
    else if (kind === 'none') this.#secrets.add(hex);
  }
}

/** The object or list that a text is the JSON of; `undefined` if it is none. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
