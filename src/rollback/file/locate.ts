import { lstatSync, readlinkSync } from 'node:fs';
import { RollbackError } from '../../core/errors.ts';
import { joined, type PathText, parentOf, type Route, routeOfLink, wholeOnDisk } from './path-text.ts';
import { captureProblem, codeOf } from './problem.ts';

/** As many links as Linux follows for one path, and more than others do. */
export const MAX_LINKS = 40;

/** Where a path leads. */
export interface Place {
  /** The thing itself, with no link on the way to it. Where it does not exist: the topmost on the way that does not. */
  readonly path: PathText;
  /** Where to go on from a symbolic link: who writes to it writes there. */
  readonly leadsTo: Route | null;
}

const QUIET = { bigint: true, throwIfNoEntry: false } as const;

/**
 * Follows a path as the system does: links on the way one after the other, `..` from where a link leads; the last name is
 * not followed. Where links go round in a circle, it ends at one of them. Throws what the disk says.
 */
export function locate({ root, names }: Route): Place {
  const pending = names.toReversed();
  let here = root;
  let links = 0;
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === '.') continue;
    if (name === '..') {
      here = parentOf(here);
      continue;
    }
    const path = joined(here, name);
    const stats = look(path);
    if (stats === undefined) return { path, leadsTo: null };
    if (stats.isDirectory()) {
      here = path;
      continue;
    }
    if (!stats.isSymbolicLink()) return { path, leadsTo: null };
    const route = routeOfLink(here, readlinkSync(wholeOnDisk(path), { encoding: 'buffer' }));
    // A last link is a thing of its own; `link/` and `link/.` lead on like `link`.
    if (pending.every((rest) => rest === '.')) return { path, leadsTo: route };
    if (++links > MAX_LINKS) return { path, leadsTo: null };
    here = route.root;
    pending.push(...route.names.toReversed());
  }
  return { path: here, leadsTo: null };
}

function look(path: PathText) {
  try {
    return lstatSync(wholeOnDisk(path), QUIET);
  } catch (error) {
    if (codeOf(error) === 'ERR_INVALID_ARG_VALUE') {
      throw new RollbackError(`Cannot capture ${JSON.stringify(path)}: no file can be called so.`, { path });
    }
    throw captureProblem(path, error);
  }
}
