import type { Sha256 } from '../core/chain.ts';
import type { Store } from '../stores/store.ts';

/** What a contract suite needs of a test runner. The functions of vitest, jest and bun fit as they are. */
export interface SuiteTools {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly it: (name: string, body: () => void | Promise<void>) => unknown;
  readonly expect: (actual: unknown) => {
    toBe(expected: unknown): unknown;
    toEqual(expected: unknown): unknown;
  };
}

/** What the contract suite of stores needs beside a test runner's functions. */
export interface StoreSuiteTools extends SuiteTools {
  /** The hash that the store's chain is made with: hex SHA-256 of UTF-8. */
  readonly sha256: Sha256;
  /** The stores' clock, epoch milliseconds; default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /**
   * Damages a content that a store keeps, behind its back; answers false where that cannot be done. Without it no damage is
   * tried out.
   */
  readonly damage?: ((store: Store, hash: string) => boolean | Promise<boolean>) | undefined;
}
