import { collectSecrets } from './redact/collect-secrets.ts';
import { KnownSecrets } from './redact/known-secrets.ts';
import { LONG_NUMBER, QuietData } from './redact/quiet.ts';
import { redactValue, type TextRedaction } from './redact/redact-value.ts';
import { SensitiveKeys } from './redact/sensitive-keys.ts';
import { cutBehindMarks, MARK, replaceSpans, type Shown, type Span } from './redact/spans.ts';
import { searchText, type TextPattern, type TextSearch } from './redact/text-search.ts';
import { LOOKAHEAD } from './redact/value-patterns.ts';
import type { EvaluatorResult } from './result.ts';
import type { WrittenResult } from './wire-results.ts';

export type { TextPattern } from './redact/text-search.ts';

/** What is hidden beside the built-in names and values. */
export interface RedactionOptions {
  /** Names, compared by their words: `customer id` also hides `customerId` and `old_customer_id`. A `*` opens an end. */
  readonly keys: readonly string[];
  readonly patterns: readonly TextPattern[];
}

/** Redacts what is stored of one action. Its answers do not change when they are redacted again. */
export interface ActionRedaction {
  /**
   * A frozen copy of plain JSON (tagged forms are known) without secrets: values under sensitive names are replaced as a
   * whole, texts and keys as by {@link ActionRedaction.text}. Never throws for plain JSON.
   */
  value(value: unknown): unknown;
  /** A text in which `[redacted]` stands for what looks like a secret, and for the action's own ones, however spelled. */
  text(text: string): string;
  /**
   * The same for a text that is cut: at most `keep` characters of what its first `keep` characters become. Nothing is
   * left of a secret that lies across the cut, and the text is read only a little further than that.
   */
  beginning(text: string, keep: number): string;
  /**
   * Results that were redacted before, by their metadata: nothing changes in what is made once and handed out again and
   * again. `null` where the action has secrets of its own, which may stand in any text.
   */
  readonly results: WeakMap<object, KnownResult> | null;
}

/** A result, and what is stored of it. */
export interface KnownResult {
  readonly of: EvaluatorResult;
  readonly written: WrittenResult;
}

/** Takes secrets out of what is stored. */
export interface Redactor {
  /** Collects the secrets of an action from its parameters: a private copy, or plain JSON. */
  forAction(parameters: unknown): ActionRedaction;
  /**
   * The same where a quick look tells that the parameters are plain JSON without anything to hide, which
   * {@link ActionRedaction.value} leaves as they are; `null` where it does not tell that. `parameters`: a private copy
   * without values that were passed by reference.
   */
  forQuietAction(parameters: unknown): ActionRedaction | null;
}

/** How often a text is searched: what is replaced may part what was one before, and so bring more to light. */
const ROUNDS = 8;
/** How much further than what is kept a text is read, so that what lies across the cut is recognised. */
const OVERSCAN = ROUNDS * LOOKAHEAD;

/** Makes a redactor. `options.keys` are to be checked before, see `problemOfKey`. */
export function makeRedactor({ keys, patterns }: RedactionOptions): Redactor {
  const search: TextSearch = { keys: new SensitiveKeys(keys), patterns };
  const quiet = new Redaction(search, new KnownSecrets(), new WeakMap());
  const data = new QuietData(search);
  return {
    forAction(parameters) {
      const secrets = new KnownSecrets();
      collectSecrets(parameters, search, secrets);
      return secrets.isEmpty && !secrets.overflow ? quiet : new Redaction(search, secrets, null);
    },
    forQuietAction: (parameters) => (data.holds(parameters) ? quiet : null),
  };
}

class Redaction implements ActionRedaction, TextRedaction {
  readonly keys: SensitiveKeys;
  readonly results: ActionRedaction['results'];
  readonly #search: TextSearch;
  readonly #secrets: KnownSecrets;

  constructor(search: TextSearch, secrets: KnownSecrets, results: ActionRedaction['results']) {
    this.keys = search.keys;
    this.results = results;
    this.#search = search;
    this.#secrets = secrets;
  }

  value(value: unknown): unknown {
    return redactValue(value, this);
  }

  text(text: string): string {
    if (this.#secrets.overflow) return text === '' ? '' : MARK;
    return this.#settle({ text, limit: text.length }).text;
  }

  beginning(text: string, keep: number): string {
    const kept = Number.isFinite(keep) ? Math.max(0, Math.floor(keep)) : text.length;
    if (this.#secrets.overflow) return cutBehindMarks(this.text(text), kept);
    const window = text.length > kept + OVERSCAN ? text.slice(0, kept + OVERSCAN) : text;
    const settled = this.#settle({ text: window, limit: Math.min(kept, window.length) });
    return cutBehindMarks(settled.text, Math.min(settled.limit, kept));
  }

  /** Names of members stay where they can, so that the shape of the data is kept even where all texts are hidden. */
  name(name: string): string {
    return this.#settle({ text: name, limit: name.length }).text;
  }

  isSuspect(value: number): boolean {
    const { overflow, isEmpty } = this.#secrets;
    return overflow || !isEmpty || this.#search.patterns.length > 0 || Math.abs(value) >= LONG_NUMBER;
  }

  /** Replaces until nothing is left to replace. A text that does not come to rest is replaced as a whole. */
  #settle(shown: Shown): Shown {
    let now = shown;
    for (let round = 0; round < ROUNDS; round++) {
      const spans = this.#spansIn(now.text);
      if (spans.length === 0) return now;
      const next = replaceSpans(now, spans);
      if (next.text === now.text) return now;
      now = next;
    }
    return { text: MARK, limit: MARK.length };
  }

  #spansIn(text: string): Span[] {
    const spans: Span[] = [];
    const tell = (start: number, end: number): void => {
      if (end > start) spans.push({ start, end });
    };
    searchText(text, this.#search, tell);
    this.#secrets.find(text, tell);
    return spans;
  }
}
