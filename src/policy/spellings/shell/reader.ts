import {
  type Assignment,
  type Command,
  forEachChild,
  type HereDoc,
  type ParsedScript,
  parse,
  type Redirection,
  type Statement,
  type SyntaxNode,
} from 'unbash';
import { decodedChunks } from '../encoded.ts';
import { buildCommand, type ShellCommand } from './command.ts';
import { type Feed, NOTHING, outputOf, UNKNOWN } from './feed.ts';
import { type Field, literalField } from './field.ts';
import { folderAfter } from './folder.ts';
import { Budget, readablePart } from './limits.ts';
import { excerpt, joined } from './line-text.ts';
import { Printer } from './printer.ts';
import { holdsAfter, Scope, setsVariables } from './scope.ts';
import { Targets } from './targets.ts';
import { fieldsOf, textOfParts, textOfWord } from './words.ts';
import { innerOf } from './wrapped.ts';
import { CODE_VARIABLES, POWERFUL_VARIABLES } from './wrappers.ts';

type Substitution = Extract<
  SyntaxNode,
  { readonly type: 'CommandExpansion' | 'ProcessSubstitution' | 'ArithmeticCommandExpansion' }
>;

/** Reads the commands out of shell text; one reader for one line. */
export class ShellReader {
  readonly commands: ShellCommand[] = [];
  readonly targets = new Targets();
  readonly decoded = new Set<string>();
  unreadable: string | null = null;
  #source = '';
  #scope = new Scope('', null);
  #statement: Statement | null = null;
  #chained: string[] = [];
  #folder: string | null = null;
  #feed: Feed = NOTHING;
  #output: Feed = UNKNOWN;
  readonly #budget = new Budget();

  /** Reads a text as a script of its own, and prints it again. */
  script(text: string): string {
    const [source, rest] = readablePart(text);
    if (rest !== null) this.#fail(rest);
    try {
      const parsed = parse(source);
      const scope = new Scope(source, parsed);
      scope.trustsFolders = this.#scope.trustsFolders;
      return this.#inScript(source, scope, () => this.#statements(parsed, true));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#fail('it is nested too deeply');
      return '';
    }
  }

  /** Reads the words of one command, and prints it again. */
  words(fields: readonly Field[]): string {
    if (fields.length === 0) return '';
    return this.#command({ assignments: [], fields, written: null }, NOTHING);
  }

  #fail(reason: string): void {
    this.unreadable ??= reason;
  }

  #inScript(source: string, scope: Scope, read: () => string): string {
    const before = [this.#source, this.#scope, this.#statement, this.#chained] as const;
    this.#source = source;
    this.#scope = scope;
    this.#chained = [];
    const line = read();
    [this.#source, this.#scope, this.#statement, this.#chained] = before;
    return line;
  }

  #statements(script: ParsedScript, top: boolean): string {
    const [error] = script.errors ?? [];
    if (error !== undefined) this.#fail(`it does not parse: ${error.message}`);
    const printer = new Printer({
      statement: (statement) => this.#enter(top ? statement : null),
      command: (node, feed) => this.#simple(node, feed),
      redirects: (nodes) => this.#redirects(nodes)[1],
      words: (node) => this.#substitutions(node),
      source: (node) => this.#source.slice(node.pos, node.end),
      feed: (feed, read) => this.#fed(feed, read),
      subshell: (read) => this.#aside(read),
      output: () => this.#output,
    });
    const line = printer.statements(script.commands);
    if (top) this.#enter(null);
    return line;
  }

  /** What a chain of commands sets holds to its end only, as any of them may have failed. */
  #enter(statement: Statement | null): void {
    for (const name of this.#chained) this.#scope.assign(name, null);
    this.#chained = [];
    this.#statement = statement;
  }

  #fed(feed: Feed, read: () => string): string {
    const before = this.#feed;
    this.#feed = feed;
    const line = read();
    this.#feed = before;
    return line;
  }

  /** Reads what changes the folder for itself only. */
  #aside<T>(read: () => T): T {
    const folder = this.#folder;
    const statement = this.#statement;
    const result = read();
    this.#folder = folder;
    this.#statement = statement;
    return result;
  }

  #simple(node: Command, piped: Feed | null): string {
    const excess = this.#budget.read(node.suffix.length + node.prefix.length);
    if (excess !== null) {
      this.#fail(excess);
      return '';
    }
    const sure = holdsAfter(this.#statement, node);
    this.#substitutions(node);
    const set = node.prefix.flatMap((part) => (part.type === 'Assignment' ? [part] : []));
    const holds = sure && node.name === undefined;
    const assignments = set.map((part) => this.#assignment(part, holds));
    const fields: Field[] = node.name === undefined ? [] : [...fieldsOf(node.name, this.#scope)];
    const exports = node.name !== undefined && setsVariables(node.name);
    for (const arg of node.suffix) {
      if (arg.type === 'Word') fields.push(...fieldsOf(arg, this.#scope));
      else if (arg.type === 'Assignment') fields.push(this.#assignment(arg, sure && exports));
    }
    const [fed, redirects] = this.#redirects(node.redirects);
    const feed = fed ?? piped ?? this.#feed;
    this.#output = UNKNOWN;
    // Setting such a variable says what later commands do, as much as a command does.
    if (fields.length === 0 && set.some(({ name }) => POWERFUL_VARIABLES.has(name))) {
      fields.push(literalField('export'), ...assignments.splice(0));
    }
    if (fields.length === 0) return joined([...assignments.map(({ text }) => text), redirects]);
    const written = this.#source.slice(node.pos, node.end);
    return joined([this.#command({ assignments, fields, written }, feed), redirects]);
  }

  /** `A=1` as one decoded word. */
  #assignment({ name, value, append, index, text }: Assignment, holds: boolean): Field {
    if (value.type === 'ArrayValue' || append === true || index !== undefined) {
      this.#scope.assign(name, null);
      return { text, literal: false, glob: false };
    }
    const read = textOfWord(value, this.#scope);
    this.#scope.assign(name, holds && read.literal ? read.text : null);
    if (holds && this.#statement?.command.type === 'AndOr') this.#chained.push(name);
    this.#codeVariable(name, read);
    return { ...read, text: `${name}=${read.text}` };
  }

  #codeVariable(name: string, value: Field): void {
    if (CODE_VARIABLES.has(name) && value.text !== '') this.#code(value, false);
  }

  /** What the redirects give to read, `null` when nothing, and their text. */
  #redirects(nodes: readonly Redirection[]): readonly [Feed | null, string] {
    let feed: Feed | null = null;
    const shown: string[] = [];
    for (const node of nodes) {
      if (node.type === 'HereDoc') {
        feed = { kind: 'text', field: this.#hereDoc(node) };
        shown.push(`${node.operator} ${node.delimiter?.text ?? ''}`);
      } else if (node.target !== undefined) {
        const target = textOfWord(node.target, this.#scope);
        const descriptor =
          node.descriptor === undefined ? '' : this.#source.slice(node.descriptor.pos, node.descriptor.end);
        if (node.type === 'HereString') feed = { kind: 'text', field: target };
        else feed = this.targets.add(node.operator, target, this.#folder) ?? feed;
        shown.push(`${descriptor}${node.operator} ${target.text}`);
      }
    }
    return [feed, shown.join(' ')];
  }

  #hereDoc({ body }: HereDoc): Field {
    if (body.parts === undefined) return literalField(body.text);
    for (const part of body.parts) this.#descend(part);
    return textOfParts(body.parts, this.#scope);
  }

  /** Reads the scripts of `$(…)`, backquotes and `<(…)` below a node, which may not be read itself. */
  #substitutions(node: SyntaxNode): void {
    for (let i = node.pos; i < node.end; i++) {
      const code = this.#source.charCodeAt(i);
      if (code !== 0x28 && code !== 0x60) continue;
      forEachChild(node, (child) => this.#descend(child));
      return;
    }
  }

  #descend(node: SyntaxNode): void {
    switch (node.type) {
      case 'CommandExpansion':
      case 'ProcessSubstitution':
      case 'ArithmeticCommandExpansion':
        this.#deeper(node.text.length, () => this.#substitution(node));
        break;
      case 'HereDoc':
        break;
      case 'ArithmeticExpansion':
      case 'ParameterExpansion':
        this.#deeper(node.text.length, () => forEachChild(node, (child) => this.#descend(child)));
        break;
      default:
        forEachChild(node, (child) => this.#descend(child));
    }
  }

  #substitution(node: Substitution): void {
    const { script } = node;
    if (script === undefined) {
      this.#fail('it has a substitution that does not parse');
      return;
    }
    const feed = node.type === 'ProcessSubstitution' && node.operator === '>' ? UNKNOWN : this.#feed;
    this.#inScript(script.source ?? this.#source, this.#scope, () =>
      this.#fed(feed, () => this.#aside(() => this.#statements(script, false))),
    );
  }

  /** Reads code within code, unless there is too much of it. */
  #deeper(characters: number, read: () => void): void {
    const excess = this.#budget.enter(characters);
    if (excess !== null) {
      this.#fail(excess);
      return;
    }
    read();
    this.#budget.leave();
  }

  #code(field: Field, keepsFolder: boolean): void {
    if (!field.literal) this.#fail(`code is not literal: ${excerpt(field.text)}`);
    this.#deeper(field.text.length, () => {
      const folder = this.#folder;
      this.script(field.text);
      if (!keepsFolder) this.#folder = folder;
    });
  }

  #command(
    parts: { assignments: readonly Field[]; fields: readonly Field[]; written: string | null },
    feed: Feed,
  ): string {
    const command = buildCommand({ ...parts, folder: this.#folder });
    this.commands.push(command);
    const [first, ...args] = parts.fields;
    for (const { text } of parts.fields) {
      if (text.length >= 8 && this.decoded.size < 64)
        for (const found of decodedChunks(text)) this.decoded.add(found);
    }
    const name = command.name;
    if (name === null) this.#fail(`the name of a command is not literal: ${excerpt(first?.text ?? '')}`);
    else this.#inner(name, args, feed);
    this.#output = outputOf(name, args, feed);
    return command.form;
  }

  #inner(name: string, args: readonly Field[], feed: Feed): void {
    this.#folder = folderAfter(name, args, this.#folder);
    if (this.#scope.afterCommand(name, args)) {
      this.#fail(`\`${name}\` may change what a variable of the line means`);
    }
    for (const inner of innerOf(name, args, feed)) {
      if (inner.kind === 'unreadable') this.#fail(inner.reason);
      else if (inner.kind === 'code') this.#code(inner.field, name === 'eval');
      else if (inner.kind === 'assignment') {
        this.#scope.assign(inner.name, null);
        this.#codeVariable(inner.name, inner.value);
      } else {
        const parts = { assignments: [], fields: inner.fields, written: null };
        this.#deeper(0, () => {
          this.#command(parts, inner.feed);
        });
      }
    }
  }
}
