import type { Node, Scalar } from 'yaml';
import type { LocatedScalar, ScalarStyle } from './located.ts';
import type { Problems } from './problem.ts';
import { readPlain, readTagged, type ScalarTag, type ScalarValue } from './scalars.ts';
import { type SourceText, showable } from './source-text.ts';
import { type Environment, notSubstituted, substitute } from './substitute.ts';

/** What reading a scalar needs to know. */
export interface ScalarReader {
  readonly source: SourceText;
  /** `null`: `${VAR}` stays as it is. */
  readonly environment: Environment | null;
  readonly problems: Problems;
}

const STYLES: Readonly<Record<string, ScalarStyle>> = Object.freeze({
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
});

const TAGS: Readonly<Record<string, ScalarTag>> = Object.freeze({
  '!': 'str',
  'tag:yaml.org,2002:str': 'str',
  'tag:yaml.org,2002:int': 'int',
  'tag:yaml.org,2002:float': 'float',
  'tag:yaml.org,2002:bool': 'bool',
  'tag:yaml.org,2002:null': 'null',
});

/** Where a node begins; 0 for one that the parser did not place. */
export function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

/** A node as written. */
export function sourceOf(node: Node, { source }: ScalarReader): string {
  const [start, end] = node.range ?? [0, 0];
  return source.text.slice(start, end);
}

/**
 * Reads one scalar. Values get their `${VAR}` replaced, keys do not. A plain scalar's type is resolved after that,
 * so `${MAX}` can be a number; what comes from the environment is never read as YAML, so it cannot add structure.
 */
export function readScalar(node: Scalar, reader: ScalarReader, isValue: boolean): LocatedScalar {
  const style = STYLES[node.type ?? 'PLAIN'] ?? 'plain';
  const written = typeof node.value === 'string' ? node.value : String(node.value ?? '');
  const offset = startOf(node);
  const source = sourceOf(node, reader);
  const { text, changed, pieces, missing } =
    isValue && reader.environment !== null
      ? substitute(written, reader.environment)
      : notSubstituted(written);
  for (const { name } of missing) {
    // Once no problem is kept, its place need not be searched for.
    const at = reader.problems.full ? 0 : Math.max(0, source.indexOf(`\${${name}}`));
    reader.problems.add(
      'validation',
      `The environment variable \`${showable(name)}\` is not set. Set it, or give a default: \`\${${showable(name)}:-default}\`.`,
      reader.source,
      offset + at,
      name.length + 3,
    );
  }
  const value = resolve(node, style, text, source, reader);
  return { kind: 'scalar', value, text, written, style, offset, source, substituted: changed, pieces };
}

function resolve(
  node: Scalar,
  style: ScalarStyle,
  text: string,
  source: string,
  reader: ScalarReader,
): ScalarValue {
  if (node.tag === undefined) return style === 'plain' ? readPlain(text) : text;
  const tag = Object.hasOwn(TAGS, node.tag) ? TAGS[node.tag] : undefined;
  const value = tag === undefined ? undefined : readTagged(tag, text);
  if (value !== undefined) return value;
  const message =
    tag === undefined
      ? `The tag \`${showable(node.tag)}\` is not allowed. Remove it.`
      : `This is not of the type \`!!${tag}\` that its tag says.`;
  reader.problems.add('schema', message, reader.source, startOf(node), source.length);
  return text;
}
