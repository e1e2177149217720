import { lazyConstant } from '../../core/lazy-constant.ts';
import { type CharSet, charSet, complement } from './char-set.ts';
import { PACKED_CASE_GROUPS, PACKED_CASE_PAIRS, PACKED_DIGIT, PACKED_WORD } from './unicode-data.ts';

/** Python's `\w` for str patterns: letters, numbers and `_`. */
export const wordSet = lazyConstant<CharSet>(() => Object.freeze(unpackRanges(PACKED_WORD)));
/** Python's `\d` for str patterns: decimal digits of every script. */
export const digitSet = lazyConstant<CharSet>(() => Object.freeze(unpackRanges(PACKED_DIGIT)));
/** Python's `\s` for str patterns: the characters for which `str.isspace()` holds. */
export const SPACE: CharSet = Object.freeze([
  0x09, 0x0d, 0x1c, 0x20, 0x85, 0x85, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f,
  0x202f, 0x205f, 0x205f, 0x3000, 0x3000,
]);
/** `\w` under the ASCII flag. */
export const ASCII_WORD: CharSet = Object.freeze([0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a]);
/** `\d` under the ASCII flag. */
export const ASCII_DIGIT: CharSet = Object.freeze([0x30, 0x39]);
/** `\s` under the ASCII flag. */
export const ASCII_SPACE: CharSet = Object.freeze([0x09, 0x0d, 0x20, 0x20]);
/** `.` without DOTALL: everything but the line feed. */
export const NOT_NEWLINE: CharSet = Object.freeze(complement([0x0a, 0x0a]));

const caseGroups = lazyConstant<ReadonlyMap<number, readonly number[]>>(() =>
  groupsByMember(unpackCaseGroups()),
);
const NO_GROUP: readonly number[] = Object.freeze([]);
const HIGHEST_CASED = 0x1e943;

/** The characters equal to `codePoint` under Python's IGNORECASE, itself included; empty if there is no other. */
export function caseGroup(codePoint: number): readonly number[] {
  return caseGroups().get(codePoint) ?? NO_GROUP;
}

/** One character that stands for all that equal it under IGNORECASE: the lower-case ASCII letter if there is one. */
export function foldCodePoint(codePoint: number): number {
  const group = caseGroup(codePoint);
  const first = group[0];
  if (first === undefined) return codePoint;
  return first >= 0x41 && first <= 0x5a ? first + 0x20 : first;
}

/** Adds to `set` every character that equals one of its own under IGNORECASE (ASCII letters only with `ascii`). */
export function closeOverCase(set: CharSet, ascii: boolean): CharSet {
  const out = [...set];
  const add = (codePoint: number): void => {
    if (ascii) {
      const other = codePoint ^ 0x20;
      if (isAsciiLetter(codePoint)) out.push(other, other);
    } else for (const other of caseGroup(codePoint)) out.push(other, other);
  };
  const limit = ascii ? 0x7f : HIGHEST_CASED;
  for (let i = 0; i + 1 < set.length; i += 2) {
    const lo = set[i] ?? 0;
    const hi = Math.min(set[i + 1] ?? 0, limit);
    if (hi - lo < 1000) for (let codePoint = lo; codePoint <= hi; codePoint++) add(codePoint);
    else for (const codePoint of caseGroups().keys()) if (codePoint >= lo && codePoint <= hi) add(codePoint);
  }
  return out.length === set.length ? set : charSet(out);
}

/** Whether `codePoint` is one of A–Z, a–z. */
export function isAsciiLetter(codePoint: number): boolean {
  return (codePoint >= 0x41 && codePoint <= 0x5a) || (codePoint >= 0x61 && codePoint <= 0x7a);
}

function unpackRanges(packed: string): number[] {
  const out: number[] = [];
  let at = 0;
  for (const entry of packed.split(' ')) {
    const [distance = '', extent = '0'] = entry.split('-');
    const lo = at + Number.parseInt(distance, 36);
    at = lo + Number.parseInt(extent, 36);
    out.push(lo, at);
  }
  return out;
}

function groupsByMember(groups: readonly (readonly number[])[]): Map<number, readonly number[]> {
  const byMember = new Map<number, readonly number[]>();
  for (const group of groups) for (const codePoint of group) byMember.set(codePoint, group);
  return byMember;
}

function unpackCaseGroups(): number[][] {
  const groups = PACKED_CASE_GROUPS.split(' ').map((group) =>
    group.split('.').map((codePoint) => Number.parseInt(codePoint, 36)),
  );
  let first = 0;
  for (const entry of PACKED_CASE_PAIRS.split(' ')) {
    const [distance = 0, delta = 0, count = 1, step = 1] = entry
      .split('.')
      .map((n) => Number.parseInt(n, 36));
    first += distance;
    for (let i = 0; i < count; i++) groups.push([first + i * step, first + i * step + delta]);
  }
  return groups;
}
