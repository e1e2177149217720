import { alone, type Spelling, type Subject } from './subject.ts';

const NONE: readonly never[] = Object.freeze([]);

/**
 * An intent string as it stands, as the one subject of its call. Its other forms are worked out when a rule that forbids
 * is looked for in them.
 */
export class WholeIntent implements Subject {
  readonly kind = 'intent';
  readonly given: string;
  readonly canonical: readonly Spelling[];
  readonly shared = NONE;
  readonly exact = NONE;
  readonly unreadable: Subject['unreadable'];
  readonly #forms: () => readonly string[];
  #other: readonly Spelling[] | undefined;

  constructor(intent: string, forms: () => readonly string[], unreadable: Subject['unreadable'] = null) {
    this.given = intent;
    this.canonical = [alone(intent)];
    this.unreadable = unreadable;
    this.#forms = forms;
  }

  get other(): readonly Spelling[] {
    this.#other ??= this.#spell();
    return this.#other;
  }

  #spell(): readonly Spelling[] {
    const forms = this.#forms();
    return forms.length === 0 ? NONE : [...new Set(forms)].filter((form) => form !== this.given).map(alone);
  }
}
