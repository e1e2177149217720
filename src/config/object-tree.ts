import { isPlainObject } from '../core/private-copy.ts';
import { MAX_DEPTH } from './caps.ts';
import { holdsNames, snakeKey } from './key-case.ts';
import type { Located, LocatedEntry, LocatedScalar } from './located.ts';
import type { Problems } from './problem.ts';
import { showable } from './source-text.ts';

/**
 * A configuration object as a tree without places. Keys may be camelCase or snake_case; `undefined` counts as absent.
 * Every property is read once, so that what was checked is what is used.
 */
export function treeOfObject(value: unknown, problems: Problems): Located {
  try {
    return new ObjectReader(problems).read(value, 'config', false, 0);
  } catch (error) {
    // A getter or a proxy of the caller threw.
    problems.add('schema', `The configuration object cannot be read: ${String(error)}`, null, -1);
    return scalar(null);
  }
}

class ObjectReader {
  readonly #problems: Problems;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  read(value: unknown, path: string, names: boolean, depth: number): Located {
    if (depth > MAX_DEPTH) return this.#fail(`\`${path}\` is nested deeper than ${MAX_DEPTH} levels.`);
    if (Array.isArray(value)) {
      const items = value.map((item, i) => this.read(item, `${path}[${i}]`, names, depth + 1));
      return { kind: 'list', items, offset: -1 };
    }
    if (
      value === null ||
      typeof value === 'string' ||
      typeof value === 'number' ||
      typeof value === 'boolean'
    ) {
      return scalar(value);
    }
    if (typeof value !== 'object' || !isPlainObject(value)) {
      return this.#fail(`\`${showable(path)}\` must be plain data, not ${kindOf(value)}.`);
    }
    const entries = new Map<string, LocatedEntry>();
    for (const [written, part] of Object.entries(value)) {
      if (part === undefined) continue;
      this.#add(entries, written, part, path, names, depth);
    }
    return { kind: 'map', entries, offset: -1 };
  }

  #add(
    entries: Map<string, LocatedEntry>,
    written: string,
    part: unknown,
    path: string,
    names: boolean,
    depth: number,
  ): void {
    const key = names ? written : snakeKey(written);
    const below = `${path}.${written}`;
    if (written === '__proto__') {
      this.#fail(`The key \`__proto__\` is not allowed (in \`${showable(path)}\`).`);
    } else if (entries.has(key)) {
      this.#fail(`\`${showable(below)}\` is given twice, as \`${key}\` and in camel case. Remove one.`);
    } else {
      const value = this.read(part, below, names || holdsNames(key), depth + 1);
      entries.set(key, { keyOffset: -1, written, value });
    }
  }

  #fail(message: string): Located {
    this.#problems.add('schema', message, null, -1);
    return scalar(null);
  }
}

function scalar(value: LocatedScalar['value']): LocatedScalar {
  const text = value === null ? '' : String(value);
  return {
    kind: 'scalar',
    value,
    text,
    written: text,
    style: 'code',
    offset: -1,
    source: text,
    substituted: false,
    pieces: [],
  };
}

function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === 'string' && name !== '' ? `a ${name}` : 'an object of a class';
}
