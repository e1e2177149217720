import { type Feed, UNKNOWN } from './feed.ts';
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
    // What another descriptor reads from is not followed.
    if (operator === '<&' && !/^(?:0|-)$/.test(text)) return UNKNOWN;
    if (/^[<>]&$/.test(operator) && /^(?:\d+-?|-)$/.test(text)) return null;
    const path = folder === null || !literal ? text : below(folder, text);
    if (path !== '') (readsOnly || QUIET.test(path) ? this.reads : this.writes).add(path);
    return operator.startsWith('<') ? fileFeed(path) : null;
  }
}

/** A descriptor is no file of its own. */
function fileFeed(path: string): Feed {
  return /^\/(?:dev|proc\/self)\/fd\/[1-9]/.test(path) ? UNKNOWN : { kind: 'file', path };
}
