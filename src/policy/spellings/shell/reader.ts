import {
  type Assignment,
  type Command,
  type HereDoc,
  type ParsedScript,
  parse,
  type Redirection,
  type Statement,
} from 'unbash';
import { decodedChunks } from '../encoded.ts';
import { assignedValue, withPrefix } from './assignments.ts';
import { buildCommand, type CommandParts, type ShellCommand } from './command.ts';
import { Completion, type Seen } from './completion.ts';
import { Definitions, whyUnsettable } from './definitions.ts';
import { type Feed, NOTHING, outputOf, UNKNOWN } from './feed.ts';
import { type Field, literalField } from './field.ts';
import { folderAfter } from './folder.ts';
import { Guesses } from './guesses.ts';
import { type Host, InnerReader } from './inner-reader.ts';
import { Budget, readablePart } from './limits.ts';
import { excerpt, joined } from './line-text.ts';
import { below } from './operands.ts';
import { Printer } from './printer.ts';
import { readRedirects, sharedFeed } from './redirects.ts';
import { holdsAfter, Scope, setsVariables } from './scope.ts';
import { type Substitution, Substitutions } from './substitutions.ts';
import { Targets } from './targets.ts';
import { fieldsOf, textOfParts } from './words.ts';
import { CODE_VARIABLES, POWERFUL_VARIABLES } from './wrappers.ts';
import { whyRunUnknown } from './written-and-run.ts';

/** Reads the commands out of shell text; one reader for one line. */
export class ShellReader implements Host {
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
  /** What the commands print, for the substitutions that they stand in. */
  readonly #printed: Field[] = [];
  readonly #seen: Seen[] = [];
  /** Whether a word is not known, or a command may have other words. */
  #isOpen = false;
  readonly #ran = new Set<string>();
  readonly guesses = new Guesses();
  readonly definitions = new Definitions(this.guesses);
  readonly #budget: Budget;
  readonly #substitutions = new Substitutions(
    (characters, read) => this.deeper(characters, read),
    (node) => this.#substitution(node),
  );
  readonly #inner = new InnerReader(this);

  constructor(budget = new Budget()) {
    this.#budget = budget;
  }

  /** Reads a text as a script of its own, and prints it again. */
  script(text: string): string {
    const [source, rest] = readablePart(text);
    this.fail(rest ?? (source.includes('@P}') ? 'it reads the value of a variable as a prompt' : null));
    try {
      const parsed = parse(source);
      const scope = new Scope(source, parsed);
      const outer = this.#scope;
      scope.trustsFolders = outer.trustsFolders;
      const line = this.#inScript(source, scope, () => this.#statements(parsed, true));
      outer.trustsFolders &&= scope.trustsFolders;
      return line;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.fail('it is nested too deeply');
      return '';
    }
  }

  /** Reads the words of one command, and prints it again. */
  words(fields: readonly Field[]): string {
    if (fields.length === 0) return '';
    return this.command({ assignments: [], fields, written: null }, NOTHING);
  }

  /** Takes a second look at what could not be known before the end of the line. */
  finish(): void {
    if (this.#isOpen || this.definitions.functions.size > 0) {
      const completion = new Completion(this.guesses, this.definitions, (fields) => {
        const aside = new ShellReader(this.#budget);
        aside.#folder = this.#folder;
        aside.words(fields);
        return aside;
      });
      this.fail(completion.fill(this.commands, this.#seen));
    }
    this.fail(whyRunUnknown(this.commands, this.targets.writes, this.#ran));
  }

  scope(): Scope {
    return this.#scope;
  }

  fail(reason: string | null): void {
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
    if (error !== undefined) this.fail(`it does not parse: ${error.message}`);
    const printer = new Printer({
      statement: (statement) => this.#enter(top ? statement : null),
      command: (node, feed) => this.#simple(node, feed),
      redirects: (nodes) => this.#redirects(nodes),
      loop: (name, words) => {
        this.#scope.changedBy(name);
        this.guesses.addWords(
          name,
          words.flatMap((word) => fieldsOf(word, this.#scope)),
        );
      },
      define: (name, body) => this.definitions.functions.set(name, body),
      words: (node) => this.#substitutions.below(node, this.#source),
      source: (node) => this.#source.slice(node.pos, node.end),
      feed: (feed, read) => this.fed(feed, read),
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

  fed(feed: Feed, read: () => string): string {
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
    this.fail(excess);
    if (excess !== null) return '';
    const sure = holdsAfter(this.#statement, node);
    this.#substitutions.below(node, this.#source);
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
    // `exec < f` is what all that follows reads from.
    if (fed !== null && fields.length === 1 && fields[0]?.text === 'exec')
      this.#feed = sharedFeed(fed) ?? NOTHING;
    // Setting such a variable says what later commands do, as much as a command does.
    if (fields.length === 0 && set.some(({ name }) => POWERFUL_VARIABLES.has(name))) {
      fields.push(literalField('export'), ...assignments.splice(0));
    }
    if (fields.length === 0) return joined([...assignments.map(({ text }) => text), redirects]);
    const written = this.#source.slice(node.pos, node.end);
    return joined([this.command({ assignments, fields, written }, feed), redirects]);
  }

  /** `A=1` as one decoded word. */
  #assignment(node: Assignment, holds: boolean): Field {
    const { name } = node;
    const value = assignedValue(node, this.#scope, this.guesses);
    this.fail(whyUnsettable(name, value.field));
    this.#scope.assign(name, holds && value.isWhole && value.field.literal ? value.field.text : null);
    if (!value.isWhole) return { text: node.text, literal: false, glob: false };
    if (holds && this.#statement?.command.type === 'AndOr') this.#chained.push(name);
    this.codeVariable(name, value.field);
    return withPrefix(`${name}=`, value.field);
  }

  codeVariable(name: string, value: Field): void {
    if (CODE_VARIABLES.has(name) && value.text !== '') this.code(value, false);
  }

  #redirects(nodes: readonly Redirection[]): readonly [Feed | null, string] {
    if (nodes.length === 0) return [null, ''];
    return readRedirects(nodes, {
      source: this.#source,
      scope: this.#scope,
      folder: this.#folder,
      targets: this.targets,
      hereDoc: (node) => this.#hereDoc(node),
    });
  }

  #hereDoc({ body }: HereDoc): Field {
    if (body.parts === undefined) return literalField(body.text);
    for (const part of body.parts) this.#substitutions.descend(part);
    return textOfParts(body.parts, this.#scope);
  }

  #substitution(node: Substitution): void {
    const { script } = node;
    if (script === undefined) {
      this.fail('it has a substitution that does not parse');
      return;
    }
    const feed = node.type === 'ProcessSubstitution' && node.operator === '>' ? UNKNOWN : this.#feed;
    const from = this.#printed.length;
    this.#inScript(script.source ?? this.#source, this.#scope, () =>
      this.fed(feed, () => this.#aside(() => this.#statements(script, false))),
    );
    const printed = this.#printed.slice(from);
    if (printed.length > 0) this.guesses.addWords(node.text, printed);
  }

  /** Reads code within code, unless there is too much of it. */
  deeper(characters: number, read: () => void): void {
    const excess = this.#budget.enter(characters);
    this.fail(excess);
    if (excess !== null) return;
    read();
    this.#budget.leave();
  }

  code(field: Field, keepsFolder: boolean): void {
    if (!field.literal) this.fail(`code is not literal: ${excerpt(field.text)}`);
    this.deeper(field.text.length, () => {
      const folder = this.#folder;
      this.script(field.text);
      if (!keepsFolder) this.#folder = folder;
    });
  }

  command(parts: Omit<CommandParts, 'folder'>, feed: Feed, alternatives: Seen['alternatives'] = []): string {
    const { assignments, fields, written } = parts;
    const seen = { assignments, fields, written, folder: this.#folder };
    const command = buildCommand(seen);
    this.commands.push(command);
    const [first, ...args] = parts.fields;
    for (const { text, literal } of parts.fields) {
      this.#isOpen ||= !literal;
      if (text.length >= 8 && this.decoded.size < 64)
        for (const found of decodedChunks(text)) this.decoded.add(found);
    }
    const name = command.name;
    const other = [...alternatives];
    this.#seen.push({ parts: seen, alternatives: other });
    if (name === null) this.fail(`the name of a command is not literal: ${excerpt(first?.text ?? '')}`);
    else {
      if (first?.text.includes('/')) this.run(first.text);
      this.#folder = folderAfter(name, args, this.#folder);
      this.#inner.read(name, args, feed, other);
      this.#isOpen ||= other.length > 0;
    }
    this.#output = name !== null && this.definitions.replaces(name) ? UNKNOWN : outputOf(name, args, feed);
    if (this.#output.kind === 'text') this.#printed.push(this.#output.field);
    return command.form;
  }

  /** Takes note of a file that is run, as it is seen from here and from the folder that the line is in. */
  run(path: string): void {
    this.#ran.add(this.#folder === null ? path : below(this.#folder, path));
  }
}
