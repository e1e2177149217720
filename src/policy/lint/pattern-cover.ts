import type { Chain, Segment } from '../pattern/chain.ts';
import { ANY, sameSet } from '../pattern/char-set.ts';
import type { CompiledPattern } from '../pattern/compile.ts';

/** What a pattern is to the question whether it matches everything that another one matches. */
export type Cover =
  | { readonly kind: 'all' }
  /** It matches exactly the texts that begin with, contain or end with one of the segment's texts. */
  | {
      readonly kind: 'prefix' | 'contains' | 'suffix';
      readonly segment: Segment;
      readonly strictEnd: boolean;
    }
  | { readonly kind: 'other' };

/** Works out what is known of a pattern; once for each, as lists may be long. */
export function coverOf({ matchesEverything, shape }: CompiledPattern): Cover {
  if (matchesEverything) return { kind: 'all' };
  const chain = shape.chain;
  const [segment] = chain?.segments ?? [];
  if (
    chain === null ||
    segment === undefined ||
    chain.segments.length !== 1 ||
    segment.boundary !== undefined
  ) {
    return { kind: 'other' };
  }
  const [before = null, after = null] = chain.gaps;
  const openBefore = !chain.anchored && (before === null || before.min === 0);
  const openAfter = chain.end === 'anywhere' && (after === null || after.min === 0);
  const anythingBefore = openBefore || isAnything(before);
  const anythingAfter = openAfter || isAnything(after);
  const strictEnd = chain.end === 'end';
  if (anythingBefore && anythingAfter) return { kind: 'contains', segment, strictEnd };
  if (chain.anchored && before === null && anythingAfter) return { kind: 'prefix', segment, strictEnd };
  if (anythingBefore && after === null) return { kind: 'suffix', segment, strictEnd };
  return { kind: 'other' };
}

/** A gap that any text fits in, newlines too. */
function isAnything(gap: Chain['gaps'][number]): boolean {
  return gap !== null && gap.min === 0 && gap.max === Number.POSITIVE_INFINITY && sameSet(gap.set, ANY);
}

/**
 * Whether `earlier` is seen to match every text that `later` matches. Never says so wrongly; where it cannot tell it
 * says no.
 */
export function covers(earlier: CompiledPattern, cover: Cover, later: CompiledPattern): boolean {
  if (cover.kind === 'all' || earlier.source === later.source) return true;
  const { exact, prefix, required, chain } = later.shape;
  // `^text$` matches that text, and at most the same with a newline behind it.
  if (exact !== null) return earlier.test(exact) && earlier.test(`${exact}\n`);
  switch (cover.kind) {
    case 'prefix':
      return prefix !== null && everyText(prefix, cover.segment, (text, part) => text.startsWith(part));
    case 'contains':
      return required.some((segment) =>
        everyText(segment, cover.segment, (text, part) => text.includes(part)),
      );
    case 'suffix': {
      const last = chain?.segments.at(-1);
      const ends = chain !== null && chain.end !== 'anywhere' && chain.gaps.at(-1) === null;
      if (last === undefined || !ends || (cover.strictEnd && chain.end !== 'end')) return false;
      return everyText(last, cover.segment, (text, part) => text.endsWith(part));
    }
    default:
      return false;
  }
}

/** Whether each text of `later` holds one of the texts of `earlier`, as `holds` says, upper and lower case considered. */
function everyText(
  later: Segment,
  earlier: Segment,
  holds: (text: string, part: string) => boolean,
): boolean {
  // A text in any case need not hold one of a given case.
  if (later.fold && !earlier.fold) return false;
  const folded = earlier.fold && !later.fold;
  return later.texts.every((text) => {
    // Only for these letters is folding a matter of this one line.
    if (folded && !/^[\x20-\x7e]*$/.test(text)) return false;
    const compared = folded ? text.toLowerCase() : text;
    return earlier.texts.some((part) => holds(compared, part));
  });
}
