/** A text that rules are matched against, with the place in it where the argument stands. */
export interface Spelling {
  readonly text: string;
  /** Where the argument stands in the text, in UTF-16 units; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
  /** The form of the argument that stands there. */
  readonly form: string;
}

/** What a subject is, in the words that a refusal uses. */
export type SubjectKind = 'intent' | 'path' | 'URL' | 'command' | 'statement';

/** One thing that a call would touch: rules are walked for each by itself, and the worst verdict counts. */
export interface Subject {
  readonly kind: SubjectKind;
  /** The argument, or the part of it, as it was given. */
  readonly given: string;
  /** What will really be touched: a rule that matches one of these decides. */
  readonly canonical: readonly Spelling[];
  /** Readings that may only forbid. */
  readonly other: readonly Spelling[];
  /** Further such readings, in lists that other subjects of the same call share. */
  readonly shared: readonly (readonly Spelling[])[];
  /** A plain rule anchored at both ends whose text is one of these decides too. */
  readonly exact: readonly string[];
  /** Why the argument cannot be read as what it is, or `null`. */
  readonly unreadable: Unreadable | null;
}

/** Why something cannot be read. */
export interface Unreadable {
  readonly why: string;
  /** True where it is too long to be read: how long it is, is the model's choice, so no setting lets it pass. */
  readonly isTooMuch: boolean;
}

/** A spelling that is the argument and nothing else. */
export function alone(form: string): Spelling {
  return { text: form, from: 0, to: form.length, form };
}
