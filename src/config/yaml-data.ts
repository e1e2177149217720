import type { SourcePosition } from '../policy/rule-input.ts';
import { type Located, nodeAt, plainValue } from './located.ts';
import { Problems } from './problem.ts';
import { SourceText } from './source-text.ts';
import type { Environment } from './substitute.ts';
import { parseYaml } from './yaml.ts';

/** A YAML text as plain data, with the places of its values. */
export interface YamlData {
  readonly data: unknown;
  /** Where the key or list item at a path stands, or its nearest part above; `null` if it has no place. */
  readonly positionOf: (path: readonly PropertyKey[]) => SourcePosition | null;
}

/**
 * Reads YAML that is no policy file (cases, snippets, or a file's plain data) as PyYAML would, under the same caps.
 * `${VAR}` is replaced from `environment`; `null` leaves it as it is. Throws ConfigSchemaError and
 * ConfigValidationError with line and column.
 */
export function readYamlData(text: string, file: string | null, environment: Environment | null): YamlData {
  const source = new SourceText(text, file);
  const problems = new Problems();
  const root = parseYaml({ source, environment, problems });
  problems.throwIfAny();
  if (root === undefined) throw new Error('A YAML text without a value and without a problem.');
  return { data: plainValue(root), positionOf: (path) => positionOf(root, path, source) };
}

function positionOf(root: Located, path: readonly PropertyKey[], source: SourceText): SourcePosition | null {
  for (let length = path.length; length > 0; length--) {
    const parent = nodeAt(root, path.slice(0, length - 1));
    const step = path[length - 1];
    const entry = parent?.kind === 'map' ? parent.entries.get(String(step)) : undefined;
    const item = parent?.kind === 'list' ? parent.items[Number(step)] : undefined;
    const offset = entry?.keyOffset ?? item?.offset;
    if (offset !== undefined && offset >= 0) return source.position(offset);
  }
  return root.offset < 0 ? null : source.position(root.offset);
}
