import type { Argument } from '../../core/argument.ts';
import type { IntentSource } from '../../core/intent-source.ts';
import type { ReadArgument } from './read-argument.ts';
import { alone, type Spelling } from './subject.ts';

/** Beyond this, arguments times characters, forms stand alone: putting each into the whole string would be slow. */
const MAX_WORK = 1 << 20;

/** Nothing that an argument would be. */
const OTHER = '\u{F0000}';

/** The intent string with places in it for the forms of its typed arguments. */
export class IntentFrame {
  readonly intent: string;
  /** False where an author or a caller wrote the intent string. */
  readonly isJoined: boolean;
  readonly #source: IntentSource;
  readonly #places = new Map<Argument, number>();
  #plain = new Map<Argument, string>();
  #areAllPlain = true;
  #standsAlone = false;

  constructor(intent: string, source: IntentSource) {
    this.intent = intent;
    this.#source = source;
    this.isJoined = source.isJoined && source.respell === null;
    let from = 0;
    for (const argument of source.arguments.list) {
      if (argument.kind === undefined || argument.kind === 'text') continue;
      const at = this.isJoined ? argument.at : this.#placeIn(argument, from);
      if (at >= 0) from = at;
      this.#places.set(argument, at);
    }
    this.#standsAlone = this.#places.size * intent.length > MAX_WORK;
  }

  /** Whether an argument counts as typed: one that an author left out of the intent string does not. */
  holds(argument: Argument): boolean {
    return this.isJoined || (this.#places.get(argument) ?? -1) >= 0;
  }

  /** Tells what the arguments were read as, before the first form is put into its place. */
  setPlain(read: ReadonlyMap<Argument, ReadArgument>): void {
    for (const [argument, { plain }] of read) {
      this.#plain.set(argument, plain);
      if (plain !== argument.text) this.#areAllPlain = false;
    }
  }

  /** The intent string with every argument in its plainest form. */
  get plain(): string {
    if (this.#areAllPlain) return this.intent;
    if (this.#source.respell === null) return this.#filled(null, '').text;
    return this.#call((one) => this.#plainOf(one)) ?? this.intent;
  }

  /** The intent string as it is and with every argument in its plainest form, where forms cannot be put into it. */
  get whole(): readonly Spelling[] {
    return this.#standsAlone ? [alone(this.intent), alone(this.plain)] : [];
  }

  /**
   * A form of an argument in the argument's place, the others as given and again all plain, and the form by itself,
   * which only counts where it forbids if an author wrote the string around it.
   */
  around(argument: Argument, form: string, forbids: boolean): readonly Spelling[] {
    const at = this.#places.get(argument) ?? -1;
    const byItself = this.isJoined || forbids ? [alone(form)] : [];
    if (at < 0 || this.#standsAlone) return byItself;
    const to = at + argument.text.length;
    if (form === argument.text && this.#areAllPlain) {
      const asGiven: Spelling = { text: this.intent, from: at, to, form };
      return at === 0 && to === this.intent.length ? [asGiven] : [asGiven, ...byItself];
    }
    if (this.#source.respell !== null) return [...this.#respelled(argument, form), ...byItself];
    if (at === 0 && to === this.intent.length) return [alone(form)];
    const text = this.intent.slice(0, at) + form + this.intent.slice(to);
    const given: Spelling = { text, from: at, to: at + form.length, form };
    const onlyOne = this.#places.size === 1 || this.#areAllPlain;
    return onlyOne ? [...byItself, given] : [...byItself, given, this.#filled(argument, form)];
  }

  /** The intent string with every argument plain but one, which has `form`. */
  #filled(argument: Argument | null, form: string): Spelling {
    let text = '';
    let end = 0;
    let from = 0;
    let to = 0;
    for (const [one, at] of this.#places) {
      if (at < end) continue;
      text += this.intent.slice(end, at);
      const part = one === argument ? form : (this.#plain.get(one) ?? one.text);
      if (one === argument) from = text.length;
      text += part;
      if (one === argument) to = text.length;
      end = at + one.text.length;
    }
    return { text: text + this.intent.slice(end), from, to, form };
  }

  /** Where an argument stands in a string that an author or a caller wrote; -1 where it does not stand in it. */
  #placeIn(argument: Argument, from: number): number {
    if (argument.at < 0) return -1;
    const at = placeOf(argument.text, this.intent, from);
    if (at >= 0 || this.#source.respell === null) return at;
    // Trimmed, cut, quoted or in other letters it is none the less what the string is about.
    return this.#spanOf(argument, argument.text, (one) => one.text)?.from ?? -1;
  }

  #respelled(argument: Argument, form: string): Spelling[] {
    const given = this.#spanOf(argument, form, (one) => one.text);
    const plain = this.#areAllPlain ? null : this.#spanOf(argument, form, (one) => this.#plainOf(one));
    return [given, plain].filter((spelling) => spelling !== null);
  }

  /**
   * The author's string with a form in the argument's place, which is where the string differs from one with something
   * else in that place; `null` where it makes no difference.
   */
  #spanOf(
    argument: Argument,
    form: string,
    others: (one: Pick<Argument, 'name' | 'text'>) => string,
  ): Spelling | null {
    const made = (text: string): string | null =>
      this.#call((one) => (one.text === argument.text && one.name === argument.name ? text : others(one)));
    const text = made(form);
    const other = made(OTHER);
    if (text === null || other === null || text === other) return null;
    let from = 0;
    while (text[from] === other[from] && from < text.length) from++;
    let end = 0;
    const most = Math.min(text.length, other.length) - from;
    while (end < most && text[text.length - 1 - end] === other[other.length - 1 - end]) end++;
    return { text, from, to: text.length - end, form };
  }

  #plainOf({ name, text }: Pick<Argument, 'name' | 'text'>): string {
    for (const [one, plain] of this.#plain) if (one.text === text && one.name === name) return plain;
    return text;
  }

  /** What the author's function makes of other forms; `null` where it does not take them. */
  #call(form: (one: Pick<Argument, 'name' | 'text'>) => string): string | null {
    try {
      return this.#source.respell?.(form) ?? null;
    } catch {
      return null;
    }
  }
}

function placeOf(text: string, intent: string, from: number): number {
  if (text === '') return -1;
  const at = intent.indexOf(text, from);
  return at >= 0 ? at : intent.indexOf(text);
}
