/** How many words the braces of one word may become. */
const MOST_WORDS = 64;
/** How long they may be all together. */
const MOST_CHARACTERS = 4096;

/**
 * Brace lists and ranges expanded, as written: `/e{tc,x}/p` is `/etc/p` and `/ex/p`. `null` when there is nothing to
 * expand or too much of it.
 */
export function expandBraces(word: string): readonly string[] | null {
  if (!word.includes('{') || word.length > MOST_CHARACTERS) return null;
  const done: string[] = [];
  const todo: string[] = [word];
  let characters = 0;
  while (todo.length > 0) {
    const next = todo.pop() as string;
    const choices = expandFirst(next);
    if (choices === null) done.push(next);
    else for (let i = choices.length - 1; i >= 0; i--) todo.push(choices[i] as string);
    characters += next.length;
    if (done.length + todo.length > MOST_WORDS || characters > MOST_CHARACTERS * 4) return null;
  }
  return done.length === 1 && done[0] === word ? null : done;
}

/** The words that the first brace list of a word becomes; `null` when it has none. */
function expandFirst(word: string): readonly string[] | null {
  for (let i = 0; i < word.length; i++) {
    const after = skipQuoted(word, i);
    if (after > i) {
      i = after - 1;
      continue;
    }
    if (word[i] !== '{') continue;
    const list = readList(word, i);
    if (list === null) continue;
    const [items, end] = list;
    return items.map((item) => word.slice(0, i) + item + word.slice(end));
  }
  return null;
}

/** The items of the list that begins at `start`, and where it ends. */
function readList(word: string, start: number): readonly [readonly string[], number] | null {
  const items: string[] = [];
  let depth = 0;
  let from = start + 1;
  for (let i = start + 1; i < word.length; i++) {
    const after = skipQuoted(word, i);
    if (after > i) {
      i = after - 1;
      continue;
    }
    const char = word[i];
    if (char === '{') depth++;
    else if (char === ',' && depth === 0) {
      items.push(word.slice(from, i));
      from = i + 1;
    } else if (char === '}' && depth > 0) depth--;
    else if (char === '}') {
      const item = word.slice(from, i);
      if (items.length > 0) return [[...items, item], i + 1];
      const range = readRange(item);
      if (range !== null) return [range, i + 1];
      // `{a}b,c}` is `a}b` and `c`; a word that begins with `{}`, and what looks like a range, is taken as it is.
      if (item.includes('..') || i === 1) return null;
    }
  }
  return null;
}

/** `1..3`, `a..e`, each with a step. */
function readRange(text: string): readonly string[] | null {
  const match = /^(-?\d{1,9}|[a-zA-Z])\.\.(-?\d{1,9}|[a-zA-Z])(?:\.\.(-?\d{1,9}))?$/.exec(text);
  if (match === null) return null;
  const [, first = '', last = '', by = '1'] = match;
  const letters = /[a-zA-Z]/.test(first);
  if (letters !== /[a-zA-Z]/.test(last)) return null;
  const from = letters ? first.charCodeAt(0) : Number(first);
  const to = letters ? last.charCodeAt(0) : Number(last);
  const step = Math.max(1, Math.abs(Number(by)));
  if (Math.abs(to - from) / step >= MOST_WORDS) return null;
  const items: string[] = [];
  for (let value = from; from <= to ? value <= to : value >= to; value += from <= to ? step : -step) {
    items.push(letters ? String.fromCharCode(value) : String(value));
  }
  return items;
}

/** Where the quoted text, escape or expansion that begins at `i` ends; `i` when there is none. */
function skipQuoted(word: string, i: number): number {
  const char = word[i];
  if (char === '\\') return i + 2;
  if (char === "'") return endOf(word, "'", i + 1);
  if (char === '`') return endOf(word, '`', i + 1);
  if (char === '"') return endOfDouble(word, i + 1);
  if (char !== '$' && char !== '<' && char !== '>') return i;
  const open = word[i + 1];
  if (open === "'" && char === '$') return endOfDouble(word, i + 2, "'");
  if (open === '(') return endOfNested(word, i + 2, '(', ')');
  return open === '{' && char === '$' ? endOfNested(word, i + 2, '{', '}') : i;
}

function endOf(word: string, quote: string, from: number): number {
  const end = word.indexOf(quote, from);
  return end < 0 ? word.length : end + 1;
}

function endOfDouble(word: string, from: number, quote = '"'): number {
  for (let i = from; i < word.length; i++) {
    if (word[i] === '\\') i++;
    else if (word[i] === quote) return i + 1;
  }
  return word.length;
}

function endOfNested(word: string, from: number, open: string, close: string): number {
  let depth = 1;
  for (let i = from; i < word.length; i++) {
    if (word[i] === '\\') i++;
    else if (word[i] === open) depth++;
    else if (word[i] === close && --depth === 0) return i + 1;
  }
  return word.length;
}
