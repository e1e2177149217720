import { ConfigValidationError } from '../core/errors.ts';
import { compileGlob, type Glob } from '../policy/glob.ts';
import type { RollbackHandler } from './handler.ts';

/** A handler under the name that its snapshots carry. */
export interface NamedHandler {
  readonly name: string;
  readonly handler: RollbackHandler;
  readonly globs: readonly Glob[];
}

/** What an action does by its last word, or a tool by its first, that changes nothing. */
const READ_VERBS: ReadonlySet<string> = new Set(['read', 'list', 'stat', 'get', 'search']);
/** Words by which a tool that begins as a reading one does more: `search_and_replace`, `get_or_create`. */
const MORE_WORDS: ReadonlySet<string> = new Set(
  'and or then write create update set replace edit delete remove insert add append save move rename'.split(
    ' ',
  ),
);
const NONE: readonly NamedHandler[] = Object.freeze([]);
/** Action types that are remembered; a program has a few of them. */
const MAX_REMEMBERED = 1_000;

/** Who can undo what: of several handlers for a type the one that was registered last comes first. */
export class HandlerRegistry {
  #handlers: readonly NamedHandler[] = NONE;
  readonly #fixed = new Map<string, RollbackHandler>();
  #byType = new Map<string, readonly NamedHandler[]>();

  /**
   * Registers a handler for a glob of action types beside those that it names itself. One of the same name takes its
   * place. Throws ConfigValidationError for what is no handler, and for a name that is taken for good.
   */
  register(actionType: string, handler: RollbackHandler): void {
    check(actionType, handler);
    const name = handler.name ?? actionType;
    if (this.#fixed.has(name)) {
      throw new ConfigValidationError(
        `\`${name}\` is the name of a rollback handler of the guard's own, which keeps it: give yours another \`name\`.`,
      );
    }
    const globs = [...new Set([actionType, ...handler.actionTypes])].map((glob) => compileGlob(glob));
    const others = this.#handlers.filter((known) => known.name !== name);
    this.#handlers = [Object.freeze({ name, handler, globs }), ...others];
    this.#byType = new Map();
  }

  /** Registers a handler that tools bring themselves, for no action type, and whose place no other takes. */
  registerFixed(handler: RollbackHandler & { readonly name: string }): void {
    this.#fixed.set(handler.name, handler);
  }

  /** The handlers for an action type, first choice first; none for one that only reads. */
  handlersOf(actionType: string): readonly NamedHandler[] {
    const known = this.#byType.get(actionType);
    if (known !== undefined) return known;
    const found = isReading(actionType)
      ? NONE
      : this.#handlers.filter(({ globs }) => globs.some((glob) => glob.test(actionType)));
    if (this.#byType.size >= MAX_REMEMBERED) this.#byType.clear();
    this.#byType.set(actionType, found);
    return found;
  }

  /** The handler of a name; `undefined` where it is not registered here. */
  named(name: string): RollbackHandler | undefined {
    return this.#fixed.get(name) ?? this.#handlers.find((known) => known.name === name)?.handler;
  }
}

/** Whether an action type says that it only reads: `file.read`, `tool.read_file`, `tool.listFiles`. */
export function isReading(actionType: string): boolean {
  const last = actionType.slice(actionType.lastIndexOf('.') + 1);
  if (READ_VERBS.has(last.toLowerCase())) return true;
  const [verb = '', ...rest] = last.split(/[_-]|(?<=[a-z0-9])(?=[A-Z])/).map((word) => word.toLowerCase());
  return actionType.startsWith('tool.') && READ_VERBS.has(verb) && !rest.some((word) => MORE_WORDS.has(word));
}

function check(actionType: unknown, handler: RollbackHandler): void {
  if (typeof actionType !== 'string' || actionType === '') {
    throw new ConfigValidationError('A rollback handler is registered for an action type, like `db.*`.');
  }
  const given: Partial<RollbackHandler> | null = handler;
  const isHandler =
    typeof given === 'object' &&
    given !== null &&
    typeof given.capture === 'function' &&
    typeof given.restore === 'function' &&
    (given.name === undefined || (typeof given.name === 'string' && given.name !== '')) &&
    Array.isArray(given.actionTypes) &&
    given.actionTypes.every((type) => typeof type === 'string');
  if (!isHandler) {
    throw new ConfigValidationError(
      'A rollback handler is an object with `actionTypes` (a list of globs), `capture(intent, context)` and `restore(snapshot, context)`.',
    );
  }
}
