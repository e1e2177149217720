import type { LoadedConfig } from './config/load.ts';
import type { Redactor } from './core/redact.ts';
import { nodeCrypto } from './node-crypto.ts';
import type { Policy } from './policy/policy.ts';
import type { PolicyVersion } from './stores/store.ts';

/**
 * Names the policy in force in every record, and tells what it says. A policy made in code can be given more rules at
 * any time, so the name is made anew when its rules are others.
 */
export class PolicyRevision {
  readonly #policies: readonly Policy[];
  readonly #loaded: LoadedConfig | null;
  #rules: readonly unknown[] = [];
  #id = '';

  constructor(policies: readonly Policy[], loaded: LoadedConfig | null) {
    this.#policies = policies;
    this.#loaded = loaded;
  }

  /** 16 hexadecimal digits of a SHA-256: of the files alone where no policy was made in code. */
  get id(): string {
    if (this.#policies.length === 0) return this.#loaded?.revision ?? 'none';
    const changed = this.#id === '' || this.#policies.some(({ rules }, i) => rules !== this.#rules[i]);
    if (!changed) return this.#id;
    this.#rules = this.#policies.map(({ rules }) => rules);
    const text = JSON.stringify([this.#loaded?.revision ?? null, this.#policies.map(described)]);
    this.#id = nodeCrypto().hash('sha256', text).slice(0, 16);
    return this.#id;
  }

  /**
   * All that is judged by, for the store to keep: with every `${VAR}` as the files have it, and without what looks like
   * a secret.
   */
  describe(redactor: Redactor): PolicyVersion {
    const redaction = redactor.forAction({});
    const layers = [...this.#policies.map(described), ...(this.#loaded?.layersAsWritten ?? [])];
    const sources = this.#loaded?.sources ?? [];
    return {
      revision: this.id,
      // One by one: a great many rules in one file do not use up what the redactor looks at in another.
      rules: layers.map((layer) => redaction.value(snakeKeys(layer))),
      sources: sources.map(({ file, text }) => ({
        file: file === null ? null : redaction.text(file),
        text: redaction.text(text),
      })),
    };
  }
}

function described({ name, defaultAction, rules }: Policy) {
  const asWritten = rules.map(
    ({ pattern, action, reason, name: called, suggestion, escalateTo, deferSeconds }) => {
      return { pattern, action, reason, name: called, suggestion, escalateTo, deferSeconds };
    },
  );
  return { name, source: null, defaultAction, rules: asWritten, policies: [] };
}

/** Every key of a policy is one of the guard's words. */
function snakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined && typeof item !== 'function')
      .map(([key, item]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), snakeKeys(item)]),
  );
}
