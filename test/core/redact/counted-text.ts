/**
 * A text that counts how many of its characters are read, and keeps the regular expressions that are run over the whole
 * of it. Handed to code that expects a string, it answers as one.
 */
export class CountedText {
  read = 0;
  readonly expressions = new Set<string>();
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get length(): number {
    return this.#text.length;
  }

  charCodeAt(at: number): number {
    this.read++;
    return this.#text.charCodeAt(at);
  }

  charAt(at: number): string {
    this.read++;
    return this.#text.charAt(at);
  }

  slice(start: number, end?: number): string {
    const part = this.#text.slice(start, end);
    this.read += part.length;
    return part;
  }

  startsWith(wanted: string, at = 0): boolean {
    this.read += wanted.length;
    return this.#text.startsWith(wanted, at);
  }

  includes(wanted: string): boolean {
    return this.indexOf(wanted) >= 0;
  }

  indexOf(wanted: string, from = 0): number {
    const found = this.#text.indexOf(wanted, from);
    this.read += (found < 0 ? this.#text.length : found + wanted.length) - Math.min(from, this.#text.length);
    return found;
  }

  matchAll(expression: RegExp): IterableIterator<RegExpExecArray> {
    this.expressions.add(expression.source);
    this.read += this.#text.length;
    return this.#text.matchAll(expression);
  }

  /** `RegExp.test` and `exec` ask for this. */
  toString(): string {
    this.read += this.#text.length;
    return this.#text;
  }
}

/**
 * Whether an expression reads only a bounded part at each place where it is tried, but for what it takes: a quantifier
 * without an upper bound stands at the end of it, or of an alternative that ends it, and nowhere else.
 */
export function isBoundedButForItsEnd(source: string): boolean {
  const plain = source
    .replace(/\\./g, 'e')
    .replace(/\[[^\]]*\]/g, 'c')
    .replace(/\(\?(?:<?[=!]|:)/g, '(');
  const rest = { text: plain };
  return alternativesOf(rest) !== 'inside' && rest.text === '';
}

/** Where something without an upper bound stands: nowhere, at the end, or before something else. */
type Unbounded = 'no' | 'end' | 'inside';

function alternativesOf(rest: { text: string }): Unbounded {
  const found: Unbounded[] = [sequenceOf(rest)];
  while (rest.text.startsWith('|')) {
    rest.text = rest.text.slice(1);
    found.push(sequenceOf(rest));
  }
  return found.includes('inside') ? 'inside' : found.includes('end') ? 'end' : 'no';
}

function sequenceOf(rest: { text: string }): Unbounded {
  let found: Unbounded = 'no';
  while (rest.text !== '' && !/^[|)]/.test(rest.text)) {
    const isGroup = rest.text.startsWith('(');
    rest.text = rest.text.slice(1);
    const inner = isGroup ? alternativesOf(rest) : 'no';
    if (isGroup) rest.text = rest.text.slice(1);
    const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(rest.text)?.[0] ?? '';
    rest.text = rest.text.slice(quantifier.length);
    const isUnbounded = /^[*+]|,\}/.test(quantifier);
    if (found !== 'no' || inner === 'inside' || (inner === 'end' && quantifier !== '')) return 'inside';
    if (isUnbounded || inner === 'end') found = 'end';
  }
  return found;
}
