/** What one rule looks for. Every rule blocks; where none matches, the call is allowed. */
export type Rule =
  /** A regular expression, written so that Python, RE2 and JavaScript read it alike. */
  | { readonly kind: 'regex'; readonly source: string }
  /** The argument `key` starts with a literal that ends in `/`. */
  | { readonly kind: 'prefix'; readonly literal: string }
  /** Literals in this order with anything but a newline between them; `source` says the same as a regex. */
  | { readonly kind: 'gap'; readonly literals: readonly string[]; readonly source: string };

/** One action to judge, in the forms that the peers read. All forms are made before the clock starts. */
export interface Intent {
  /** What text rules are matched against; for prefix rules the value of `key`. */
  readonly text: string;
  /** The arguments of the call. */
  readonly parameters: Readonly<Record<string, string>>;
  /** `key` with dots for slashes, for a peer whose only prefix rules are dotted action names. */
  readonly dotted: string;
  /** The verdict that every peer must give. */
  readonly blocked: boolean;
}

/** Rules and intents that every peer gets alike. */
export interface Workload {
  /** Names the rules: workloads with the same title, size and kind have the same rules. */
  readonly title: string;
  readonly kind: Rule['kind'];
  readonly size: number;
  readonly rules: readonly Rule[];
  /** Interleaved: any 4 neighbours hit the first rule, one in the middle, the last, and none. */
  readonly intents: readonly Intent[];
}

/** Characters of a short intent: a path, command or statement with a little around it. */
export const SHORT = 120;
/** Characters of a long intent. */
export const LONG = 10_240;

/** The rule counts of every comparison. */
export const SIZES = [10, 100, 1_000, 10_000] as const;

/** The regular expression of a rule. */
export function regexOf(rule: Rule): string {
  return rule.kind === 'prefix' ? `^${rule.literal}` : rule.source;
}

/** Which rule each intent hits: the first, one in the middle half, the last, or none (`null`), 16 of each. */
export function targets(size: number, random: () => number): readonly (number | null)[] {
  const out: (number | null)[] = [];
  for (let i = 0; i < 16; i++) {
    const middle = Math.floor(size * (0.25 + random() * 0.5));
    out.push(0, middle, size - 1, null);
  }
  return out;
}
