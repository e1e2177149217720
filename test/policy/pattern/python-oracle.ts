import { spawnSync } from 'node:child_process';

/** What Python says of a pattern: that it does not compile, or where it is found in each text (code points). */
export type PythonAnswer = null | readonly (readonly [number, number] | null)[];

const PROGRAM = `
import json, re, sys, warnings
warnings.simplefilter('ignore')
out = []
for pattern, texts in json.load(sys.stdin):
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError, ValueError):
        out.append(None)
        continue
    found = [compiled.search(text) for text in texts]
    out.append([m and m.span() for m in found])
json.dump(out, sys.stdout)
`;

/** Whether a python3 can be started here. */
export const hasPython = spawnSync('python3', ['--version']).status === 0;

/** Runs all the searches in one Python process. Fails loudly if that process does. */
export function askPython(cases: readonly (readonly [string, readonly string[]])[]): PythonAnswer[] {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', PROGRAM], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`python3 failed: ${stderr}`);
  return JSON.parse(stdout) as PythonAnswer[];
}

const TABLES = `
import json, re, sys, unicodedata
every = [chr(c) for c in range(0x110000)]
assigned = [c for c in every if unicodedata.category(c) != 'Cn']
tables = {name: [ord(c) for c in assigned if re.match(name, c)] for name in (r'\\w', r'\\d', r'\\s')}
cased = [c for c in assigned if c.lower() != c or c.upper() != c or c == '\\u0345']
line = ''.join(cased)
equal = [[ord(m) for m in re.findall(re.escape(c), line, re.I)] for c in cased]
json.dump({'assigned': [ord(c) for c in assigned], 'tables': tables, 'equal': equal}, sys.stdout)
`;

/** Python's tables: the characters of its Unicode version, its classes, and the groups equal under IGNORECASE. */
export function askPythonTables(): {
  readonly assigned: readonly number[];
  readonly tables: Readonly<Record<string, readonly number[]>>;
  readonly equal: readonly (readonly number[])[];
} {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', TABLES], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`python3 failed: ${stderr}`);
  return JSON.parse(stdout);
}

/** Turns a span in UTF-16 units into one in code points, as Python counts. */
export function inCodePoints(
  text: string,
  span: { readonly start: number; readonly end: number } | null,
): readonly [number, number] | null {
  if (span === null) return null;
  const count = (end: number): number => [...text.slice(0, end)].length;
  return [count(span.start), count(span.end)];
}
