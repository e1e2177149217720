import type {
  AndOr,
  Case,
  Command,
  CompoundList,
  Coproc,
  Function as FunctionNode,
  If,
  Pipeline,
  Redirection,
  Statement,
  SyntaxNode,
  Word,
} from 'unbash';
import { type Feed, UNKNOWN } from './feed.ts';
import { sharedFeed } from './redirects.ts';

/** What a {@link Printer} asks of its reader on the way. */
export interface Visitor {
  statement(statement: Statement): void;
  /** Reads a simple command, fed by a pipe or by what surrounds it, and prints it. */
  command(node: Command, feed: Feed | null): string;
  /** Reads redirects and prints them, after what they give to read; `null` for nothing. */
  redirects(nodes: readonly Redirection[]): readonly [Feed | null, string];
  /** Takes note of what a loop gives to its variable. */
  loop(name: string, words: readonly Word[]): void;
  /** Takes note of a function. */
  define(name: string, body: string): void;
  /** Reads the substitutions among the words below a node. */
  words(node: SyntaxNode): void;
  source(node: SyntaxNode): string;
  feed(feed: Feed, read: () => string): string;
  subshell(read: () => string): string;
  /** What the last simple command prints. */
  output(): Feed;
}

type Node = Statement['command'] | AndOr['commands'][number] | FunctionNode['body'] | Coproc['body'];

/** Walks a script in its order, has its commands read, and prints it on one line. */
export class Printer {
  readonly #visitor: Visitor;

  constructor(visitor: Visitor) {
    this.#visitor = visitor;
  }

  statements(statements: readonly Statement[]): string {
    let line = '';
    for (const [index, statement] of statements.entries()) {
      this.#visitor.statement(statement);
      const text = this.#node(statement.command, null);
      line += statement.background === true ? `${text} &` : text;
      if (index < statements.length - 1) line += statement.background === true ? ' ' : '; ';
    }
    return line;
  }

  #list(list: CompoundList | undefined): string {
    if (list === undefined) return '';
    const parts: string[] = [];
    for (const statement of list.commands) {
      const text = this.#node(statement.command, null);
      parts.push(statement.background === true ? `${text} &` : `${text};`);
    }
    return parts.join(' ');
  }

  #node(node: Node, feed: Feed | null): string {
    if (node.type === 'Command') return this.#visitor.command(node, feed);
    const shared = sharedFeed(feed);
    if (shared !== null) return this.#visitor.feed(shared, () => this.#compound(node));
    return this.#compound(node);
  }

  #compound(node: Exclude<Node, Command>): string {
    switch (node.type) {
      case 'AndOr':
        return this.#chain(
          node.commands.map((part) => this.#node(part, null)),
          node.operators,
        );
      case 'Pipeline':
        return this.#pipeline(node);
      case 'Redirected':
        return this.#redirected(node.command, node.redirects);
      case 'CompoundList':
        return this.#list(node);
      case 'Subshell':
        return this.#visitor.subshell(() => `( ${this.#list(node.body)} )`);
      case 'BraceGroup':
        return `{ ${this.#list(node.body)} }`;
      case 'If':
        return this.#if(node);
      case 'While':
        return `${node.kind} ${this.#list(node.clause)} do ${this.#list(node.body)} done`;
      case 'For':
      case 'Select': {
        for (const word of node.wordlist ?? []) this.#visitor.words(word);
        this.#visitor.loop(node.name.text, node.wordlist ?? []);
        const words = (node.wordlist ?? []).map((word) => this.#visitor.source(word)).join(' ');
        return `${node.type.toLowerCase()} ${node.name.text} in ${words}; do ${this.#list(node.body)} done`;
      }
      case 'ArithmeticFor':
        for (const part of [node.initialize, node.test, node.update])
          if (part !== undefined) this.#visitor.words(part);
        return `for ((…)); do ${this.#list(node.body)} done`;
      case 'Case':
        return this.#case(node);
      case 'Function':
        this.#visitor.define(node.name.text, this.#visitor.source(node.body));
        return `${node.name.text}() ${this.#visitor.subshell(() => this.#node(node.body, null))}`;
      case 'Coproc':
        return `coproc ${this.#node(node.body, UNKNOWN)}`;
      default:
        this.#visitor.words(node);
        return this.#visitor.source(node);
    }
  }

  #chain(parts: readonly string[], operators: readonly string[]): string {
    return parts
      .map((part, index) => (index === 0 ? part : ` ${operators[index - 1] ?? ''} ${part}`))
      .join('');
  }

  /** Each command of a pipe runs in a shell of its own, and reads what the one before prints. */
  #pipeline({ prefixes, commands, operators }: Pipeline): string {
    const before = prefixes.map(({ type }) => (type === 'Negation' ? '! ' : 'time ')).join('');
    const [only] = commands;
    if (commands.length === 1 && only !== undefined) return before + this.#node(only, null);
    let feed: Feed | null = null;
    const parts = commands.map((command) => {
      const line = this.#visitor.subshell(() => this.#node(command, feed));
      feed = command.type === 'Command' ? this.#visitor.output() : UNKNOWN;
      return line;
    });
    return before + this.#chain(parts, operators);
  }

  #redirected(command: Node, redirects: readonly Redirection[]): string {
    const [feed, shown] = this.#visitor.redirects(redirects);
    for (const node of redirects) if (node.type !== 'HereDoc') this.#visitor.words(node);
    const reads = redirects.some(({ operator }) => operator.startsWith('<'));
    return `${this.#node(command, feed?.kind === 'text' ? feed : reads ? UNKNOWN : null)} ${shown}`;
  }

  #if(node: If): string {
    let line = `if ${this.#list(node.clause)} then ${this.#list(node.then)}`;
    for (const part of node.elif) line += ` elif ${this.#list(part.clause)} then ${this.#list(part.then)}`;
    if (node.else !== undefined) line += ` else ${this.#list(node.else)}`;
    return `${line} fi`;
  }

  #case(node: Case): string {
    const shown = (words: readonly Word[]): string => {
      for (const word of words) this.#visitor.words(word);
      return words.map((word) => this.#visitor.source(word)).join(' | ');
    };
    const head = `case ${shown([node.word])} in`;
    const items = node.items.map(
      (item) =>
        ` ${shown(item.pattern)}) ${this.#list(item.body)}`.replace(/;$/, '') + (item.terminator ?? ';;'),
    );
    return `${head}${items.join('')} esac`;
  }
}
