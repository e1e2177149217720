import { execFileSync } from 'node:child_process';

const PROGRAM = `
import json, sys, yaml
out = []
for text in json.load(sys.stdin):
    try:
        value = yaml.safe_load('a: ' + text)['a']
    except Exception:
        out.append(['error', None])
        continue
    if isinstance(value, float):
        out.append(['float', repr(value)])
    elif isinstance(value, bool) or value is None or isinstance(value, str):
        out.append([type(value).__name__, value])
    elif isinstance(value, int):
        out.append(['int', str(value)])
    else:
        out.append(['other', None])
json.dump(out, sys.stdout)
`;

/** Kind and value of one plain scalar, as PyYAML reads it. */
export type PyValue = readonly [
  'error' | 'float' | 'int' | 'bool' | 'str' | 'NoneType' | 'other',
  string | boolean | null,
];

/** What PyYAML's `safe_load` makes of plain scalars. */
export function readWithPyYaml(texts: readonly string[]): PyValue[] {
  const answer = execFileSync('python3', ['-c', PROGRAM], { input: JSON.stringify(texts), encoding: 'utf8' });
  return JSON.parse(answer) as PyValue[];
}

/** Whether python3 with PyYAML is on this machine. */
export function hasPyYaml(): boolean {
  try {
    execFileSync('python3', ['-c', 'import yaml'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
