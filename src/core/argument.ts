import type { ArgumentKind } from './argument-kind.ts';

/** One string argument of a call, or a list of them that is one command. */
export interface Argument {
  /** The name of the parameter, or of the nearest member, that it is the value of. */
  readonly name: string;
  /** `undefined` where nothing tells. */
  readonly kind: ArgumentKind | undefined;
  /** True where it is of its kind even if it cannot be read as that. */
  readonly isSure: boolean;
  /** As given; the words of a command joined by spaces. */
  readonly text: string;
  /** The words, where the argument is a list of the words of one command. */
  readonly argv: readonly string[] | null;
  /** Where it begins in the intent string, in UTF-16 units; -1 where it does not stand in it as it is. */
  readonly at: number;
}
