import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/core/entry.ts';
import { StdoutExporter, type StdoutOptions } from '../../src/exporters/stdout.ts';
import { entryOf } from '../../src/testing/exporter/entries.ts';

async function written(
  entries: readonly AuditEntry[],
  options: StdoutOptions = {},
  isTTY = false,
): Promise<string> {
  let text = '';
  const stream = {
    isTTY,
    write: (part: string, done: () => void) => {
      text += part;
      done();
    },
  };
  const exporter = new StdoutExporter({ ...options, stream });
  for (const entry of entries) exporter.export(entry);
  await exporter.close();
  return text;
}

const ALLOWED = entryOf('allowed');
const ASKED = entryOf('asked', { outcome: 'ESCALATE', state: 'waiting' });
const BLOCKED = entryOf('blocked', { outcome: 'BLOCK', state: 'refused' });
const WOULD = entryOf('would', { mode: 'monitor', wouldVerdict: 'BLOCK' });

describe('StdoutExporter', () => {
  it('writes one line of JSON for each action where there is no terminal', async () => {
    const lines = (await written([ALLOWED, BLOCKED])).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).action_id)).toEqual(['allowed', 'blocked']);
  });

  it('writes a line for people on a terminal', async () => {
    const text = await written([BLOCKED], {}, true);
    expect(stripVTControlCharacters(text)).toMatch(
      /^\d\d:\d\d:\d\d BLOCK {4}agent write_file \/tmp\/notes\.txt \(allow:\^\/tmp\/\)\n$/,
    );
  });

  it.each([
    ['info', ['allowed', 'asked', 'blocked', 'would']],
    ['warn', ['asked', 'blocked', 'would']],
    ['error', ['blocked']],
  ] as const)('writes from level %s on', async (level, ids) => {
    const lines = (await written([ALLOWED, ASKED, BLOCKED, WOULD], { level })).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).action_id)).toEqual(ids);
  });

  it('lets nothing that an agent wrote act on a terminal or begin a line', async () => {
    const hostile = entryOf('x', {
      intent: 'a\n\u001b[2Jfake\u202e',
      toolName: 't\r',
      reason: '\u009b',
      ruleName: null,
    });
    const pretty = stripVTControlCharacters(await written([hostile], {}, true));
    expect(pretty).toContain('a\\n\\x1b[2Jfake\\u202e');
    expect(pretty.split('\n')).toHaveLength(2);
    const json = await written([hostile]);
    expect(json).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect(JSON.parse(json).intent).toBe(hostile.intent);
  });

  it('refuses an option that it does not know', () => {
    expect(() => new StdoutExporter({ level: 'debug' as 'info' })).toThrow(
      '`level` must be `info`, `warn` or `error`',
    );
    expect(() => new StdoutExporter({ stream: 'file' as 'stdout' })).toThrow('`stream` must be');
  });

  it('writes to stderr when told, and does not end a process whose stdout is closed', () => {
    const script = fileURLToPath(new URL('./child-stdout.ts', import.meta.url));
    const run = spawnSync(process.execPath, [script], { encoding: 'utf8' });
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain('"action_id":"to-stderr"');
    const shell = spawnSync('sh', ['-c', `"${process.execPath}" "${script}" pipe | true`], {
      encoding: 'utf8',
    });
    expect(shell.stderr).toContain('alive');
  });
});
