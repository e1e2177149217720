import { didYouMean } from '../core/did-you-mean.ts';
import type { ConditionPolicyInput } from '../policy/rule-input.ts';
import type { AsWritten } from './as-written.ts';
import type { FileDraft, PolicyDraft } from './draft.ts';
import type { Problems } from './problem.ts';
import { showable } from './source-text.ts';

/** A policy with what it takes over from those that it extends. */
export interface ResolvedPolicy {
  readonly input: ConditionPolicyInput;
  readonly asWritten: AsWritten;
}

/** What a parent has to give: nothing, if there is none of that name. */
type Inherited = Pick<ResolvedPolicy, 'asWritten'> & { readonly input: Partial<ConditionPolicyInput> };

const NOTHING: Inherited = Object.freeze({ input: {}, asWritten: {} });

/**
 * Resolves `extends` of one file's policies. A policy takes over every field that it does not state itself, its
 * condition and action types included; a field that it states replaces the parent's whole (conditions are not
 * combined: whoever reads the policy sees the condition that holds). Of several parents the last wins. Names are
 * looked up in the same file, then in the layers before, `earlier` (which gets this file's policies). A parent stays
 * a policy of its own.
 */
export function resolveExtends(
  draft: FileDraft,
  earlier: Map<string, ResolvedPolicy>,
  problems: Problems,
): ResolvedPolicy[] {
  const own = new Map<string, PolicyDraft>();
  for (const policy of draft.policies) {
    const { name } = policy.input;
    if (own.has(name)) {
      const message = `Two policies of this file are named \`${showable(name)}\`. Give each its own name.`;
      problems.add('validation', message, draft.source, policy.nameOffset, name.length);
    } else own.set(name, policy);
  }
  const resolver = new Resolver(draft, own, earlier, problems);
  const resolved = draft.policies.map((policy) => resolver.resolve(policy));
  for (const policy of resolved) earlier.set(policy.input.name, policy);
  return resolved;
}

class Resolver {
  readonly #draft: FileDraft;
  readonly #own: ReadonlyMap<string, PolicyDraft>;
  readonly #earlier: ReadonlyMap<string, ResolvedPolicy>;
  readonly #problems: Problems;
  readonly #done = new Map<PolicyDraft, ResolvedPolicy>();
  /** The chain from a policy to its parents that is being followed. */
  readonly #open: PolicyDraft[] = [];

  constructor(
    draft: FileDraft,
    own: ReadonlyMap<string, PolicyDraft>,
    earlier: ReadonlyMap<string, ResolvedPolicy>,
    problems: Problems,
  ) {
    this.#draft = draft;
    this.#own = own;
    this.#earlier = earlier;
    this.#problems = problems;
  }

  resolve(policy: PolicyDraft): ResolvedPolicy {
    const done = this.#done.get(policy);
    if (done !== undefined) return done;
    this.#open.push(policy);
    let inherited: Inherited = NOTHING;
    for (const parent of policy.parents) {
      const { input, asWritten } = this.#parent(parent);
      inherited = {
        input: { ...inherited.input, ...input },
        asWritten: { ...inherited.asWritten, ...asWritten },
      };
    }
    this.#open.pop();
    const resolved = {
      input: { ...inherited.input, ...policy.input },
      asWritten: { ...inherited.asWritten, ...policy.asWritten },
    };
    this.#done.set(policy, resolved);
    return resolved;
  }

  #parent({ name, offset }: PolicyDraft['parents'][number]): Inherited {
    const own = this.#own.get(name);
    if (own === undefined) {
      const before = this.#earlier.get(name);
      if (before !== undefined) return before;
      const known = new Set([...this.#own.keys(), ...this.#earlier.keys()]);
      return this.#fail(
        `There is no policy \`${showable(name)}\` to extend.${didYouMean(name, known)}`,
        name,
        offset,
      );
    }
    const start = this.#open.indexOf(own);
    if (start < 0 && this.#open.length < MAX_CHAIN) return this.resolve(own);
    if (start < 0) return this.#fail(`A chain of \`extends\` is longer than ${MAX_CHAIN}.`, name, offset);
    const circle = [...this.#open.slice(start).map(({ input }) => input.name), name].join(' → ');
    return this.#fail(`A policy cannot extend itself: ${showable(circle, 200)}.`, name, offset);
  }

  #fail(message: string, name: string, offset: number): Inherited {
    this.#problems.add('validation', message, this.#draft.source, offset, name.length);
    return NOTHING;
  }
}

const MAX_CHAIN = 100;
