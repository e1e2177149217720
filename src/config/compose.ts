import type { Alias, Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { MAX_ALIASED_VALUES, MAX_ALIASES, MAX_DEPTH } from './caps.ts';
import type { Yaml } from './lazy.ts';
import type { Located, LocatedEntry, LocatedMap, LocatedScalar } from './located.ts';
import type { Problems } from './problem.ts';
import { readScalar, type ScalarReader, sourceOf, startOf } from './read-scalar.ts';
import { showable } from './source-text.ts';

const NOTHING: Omit<LocatedScalar, 'offset'> = Object.freeze({
  kind: 'scalar',
  value: null,
  text: '',
  written: '',
  style: 'plain',
  source: '',
  substituted: false,
  pieces: [],
});

const COLLECTION_TAGS: ReadonlySet<string> = new Set([
  'tag:yaml.org,2002:map',
  'tag:yaml.org,2002:seq',
  'tag:yaml.org,2002:omap',
]);

/** A mapping as the parser leaves it. */
type ParsedMap = YAMLMap<Node, Node | null>;

/** A key and its value before merging. */
interface RawEntry extends LocatedEntry {
  readonly key: string;
}

/**
 * Turns the parser's tree into located values: scalars are read as PyYAML reads them, aliases and `<<` are resolved
 * under a cap, duplicate keys and `__proto__` are problems.
 */
export class Composer {
  readonly #yaml: Yaml;
  readonly #reader: ScalarReader;
  readonly #problems: Problems;
  /** Nodes by the anchor that they carry; a later anchor of the same name takes over, as in YAML. */
  readonly #anchors = new Map<string, Node>();
  /** Anchored nodes that are being read: an alias to one of them would contain itself. */
  readonly #open = new Set<Node>();
  #aliases = 0;
  #aliased = 0;
  #inAlias = 0;
  #stopped = false;

  constructor(yaml: Yaml, reader: ScalarReader) {
    this.#yaml = yaml;
    this.#reader = reader;
    this.#problems = reader.problems;
  }

  compose(node: Node | null | undefined, emptyAt: number, depth = 0): Located {
    if (node === null || node === undefined || this.#stopped) return { ...NOTHING, offset: emptyAt };
    if (this.#inAlias > 0 && ++this.#aliased > MAX_ALIASED_VALUES) return this.#stop(node, ALIASES_TOO_LARGE);
    if (depth > MAX_DEPTH) return this.#stop(node, `Values are nested deeper than ${MAX_DEPTH} levels.`);
    const yaml = this.#yaml;
    if (yaml.isAlias(node)) return this.#alias(node as Alias, depth);
    if ('anchor' in node && typeof node.anchor === 'string' && this.#inAlias === 0) {
      this.#anchors.set(node.anchor, node);
    }
    this.#open.add(node);
    try {
      if (yaml.isMap(node)) return this.#map(node as ParsedMap, depth);
      if (yaml.isSeq(node)) return this.#list(node as YAMLSeq<Node>, depth);
      if (yaml.isScalar(node)) return readScalar(node as Scalar, this.#reader, true);
      return this.#fail(node, 'This cannot be read.');
    } finally {
      this.#open.delete(node);
    }
  }

  #alias(node: Alias, depth: number): Located {
    const name = node.source;
    if (this.#inAlias === 0 && ++this.#aliases > MAX_ALIASES) {
      return this.#stop(node, `A file may have at most ${MAX_ALIASES} aliases (\`*name\`).`);
    }
    const target = this.#anchors.get(name);
    if (target === undefined) {
      return this.#fail(
        node,
        `There is no anchor \`&${showable(name)}\` above. Quote a value that begins with \`*\`.`,
      );
    }
    if (this.#open.has(target))
      return this.#fail(node, `\`*${showable(name)}\` stands inside of what it names.`);
    this.#inAlias++;
    try {
      return this.compose(target, startOf(node), depth);
    } finally {
      this.#inAlias--;
    }
  }

  #list(node: YAMLSeq<Node>, depth: number): Located {
    this.#checkTag(node);
    const offset = startOf(node);
    return { kind: 'list', items: node.items.map((item) => this.compose(item, offset, depth + 1)), offset };
  }

  #map(node: ParsedMap, depth: number): LocatedMap {
    this.#checkTag(node);
    const own: RawEntry[] = [];
    const merged: RawEntry[] = [];
    const seen = new Set<string>();
    for (const pair of node.items) {
      const isMerge = this.#isMergeKey(pair.key);
      const key = isMerge ? '<<' : this.#key(pair, depth);
      if (key === undefined) continue;
      const keyOffset = startOf(pair.key);
      if (seen.has(key)) {
        this.#problems.add(
          'schema',
          `The key \`${showable(key)}\` is written twice in one mapping. Remove one.`,
          this.#reader.source,
          keyOffset,
          key.length,
        );
        continue;
      }
      seen.add(key);
      const value = this.compose(pair.value, keyOffset, depth + 1);
      if (isMerge) merged.push(...this.#mergeSources(value, pair.key));
      else own.push({ key, keyOffset, written: key, value });
    }
    // PyYAML puts merged keys in front, and a key that the mapping states itself wins over a merged one.
    const entries = new Map<string, LocatedEntry>();
    for (const { key, ...entry } of [...merged, ...own]) entries.set(key, entry);
    return { kind: 'map', entries, offset: startOf(node) };
  }

  /** The entries that a `<<` brings; of a list of mappings the earlier ones win. */
  #mergeSources(value: Located, key: Node): RawEntry[] {
    const sources = value.kind === 'list' ? value.items.toReversed() : [value];
    return sources.flatMap((source) => {
      if (source.kind === 'map') return [...source.entries].map(([name, entry]) => ({ key: name, ...entry }));
      this.#fail(key, '`<<` merges a mapping or a list of mappings, e.g. `<<: *name`.');
      return [];
    });
  }

  #isMergeKey(key: Node | null): boolean {
    if (key === null || !this.#yaml.isScalar(key)) return false;
    const { value, type, tag } = key as Scalar;
    return value === '<<' && type === 'PLAIN' && tag === undefined;
  }

  #key({ key }: Pair<Node, Node | null>, depth: number): string | undefined {
    const read = key === null ? undefined : this.#keyScalar(key, depth);
    if (read === undefined) return undefined;
    if (read.text === '__proto__') {
      this.#fail(key, 'The key `__proto__` is not allowed.');
      return undefined;
    }
    if (typeof read.value === 'string') return read.value;
    const shown = read.source === '' ? 'An empty key' : `The key \`${showable(read.source)}\``;
    const quoted = read.source === '' ? '' : ` Put it in quotes: '${showable(read.source)}'.`;
    this.#fail(key, `${shown} is not text but ${String(read.value)} in YAML 1.1.${quoted}`);
    return undefined;
  }

  #keyScalar(key: Node, depth: number): LocatedScalar | undefined {
    if (this.#yaml.isScalar(key)) {
      const scalar = key as Scalar;
      if (scalar.anchor !== undefined && this.#inAlias === 0) this.#anchors.set(scalar.anchor, scalar);
      return readScalar(scalar, this.#reader, false);
    }
    const resolved = this.#yaml.isAlias(key) ? this.compose(key, startOf(key), depth + 1) : undefined;
    if (resolved?.kind === 'scalar') return resolved;
    this.#fail(key, 'A key must be text, not a mapping or a list.');
    return undefined;
  }

  #checkTag(node: ParsedMap | YAMLSeq<Node>): void {
    if (node.tag === undefined || COLLECTION_TAGS.has(node.tag)) return;
    this.#fail(node, `The tag \`${showable(node.tag)}\` is not allowed. Remove it.`);
  }

  #fail(node: Node, message: string): LocatedScalar {
    const offset = startOf(node);
    this.#problems.add('schema', message, this.#reader.source, offset, sourceOf(node, this.#reader).length);
    return { ...NOTHING, offset };
  }

  /** A cap is reached: nothing after it is read. */
  #stop(node: Node, message: string): LocatedScalar {
    this.#stopped = true;
    return this.#fail(node, message);
  }
}

const ALIASES_TOO_LARGE = `The aliases of this file stand for more than ${MAX_ALIASED_VALUES} values.`;
