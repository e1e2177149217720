import type { Argument } from '../../core/argument.ts';
import type { FileFacts } from '../../core/file-facts.ts';
import type { IntentSource } from '../../core/intent-source.ts';
import { bareForms } from './bare-string.ts';
import { IntentFrame } from './intent-frame.ts';
import { type ReadArgument, type ReadingFacts, readArgument, type Unit } from './read-argument.ts';
import { alone, type Spelling, type Subject } from './subject.ts';
import { textForms } from './text.ts';
import { WholeIntent } from './whole-intent.ts';

/** So many typed arguments are read, and so many others; a call with more of either cannot be read. */
const MAX_TYPED = 256;
export const MAX_UNTYPED = 1_000;

const NONE: readonly never[] = Object.freeze([]);
const NOTHING_READ: ReadonlyMap<Argument, ReadArgument> = new Map();

/** What rules are walked for, and what conditions are computed on. */
export interface Readings {
  readonly subjects: readonly Subject[];
  /** What each typed argument was read as, by the argument. */
  readonly read: ReadonlyMap<Argument, ReadArgument>;
  /** The intent string with every typed argument in its plainest form. */
  readonly plainIntent: string;
}

/**
 * Everything that an intent would touch, each with its spellings. An intent without typed arguments is one subject,
 * whose one canonical form is the intent string as it stands.
 */
export function readIntent(intent: string, source: IntentSource, facts: ReadingFacts): Readings {
  const { files } = facts;
  if (!source.arguments.areTyped) return wholeIntent(intent, source, files, NONE);
  const args = source.arguments.list;
  const frame = new IntentFrame(intent, source);
  const typed = args.filter((argument) => isTyped(argument) && frame.holds(argument));
  const read = new Map<Argument, ReadArgument>();
  const guessed: string[] = [];
  for (const argument of typed.slice(0, MAX_TYPED)) {
    const found = readArgument(argument, facts);
    // What only its name makes a command is prose, or code of another language, where it cannot be read as one.
    if (found.unreadable === null || argument.isSure || found.unreadable.isTooMuch) read.set(argument, found);
    else guessed.push(argument.text, ...found.shared, ...found.units.flatMap(({ forms }) => forms.canonical));
  }
  if (read.size === 0) return wholeIntent(intent, source, files, guessed);
  frame.setPlain(read);
  const common = [
    ...[...untypedForms(args), ...guessed, ...bareFormsOf(intent, source, files)].map(alone),
    ...frame.whole,
  ];
  const subjects: Subject[] = [];
  for (const [argument, { units, shared, unreadable }] of read) {
    const own = shared.flatMap((form) => frame.around(argument, form, true));
    const lists = [own, common].filter((list) => list.length > 0);
    for (const [i, unit] of units.entries()) {
      subjects.push(subjectOf(unit, argument, frame, lists, i === 0 ? unreadable : null));
    }
  }
  const excess = excessOf(intent, typed.length, args);
  if (excess !== null) subjects.push(excess);
  return { subjects, read, plainIntent: frame.plain };
}

/** Paths, URLs, commands and statements; one that is empty touches nothing, but an empty path is the folder itself. */
function isTyped({ kind, text }: Argument): boolean {
  return kind !== undefined && kind !== 'text' && (text !== '' || kind === 'path');
}

function subjectOf(
  { kind, given, forms, inPlace }: Unit,
  argument: Argument,
  frame: IntentFrame,
  shared: Subject['shared'],
  unreadable: Subject['unreadable'],
): Subject {
  const spell = (form: string, forbids: boolean): readonly Spelling[] =>
    inPlace ? frame.around(argument, form, forbids) : [alone(form)];
  const canonical = forms.canonical.flatMap((form) => spell(form, false));
  const other = forms.other.flatMap((form) => spell(form, true));
  // With an author's own intent string a form by itself says too little to permit anything.
  if (!frame.isJoined && inPlace) other.push(...forms.canonical.map(alone));
  // A path or a URL is what it leads to, however exactly a rule spells it.
  const isExact = argument.kind === 'shell' || argument.kind === 'sql';
  const exact = isExact ? [argument.text, frame.intent] : NONE;
  return { kind, given, canonical, other, shared, exact, unreadable };
}

function wholeIntent(
  intent: string,
  source: IntentSource,
  files: FileFacts,
  guessed: readonly string[],
): Readings {
  const subjects: Subject[] = [new WholeIntent(intent, () => formsOfWhole(intent, source, files, guessed))];
  const excess = source.arguments.count > MAX_UNTYPED ? excessOf(intent, 0, source.arguments.list) : null;
  if (excess !== null) subjects.push(excess);
  return { subjects, read: NOTHING_READ, plainIntent: intent };
}

function formsOfWhole(
  intent: string,
  source: IntentSource,
  files: FileFacts,
  guessed: readonly string[],
): readonly string[] {
  const { count } = source.arguments;
  if (count > 1) return [...guessed, ...untypedForms(source.arguments.list)];
  if (source.isGuess) return [...textForms(intent), ...bareForms(intent, files)];
  return count === 1 || source.readAs !== null ? [...guessed, ...textForms(intent)] : NONE;
}

function bareFormsOf(intent: string, { isGuess }: IntentSource, files: FileFacts): readonly string[] {
  return isGuess ? bareForms(intent, files) : NONE;
}

/** Each argument of no kind by itself, and all of them together in plain letters. */
function untypedForms(args: readonly Argument[]): string[] {
  const untyped = args.filter(({ kind, text }) => kind === undefined && text !== '').slice(0, MAX_UNTYPED);
  const forms = untyped.flatMap(({ text }) => [text, ...textForms(text)]);
  return [...new Set([...forms, ...textForms(untyped.map(({ text }) => text).join(' '))])];
}

/** What stands for the arguments of a call that has too many of them. */
function excessOf(intent: string, typed: number, args: readonly Argument[]): Subject | null {
  const others = args.reduce((sum, { kind }) => sum + (kind === undefined ? 1 : 0), 0);
  if (typed <= MAX_TYPED && others <= MAX_UNTYPED) return null;
  const [count, most] = typed > MAX_TYPED ? [typed, MAX_TYPED] : [others, MAX_UNTYPED];
  const why = `it has ${count} arguments to be read, and at most ${most} are`;
  return new WholeIntent(intent, () => NONE, { why, isTooMuch: true });
}
