import { printable } from '../explain/printable.ts';
import { shortId } from './approval-text.ts';
import { UsageError } from './usage-error.ts';

/** The first eight digits of an id say only the minute: fewer would say nothing. */
export const LEAST_OF_ID = 8;
/** How many ids are named when several fit. */
const MOST_NAMED = 5;

/** An id, or a part of one, as it is compared. Throws UsageError for one that is too short to say anything. */
export function readId(written: string): string {
  const id = written.trim().toLowerCase();
  if (id.length >= LEAST_OF_ID) return id;
  throw new UsageError(`Give at least ${LEAST_OF_ID} characters of the id, from its beginning or its end.`);
}

/**
 * The one whose id this is, or begins or ends so. Who decides on the wrong one decides wrongly: where several fit, none
 * is taken, and UsageError says so.
 */
export function onlyOne<T extends { readonly id: string }>(
  part: string,
  all: readonly T[],
  what: string,
): T | undefined {
  const whole = all.find(({ id }) => id === part);
  if (whole !== undefined) return whole;
  const fitting = all.filter(({ id }) => id.startsWith(part) || id.endsWith(part));
  if (fitting.length <= 1) return fitting[0];
  const named = fitting.slice(0, MOST_NAMED).map(({ id }) => shortId(id));
  const more = fitting.length > MOST_NAMED ? ', …' : '';
  throw new UsageError(
    `${fitting.length} ${what}s have ${printable(part)} in their ids. Their ids end in: ${named.join(', ')}${more}.`,
  );
}
