import type { Gap } from './chain.ts';
import { MAX_CODE_POINT } from './char-set.ts';

/** Whether every run of the gap's set reaches back to the beginning of the text: `.` if the text has no newline. */
export function reachesBack(gap: Gap, hasNewline: boolean): boolean {
  const { set } = gap;
  if (set.length === 2) return set[0] === 0 && set[1] === MAX_CODE_POINT;
  const isDot =
    set.length === 4 && set[0] === 0 && set[1] === 9 && set[2] === 11 && set[3] === MAX_CODE_POINT;
  return isDot && !hasNewline;
}
