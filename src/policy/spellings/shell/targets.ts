import { type Feed, NOTHING, UNKNOWN } from './feed.ts';
import type { Field } from './field.ts';
import { below } from './operands.ts';

/** What commands can read from and write to without touching a file. */
const QUIET = /^\/dev\/(?:null|stdin|stdout|stderr|tty|fd\/\d+)$/;

/** The files that the redirects of a line write to and read from. */
export class Targets {
  readonly writes = new Set<string>();
  readonly reads = new Set<string>();

  /** Records the target of a redirect, seen from `folder`. Returns what it gives the command to read, `null` for nothing. */
  add(operator: string, { text, literal }: Field, folder: string | null): Feed | null {
    const readsOnly = operator === '<' || operator === '<&';
    if (!literal && /^[<>]\(/.test(text)) return readsOnly ? UNKNOWN : null;
    if (/^[<>]&$/.test(operator) && /^(?:\d+-?|-)$/.test(text)) return null;
    const path = folder === null || !literal ? text : below(folder, text);
    if (path !== '') (readsOnly || QUIET.test(path) ? this.reads : this.writes).add(path);
    return operator.startsWith('<') ? NOTHING : null;
  }
}
