import type { HereDoc, Redirection } from 'unbash';
import { type Feed, UNKNOWN } from './feed.ts';
import type { Field } from './field.ts';
import type { Scope } from './scope.ts';
import type { Targets } from './targets.ts';
import { textOfWord } from './words.ts';

/** What redirects are read with. */
interface Surroundings {
  readonly source: string;
  readonly scope: Scope;
  readonly folder: string | null;
  readonly targets: Targets;
  readonly hereDoc: (node: HereDoc) => Field;
}

/** What the redirects give to read, `null` when nothing, and their text. */
export function readRedirects(
  nodes: readonly Redirection[],
  around: Surroundings,
): readonly [Feed | null, string] {
  let feed: Feed | null = null;
  const shown: string[] = [];
  for (const node of nodes) {
    const { descriptor } = node;
    const number = descriptor === undefined ? '' : around.source.slice(descriptor.pos, descriptor.end);
    let given: Feed | null = null;
    if (node.type === 'HereDoc') {
      given = { kind: 'text', field: around.hereDoc(node) };
      shown.push(`${node.operator} ${node.delimiter?.text ?? ''}`);
    } else if (node.target !== undefined) {
      const target = textOfWord(node.target, around.scope);
      if (node.type === 'HereString') given = { kind: 'text', field: target };
      else given = around.targets.add(node.operator, target, around.folder);
      shown.push(`${number}${node.operator} ${target.text}`);
    }
    // What other descriptors read is not followed, and `<&3` says that it is not known.
    if (number === '' || number === '0') feed = given ?? feed;
  }
  return [feed, shown.join(' ')];
}

/** The same input where several commands read from it, one after the other. */
export function sharedFeed(feed: Feed | null): Feed | null {
  if (feed?.kind === 'text') return { ...feed, shared: true };
  return feed?.kind === 'none' || feed === null ? feed : UNKNOWN;
}
