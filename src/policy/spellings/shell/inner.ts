import type { Feed } from './feed.ts';
import type { Field } from './field.ts';

/** What a command runs beside itself. */
export type Inner =
  | {
      readonly kind: 'words';
      readonly fields: readonly Field[];
      readonly feed: Feed;
      /** Other words that the same command may have. */
      readonly perhaps?: readonly (readonly Field[])[];
    }
  /** Words that may be those of a command: they only forbid. */
  | { readonly kind: 'perhaps'; readonly fields: readonly Field[] }
  | {
      readonly kind: 'code';
      readonly field: Field;
      /** The words that the code knows as `$0`, `$1` and so on. */
      readonly parameters?: readonly Field[];
      /** Whether it is what the command read from its input. */
      readonly isInput?: true;
    }
  /** A file that it runs. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'assignment'; readonly name: string; readonly value: Field }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** What cannot be followed. */
export function unreadable(reason: string): readonly Inner[] {
  return [{ kind: 'unreadable', reason }];
}

/** The code that a command reads from its input. */
export function fromInput(name: string, feed: Feed): readonly Inner[] {
  if (feed.kind === 'none') return [];
  if (feed.kind === 'file') return [{ kind: 'file', path: feed.path }];
  if (feed.kind === 'text' && !(feed.shared === true && feed.field.text.trim().includes('\n')))
    return [{ kind: 'code', field: feed.field, isInput: true }];
  return unreadable(`\`${name}\` runs code that it reads from its input`);
}
