/** A fenced block of a page: its language, its text, and the comment right before it, if there is one. */
export interface Snippet {
  readonly line: number;
  readonly language: string;
  readonly text: string;
  readonly marker: string | undefined;
}

/** Every fenced block of a Markdown page. */
export function snippetsOf(page: string): Snippet[] {
  const found: Snippet[] = [];
  const lines = page.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const [, language] = /^```(\w*)/.exec(lines[i] ?? '') ?? [];
    if (language === undefined) continue;
    const end = lines.indexOf('```', i + 1);
    if (end < 0) throw new Error(`The block that begins in line ${i + 1} has no end.`);
    const before = lines.slice(0, i).findLast((line) => line.trim() !== '') ?? '';
    const [, marker] = /^<!-- (\S+: .+) -->$/.exec(before) ?? [];
    found.push({ line: i + 1, language, text: lines.slice(i + 1, end).join('\n'), marker });
    i = end;
  }
  return found;
}

/** The text between `#region name` and the next `#endregion` of a file, its common indentation taken away. */
export function regionOf(file: string, name: string): string | undefined {
  const lines = file.split('\n');
  const start = lines.findIndex((line) => line.trim().replace(/^(\/\/|#) /, '') === `#region ${name}`);
  const length = lines.slice(start + 1).findIndex((line) => line.trim().endsWith('#endregion'));
  if (start < 0 || length < 0) return undefined;
  const inside = lines.slice(start + 1, start + 1 + length);
  const indents = inside.filter((line) => line !== '').map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return inside.map((line) => line.slice(indent)).join('\n');
}
