import type { FileData } from './entry.ts';

/**
 * What a temporary file is for: `new` is to be put in place by one step; `swap` stands beside something that takes several
 * steps to be exchanged, and until then tells that they were begun.
 */
export type TemporaryUse = 'new' | 'swap';

const PREFIX = '.plyra-undo-';

/**
 * Name of the temporary file of one entry, in the folder of that entry. The mark is random and known to nobody before the
 * restore begins; the same at every attempt, so that what a killed one left is found again.
 */
export function temporaryName({ mark }: FileData, use: TemporaryUse, index: number): string {
  return `${PREFIX}${mark}-${use}-${index}`;
}

/** True for the name of a temporary file of this snapshot. */
export function isTemporary({ mark }: FileData, name: string): boolean {
  return name.startsWith(`${PREFIX}${mark}-`);
}
