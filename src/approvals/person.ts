/** Longest name of somebody who decides, in characters. */
const MAX_NAME = 200;

/** What no name has in it: control characters, line breaks, halves of characters. */
const NO_NAME = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** What a name begins with under which the holder of an access token decides, however often. */
const OF_TOKEN = /^(?:token ?: ?)+/;

/**
 * A name as it is compared: compatibility forms, letter case, white space and what cannot be seen make no other person.
 * Nor does `token:` at its beginning: who holds the token `ann` is no second person beside `ann`, and an agent cannot
 * decide on its own request by a token of its name. '' for a name that has nothing to be seen.
 */
export function personKey(name: string): string {
  return wholeKey(name).replace(OF_TOKEN, '');
}

/** The name under which the holder of an access token decides. */
export function tokenPerson(tokenName: string): string {
  return `token:${tokenName}`;
}

/** Whether a name is one of those that only access tokens give. */
export function isTokenPerson(name: string): boolean {
  return OF_TOKEN.test(wholeKey(name));
}

function wholeKey(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** Whether two names are one person's, as far as names tell. */
export function isSamePerson(one: string, other: string): boolean {
  return personKey(one) === personKey(other);
}

/** Whether somebody can be known by this name: a text of at most 200 characters with something in it to be seen. */
export function isName(name: unknown): name is string {
  return typeof name === 'string' && name.length <= MAX_NAME && !NO_NAME.test(name) && personKey(name) !== '';
}
