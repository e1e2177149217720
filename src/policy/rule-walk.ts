import { PatternIndex } from './index/pattern-index.ts';
import type { Match } from './match.ts';
import type { Rule } from './rule.ts';
import type { Spelling, Subject } from './spellings/subject.ts';

/** What a list of rules says of one subject. */
export interface Walked {
  readonly match: Match;
  /** The form that the rule matched; `null` where it is a whole intent as it stands. */
  readonly form: string | null;
  /** True where a plain rule for exactly this text permits it, which also holds for what cannot be read. */
  readonly exactly: boolean;
}

/** Most matches of one pattern that are looked at for one that touches the argument. */
const MAX_MATCHES = 64;
/** Above every place. */
const NONE = 0x7fffffff;

/** Rules in order, ready to be walked for the subjects of an intent. */
export class RuleWalk {
  readonly #rules: readonly Rule[];
  readonly #matches: readonly Match[];
  readonly #index: PatternIndex;
  /** Places of the rules that can forbid, ascending, and an index over these alone. */
  readonly #restrictive: readonly number[];
  readonly #forbidding: PatternIndex;
  /** The first plain rule anchored at both ends, by its text. */
  readonly #exact: ReadonlyMap<string, number>;

  constructor(rules: readonly Rule[], matches: readonly Match[]) {
    this.#rules = rules;
    this.#matches = matches;
    this.#index = new PatternIndex(rules.map((rule) => rule.compiled));
    this.#restrictive = rules.flatMap((_, i) => (isRestrictive(matches[i]) ? [i] : []));
    this.#forbidding =
      this.#restrictive.length === rules.length
        ? this.#index
        : new PatternIndex(this.#restrictive.map((i) => (rules[i] as Rule).compiled));
    const exact = new Map<string, number>();
    for (const [i, rule] of rules.entries()) {
      const { exact: text } = rule.compiled;
      if (text !== null && !exact.has(text)) exact.set(text, i);
    }
    this.#exact = exact;
  }

  /**
   * Walks the rules in order for one subject: the first that matches a canonical form decides, a permissive one only
   * where its match touches the argument; before it, rules that forbid may match any other form. The worst counts.
   * `undefined` where no rule says anything.
   */
  walk(subject: Subject, seen: SeenForms): Walked | undefined {
    let decided = NONE;
    let form = '';
    let exactly = false;
    for (const spelling of subject.canonical) {
      const i = subject.kind === 'intent' ? this.#firstAt(spelling.text) : this.#deciding(spelling, decided);
      if (i >= decided) continue;
      decided = i;
      form = spelling.form;
    }
    for (const text of subject.exact) {
      const i = this.#exact.get(text);
      if (i === undefined || i >= decided) continue;
      decided = i;
      form = text;
      exactly = true;
    }
    const worse = this.#forbidden(subject, decided, seen);
    const match = this.#matches[decided];
    if (worse !== undefined && (match === undefined || worse.match.rank >= match.rank)) return worse;
    return match === undefined
      ? undefined
      : {
          match,
          form: subject.kind === 'intent' ? null : form,
          exactly: exactly && match.rank <= PERMISSIVE,
        };
  }

  #firstAt(text: string): number {
    const i = this.#index.first(text);
    return i < 0 ? NONE : i;
  }

  /** The place of the first rule below `before` that matches a canonical form; `before` or more where there is none. */
  #deciding(spelling: Spelling, before: number): number {
    let i = this.#index.firstFrom(spelling.text, 0);
    while (i >= 0 && i < before && !isRestrictive(this.#matches[i]) && !this.#touches(i, spelling)) {
      i = this.#index.firstFrom(spelling.text, i + 1);
    }
    return i < 0 ? NONE : i;
  }

  /**
   * Whether a permissive rule is about the argument: a match overlaps it by at least one character, and without the
   * argument the rule would not match. `^/tmp/.*` in front of another path says nothing of that one.
   */
  #touches(place: number, { text, from, to }: Spelling): boolean {
    const pattern = this.#rules[place]?.compiled;
    if (pattern === undefined) return false;
    const isWhole = from === 0 && to === text.length;
    if (isWhole && pattern.shape.required.length > 0) return true;
    if (!isWhole && pattern.test(text.slice(0, from) + text.slice(to))) return false;
    let left = MAX_MATCHES;
    for (const { start, end } of pattern.matches(text)) {
      if (start < to && end > from && end > start) return true;
      if (start >= to || --left === 0) return false;
    }
    return false;
  }

  /** The worst that a rule before `decided` says of another form. */
  #forbidden(subject: Subject, decided: number, seen: SeenForms): Walked | undefined {
    if ((this.#restrictive[0] ?? NONE) >= decided) return undefined;
    let worst: Walked | undefined;
    const consider = (place: number, form: string): void => {
      const match = this.#matches[place] as Match;
      if (worst === undefined || match.rank > worst.match.rank) worst = { match, form, exactly: false };
    };
    for (const { text, form } of subject.other) {
      for (let i = this.#forbidding.first(text); i >= 0; i = this.#forbidding.firstFrom(text, i + 1)) {
        const place = this.#restrictive[i] as number;
        if (place >= decided) break;
        consider(place, form);
        if (worst?.match.rank === WORST) return worst;
      }
    }
    for (const shared of subject.shared) {
      for (const { place, form } of seen.of(shared, (spellings) => this.#hits(spellings))) {
        if (place < decided) consider(place, form);
      }
    }
    return worst;
  }

  /** Every rule that forbids one of these spellings, with the form, in the order of the rules. */
  #hits(spellings: readonly Spelling[]): readonly Hit[] {
    const hits = spellings.flatMap(({ text, form }) =>
      this.#forbidding.all(text).map((i) => ({ place: this.#restrictive[i] as number, form })),
    );
    return hits.sort((a, b) => a.place - b.place);
  }
}

interface Hit {
  readonly place: number;
  readonly form: string;
}

/** What was found for spellings that several subjects of a call share. One for each judgement of a list of rules. */
export class SeenForms {
  #hits: Map<readonly Spelling[], readonly Hit[]> | undefined;

  of(
    spellings: readonly Spelling[],
    find: (spellings: readonly Spelling[]) => readonly Hit[],
  ): readonly Hit[] {
    this.#hits ??= new Map();
    const known = this.#hits.get(spellings);
    if (known !== undefined) return known;
    const hits = find(spellings);
    this.#hits.set(spellings, hits);
    return hits;
  }
}

/** Ranks of `Match`: WARN and below permit, BLOCK is the worst. */
const PERMISSIVE = 1;
const WORST = 4;

function isRestrictive(match: Match | undefined): boolean {
  return match !== undefined && match.rank > PERMISSIVE;
}
