import type { SensitiveKeys } from './sensitive-keys.ts';

/** Shortest value that is searched for elsewhere, under a name that leaves no doubt, and under any other one. */
const PLAIN = 6;
const DOUBTFUL = 10;
/** Longer values are not words. */
const WORDS = 200;
/** Words as names, paths and test reports have them, with a number at their end. */
const WORDLIKE = /^(?:[A-Z]{0,16}[a-z]|[_./:-])+[0-9]{0,4}$/;

/**
 * Whether what a text assigns to a name is so surely a secret that it is looked for in the action's other texts. The
 * names `pass`, `auth`, `pin`, `tokens` and `cookie` also say other things (`pass: 12`, `PASS: TestFoo`): what stands
 * behind them is hidden there alone, unless it is long and not made of words. `name`: '' for one that is known to tell.
 */
export function isSureSecret(name: string, value: string, keys: SensitiveKeys): boolean {
  if (value.length < PLAIN) return false;
  if (!/^[0-9.,_]+$/.test(value.slice(0, WORDS)) && (name === '' || keys.isStrong(name))) return true;
  return value.length >= DOUBTFUL && (value.length > WORDS || !isWordsOrNumber(value));
}

function isWordsOrNumber(value: string): boolean {
  return WORDLIKE.test(value) || /^[0-9.,_:-]+$/.test(value);
}
