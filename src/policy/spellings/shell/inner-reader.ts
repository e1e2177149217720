import type { CommandParts } from './command.ts';
import type { Seen } from './completion.ts';
import { type Definitions, whyUnsettable } from './definitions.ts';
import { type Feed, NOTHING } from './feed.ts';
import { type Field, literalField } from './field.ts';
import type { Guesses } from './guesses.ts';
import type { Inner } from './inner.ts';
import { sharedFeed } from './redirects.ts';
import type { Scope } from './scope.ts';
import { innerOf } from './wrapped.ts';

/** What the reader of a line does for the reader of what its commands run. */
export interface Host {
  readonly guesses: Guesses;
  readonly definitions: Definitions;
  scope(): Scope;
  /** Says why the line cannot be read, unless it is `null`. */
  fail(reason: string | null): void;
  /** Reads a text as code, after which the folder that it changes to may hold. */
  code(field: Field, keepsFolder: boolean): void;
  /** Reads the value of a variable that some program runs. */
  codeVariable(name: string, value: Field): void;
  /** Reads a command from its words, and prints it. */
  command(parts: Omit<CommandParts, 'folder'>, feed: Feed, alternatives?: Seen['alternatives']): string;
  /** Reads code within code, unless there is too much of it. */
  deeper(characters: number, read: () => void): void;
  /** Reads what has this to read. */
  fed(feed: Feed, read: () => string): string;
  /** Takes note of a file that is run. */
  run(path: string): void;
}

/** Reads what a command runs beside itself, and what it changes for those behind it. */
export class InnerReader {
  readonly #host: Host;
  /** The functions and aliases that are being read as they are called. */
  readonly #calling = new Set<string>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** Reads one command; `other` is given the words of those that it may run. */
  read(name: string, args: readonly Field[], feed: Feed, other: (readonly Field[])[]): void {
    if (this.#host.scope().afterCommand(name, args)) {
      this.#host.fail(`\`${name}\` may change what a variable of the line means`);
    }
    this.#host.fail(this.#host.definitions.note(name, args, feed));
    this.#replaced(name, args, feed);
    for (const inner of innerOf(name, args, feed)) {
      if (inner.kind === 'unreadable') this.#host.fail(inner.reason);
      else if (inner.kind === 'perhaps') other.push(inner.fields);
      else if (inner.kind === 'file') this.#host.run(inner.path);
      else if (inner.kind === 'code') this.#innerCode(inner, name === 'eval', feed);
      else if (inner.kind === 'assignment') {
        this.#host.scope().assign(inner.name, null);
        this.#host.guesses.add(inner.name, inner.value);
        this.#host.fail(whyUnsettable(inner.name, inner.value));
        this.#host.codeVariable(inner.name, inner.value);
      } else {
        const parts = { assignments: [], fields: inner.fields, written: null };
        this.#host.deeper(0, () => {
          this.#host.command(parts, inner.feed, inner.perhaps);
        });
      }
    }
  }

  #innerCode(inner: Extract<Inner, { kind: 'code' }>, keepsFolder: boolean, feed: Feed): void {
    if (inner.parameters !== undefined) {
      const [own, ...parameters] = inner.parameters;
      if (own !== undefined) this.#host.guesses.add('0', own);
      this.#host.guesses.addParameters(parameters);
    }
    // Code that comes from the input leaves nothing there.
    this.#host.fed(inner.isInput === true ? NOTHING : feed, () => {
      this.#host.code(inner.field, keepsFolder);
      return '';
    });
  }

  /** Reads what a function of the line does with its input, and what an alias stands for. */
  #replaced(name: string, args: readonly Field[], feed: Feed): void {
    const body = this.#host.definitions.functions.get(name);
    if (body !== undefined && feed.kind !== 'none' && !this.#calling.has(name)) {
      this.#calling.add(name);
      this.#host.fed(sharedFeed(feed) ?? NOTHING, () => {
        this.#host.code(literalField(body), false);
        return '';
      });
      this.#calling.delete(name);
    }
    const alias = this.#host.definitions.aliases.get(name);
    if (alias === undefined || this.#calling.has(name)) return;
    this.#calling.add(name);
    const fields = alias.text.split(/\s+/).filter(Boolean).map(literalField);
    // An alias that ends in a space has the word behind it read as an alias too.
    const [next, ...rest] = args;
    const second = alias.text.endsWith(' ')
      ? this.#host.definitions.aliases.get(next?.text ?? '')
      : undefined;
    const words = second === undefined ? args : [...second.text.split(/\s+/).map(literalField), ...rest];
    if (fields.length > 0)
      this.#host.deeper(0, () => {
        this.#host.command({ assignments: [], fields: [...fields, ...words], written: null }, feed);
      });
    this.#calling.delete(name);
  }
}
