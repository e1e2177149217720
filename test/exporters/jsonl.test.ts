import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { JsonlExporter } from '../../src/exporters/jsonl.ts';
import { entryOf } from '../../src/testing/exporter/entries.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'plyra-jsonl-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const idsIn = (path: string): unknown[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).action_id);

describe('JsonlExporter', () => {
  it('makes file and folders for this user only, and appends to what is there', async () => {
    const path = join(folder(), 'deep', 'er', 'actions.jsonl');
    for (const id of ['a', 'b']) {
      const exporter = new JsonlExporter({ path });
      exporter.export(entryOf(id));
      await exporter.close();
    }
    expect(idsIn(path)).toEqual(['a', 'b']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
  });

  it('begins a new file when the old one was moved away or removed', async () => {
    const path = join(folder(), 'actions.jsonl');
    const exporter = new JsonlExporter({ path });
    exporter.export(entryOf('a'));
    await exporter.flush();
    renameSync(path, `${path}.1`);
    exporter.export(entryOf('b'));
    await exporter.flush();
    rmSync(path);
    exporter.export(entryOf('c'));
    await exporter.close();
    expect([idsIn(`${path}.1`), idsIn(path)]).toEqual([['a'], ['c']]);
  });

  it('goes on at the start of a file that was cut to nothing', async () => {
    const path = join(folder(), 'actions.jsonl');
    const exporter = new JsonlExporter({ path });
    exporter.export(entryOf('a'));
    await exporter.flush();
    truncateSync(path);
    exporter.export(entryOf('b'));
    await exporter.close();
    expect(idsIn(path)).toEqual(['b']);
  });

  it('leaves half a line that somebody did not finish to itself', async () => {
    const path = join(folder(), 'actions.jsonl');
    writeFileSync(path, '{"action_id":"whole"}\n{"action_id":"ha');
    const exporter = new JsonlExporter({ path });
    exporter.export(entryOf('a'));
    await exporter.close();
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines[1]).toBe('{"action_id":"ha');
    expect(JSON.parse(lines[2] ?? '').action_id).toBe('a');
  });

  it('shares a file with others that append to it', async () => {
    const path = join(folder(), 'actions.jsonl');
    const exporters = [new JsonlExporter({ path }), new JsonlExporter({ path })];
    for (let i = 0; i < 20; i++) {
      for (const exporter of exporters) exporter.export(entryOf(`a${i}`));
      await Promise.all(exporters.map((exporter) => exporter.flush()));
      appendFileSync(path, '{"action_id":"other"}\n');
    }
    await Promise.all(exporters.map((exporter) => exporter.close()));
    expect(idsIn(path)).toHaveLength(60);
  });

  it('waits for no reader of a pipe, and writes to nothing but a file', async () => {
    const path = join(folder(), 'pipe');
    execFileSync('mkfifo', [path]);
    const clock = new FakeClock();
    const exporter = new JsonlExporter({ path, clock });
    exporter.export(entryOf('a'));
    const closed = exporter.close();
    while (exporter.counts.failures === 0) await new Promise((resolve) => void setImmediate(resolve));
    clock.advance(4_000);
    await closed;
    expect(exporter.counts).toMatchObject({ delivered: 0, dropped: 1 });
  });

  it.each(['', ' ', '/tmp/', 'a\0b', 7])('refuses %j as a path', (path) => {
    expect(() => new JsonlExporter({ path: path as string })).toThrow('`path` must be the path of a file');
  });
});
