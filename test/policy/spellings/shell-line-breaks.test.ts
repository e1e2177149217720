import { describe, expect, test } from 'vitest';
import type { Argument } from '../../../src/core/argument.ts';
import { LEXICAL_FILES } from '../../../src/core/file-facts.ts';
import { readArgument } from '../../../src/policy/spellings/read-argument.ts';

function formsOf(text: string): readonly string[] {
  const argument: Argument = { name: 'command', kind: 'shell', isSure: true, text, argv: null, at: -1 };
  const { units, shared } = readArgument(argument, { files: LEXICAL_FILES, parseSql: null });
  return [...units.flatMap(({ forms }) => [...forms.canonical, ...forms.other]), ...shared];
}

describe('a line of several lines', () => {
  test('is not read again with its line breaks as blanks', () => {
    const line = "cat > Dockerfile <<'E'\nFROM x\nRUN a; rm -rf /y\nE\ngit add Dockerfile";
    expect(formsOf(line)).not.toContain('rm -rf /y E git add Dockerfile');
    expect(formsOf(line)).not.toContain('rm -rf /y');
    expect(formsOf('ls\t-l\n# rm x\npwd')).not.toContain('rm x pwd');
  });

  test('keeps its line breaks where a word of it is read in other letters', () => {
    const forms = formsOf("cat > f <<'E'\nrm -rf /y\nE\nｒｍ -rf /z");
    expect(forms).toContain('rm -rf /z');
    expect(forms).not.toContain('rm -rf /y');
    expect(formsOf('ls\nrm\u00a0-rf\u00a0/z')).toContain('rm -rf /z');
  });
});
