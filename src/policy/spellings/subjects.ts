import type { Argument } from '../../core/argument.ts';
import type { FileFacts } from '../../core/file-facts.ts';
import type { IntentSource } from '../../core/intent-source.ts';
import { bareForms } from './bare-string.ts';
import { IntentFrame } from './intent-frame.ts';
import { type ReadArgument, readArgument, type Unit } from './read-argument.ts';
import { alone, type Spelling, type Subject } from './subject.ts';
import { textForms } from './text.ts';

/** So many arguments are read; a call with more of them cannot be read. */
const MAX_ARGUMENTS = 1_000;

const NONE: readonly never[] = Object.freeze([]);
const NOTHING_READ: ReadonlyMap<Argument, ReadArgument> = new Map();

/** What rules are walked for, and what conditions are computed on. */
export interface Readings {
  readonly subjects: readonly Subject[];
  /** What each typed argument was read as, by the argument. */
  readonly read: ReadonlyMap<Argument, ReadArgument>;
}

/**
 * Everything that an intent would touch, each with its spellings. An intent without typed arguments is one subject,
 * whose one canonical form is the intent string as it stands.
 */
export function readIntent(intent: string, source: IntentSource, files: FileFacts): Readings {
  const { areTyped } = source.arguments;
  if (!areTyped) return { subjects: [new WholeIntent(intent, source, files)], read: NOTHING_READ };
  const args = source.arguments.list;
  const frame = new IntentFrame(intent, source);
  const typed = args.filter((argument) => isTyped(argument) && frame.holds(argument));
  if (typed.length === 0) return { subjects: [new WholeIntent(intent, source, files)], read: NOTHING_READ };
  const read = new Map<Argument, ReadArgument>();
  for (const argument of typed.slice(0, MAX_ARGUMENTS)) read.set(argument, readArgument(argument, files));
  frame.setPlain(read);
  const besides = [...untypedForms(args), ...(source.isGuess ? bareForms(intent, files) : NONE)].map(alone);
  const subjects: Subject[] = [];
  for (const [argument, { units, shared, unreadable }] of read) {
    const spelled = [
      ...shared.flatMap((form) => frame.around(argument, form, true)),
      ...besides,
      ...frame.whole,
    ];
    for (const [i, unit] of units.entries()) {
      subjects.push(subjectOf(unit, argument, frame, spelled, i === 0 ? unreadable : null));
    }
  }
  if (typed.length > MAX_ARGUMENTS) subjects.push(tooMany(intent, typed.length));
  return { subjects, read };
}

function isTyped({ kind }: Argument): boolean {
  return kind !== undefined && kind !== 'text';
}

function subjectOf(
  { kind, given, forms, inPlace }: Unit,
  argument: Argument,
  frame: IntentFrame,
  shared: readonly Spelling[],
  unreadable: string | null,
): Subject {
  const spell = (form: string, forbids: boolean): readonly Spelling[] =>
    inPlace ? frame.around(argument, form, forbids) : [alone(form)];
  const canonical = forms.canonical.flatMap((form) => spell(form, false));
  const other = forms.other.flatMap((form) => spell(form, true));
  // With an author's own intent string a form by itself says too little to permit anything.
  if (!frame.isJoined && inPlace) other.push(...forms.canonical.map(alone));
  const exact = inPlace ? [argument.text, frame.intent] : NONE;
  return { kind, given, canonical, other, shared, exact, unreadable };
}

/** An intent without typed arguments. Its other forms are worked out when a rule that forbids is looked for in them. */
class WholeIntent implements Subject {
  readonly kind = 'intent';
  readonly given: string;
  readonly canonical: readonly Spelling[];
  readonly shared = NONE;
  readonly exact = NONE;
  readonly unreadable = null;
  readonly #source: IntentSource;
  readonly #files: FileFacts;
  #other: readonly Spelling[] | undefined;

  constructor(intent: string, source: IntentSource, files: FileFacts) {
    this.given = intent;
    this.canonical = [alone(intent)];
    this.#source = source;
    this.#files = files;
  }

  get other(): readonly Spelling[] {
    this.#other ??= this.#spell();
    return this.#other;
  }

  #spell(): readonly Spelling[] {
    const forms = formsOfWhole(this.given, this.#source, this.#files);
    return forms.length === 0 ? NONE : [...new Set(forms)].filter((form) => form !== this.given).map(alone);
  }
}

function formsOfWhole(intent: string, source: IntentSource, files: FileFacts): readonly string[] {
  const { count } = source.arguments;
  if (count > 1) return untypedForms(source.arguments.list);
  if (source.isGuess) return [...textForms(intent), ...bareForms(intent, files)];
  return count === 1 || source.readAs !== null ? textForms(intent) : NONE;
}

/** Each argument of no kind by itself. */
function untypedForms(args: readonly Argument[]): string[] {
  const forms: string[] = [];
  for (const { kind, text } of args.slice(0, MAX_ARGUMENTS)) {
    if (kind === undefined && text !== '') forms.push(text, ...textForms(text));
  }
  return [...new Set(forms)];
}

function tooMany(intent: string, count: number): Subject {
  const unreadable = `it has ${count} paths, URLs, commands and statements, and at most ${MAX_ARGUMENTS} are read`;
  return {
    kind: 'intent',
    given: intent,
    canonical: [alone(intent)],
    other: NONE,
    shared: NONE,
    exact: NONE,
    unreadable,
  };
}
