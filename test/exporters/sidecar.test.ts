import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findToken } from '../../src/exporters/ingest-token.ts';
import { SidecarExporter } from '../../src/exporters/sidecar.ts';
import { entryOf } from '../../src/testing/exporter/entries.ts';
import { FakeClock } from '../../src/testing/fake-clock.ts';
import { Receiver } from '../webhook/receiver.ts';

const base = (receiver: Receiver): string => new URL('/', receiver.url).href;

/** The warnings of this process while something runs. */
async function warningsOf(task: () => Promise<void>): Promise<string[]> {
  const seen: string[] = [];
  const note = (warning: Error): void => void seen.push(warning.message);
  process.on('warning', note);
  await task();
  await new Promise((resolve) => void setImmediate(resolve));
  process.off('warning', note);
  return seen;
}

describe('SidecarExporter', () => {
  it('posts actions in wire form to /api/actions with its token, at most 500 at once', async () => {
    const receiver = await Receiver.start();
    const exporter = new SidecarExporter({ url: base(receiver), token: 'plyra_ingest_secret' });
    for (let i = 0; i < 1_100; i++) exporter.export(entryOf(`a${i}`, { seq: i }));
    await exporter.close();
    const [first] = receiver.received;
    expect(first).toMatchObject({ method: 'POST', path: '/api/actions' });
    expect(first?.headers).toMatchObject({
      authorization: 'Bearer plyra_ingest_secret',
      'content-type': 'application/json',
    });
    const batches = receiver.received.map(
      ({ text }) => JSON.parse(text).actions as Record<string, unknown>[],
    );
    expect(batches.map(({ length }) => length)).toEqual([500, 500, 100]);
    expect(batches.flat().map(({ seq }) => seq)).toEqual(Array.from({ length: 1_100 }, (_, i) => i));
    expect(batches[0]?.[0]).toMatchObject({
      action_id: 'a0',
      tool_name: 'write_file',
      writer: { id: 'writer' },
    });
  });

  it('says once, and clearly, that its token is not accepted, and goes on when it is', async () => {
    const clock = new FakeClock();
    const receiver = await Receiver.start((response, number) =>
      response.writeHead(number < 2 ? 401 : 200).end(),
    );
    const exporter = new SidecarExporter({ url: base(receiver), token: 'wrong', clock });
    const warnings = await warningsOf(async () => {
      exporter.export(entryOf('a'));
      const flushed = exporter.flush();
      for (const failures of [1, 2]) {
        while (exporter.counts.failures < failures)
          await new Promise((resolve) => void setImmediate(resolve));
        clock.advance(1_000);
      }
      await flushed;
    });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(
      'it answered 401; the token is not valid there, or has another role than `ingest`',
    );
    expect(warnings[0]).not.toContain('wrong');
    expect(exporter.counts).toMatchObject({ delivered: 1, failures: 2 });
    await exporter.close();
  });

  it('follows no redirect, which would take its token elsewhere', async () => {
    const other = await Receiver.start();
    const receiver = await Receiver.start((response) =>
      response.writeHead(307, { location: other.url }).end(),
    );
    const clock = new FakeClock();
    const exporter = new SidecarExporter({ url: base(receiver), token: 'secret', clock });
    exporter.export(entryOf('a'));
    const closed = exporter.close();
    while (exporter.counts.failures === 0) await new Promise((resolve) => void setImmediate(resolve));
    clock.advance(4_000);
    await closed;
    expect(other.received).toEqual([]);
  });

  it.each([
    [{ url: 'localhost:8765' }, '`url` must be a URL'],
    [{ url: 'ftp://x' }, '`url` must be a URL'],
    [{ url: 'http://user:hunter2@localhost' }, 'must not hold a user'],
    [{ token: 'two words' }, '`token` must be an access token'],
    [{ token: 'x\r\ny: z' }, '`token` must be an access token'],
  ])('refuses %j, without repeating it', (options, message) => {
    expect(() => new SidecarExporter(options)).toThrow(message);
    expect(() => new SidecarExporter(options)).not.toThrow('hunter2');
  });
});

describe('the token for the sidecar', () => {
  const home = mkdtempSync(join(tmpdir(), 'plyra-home-'));
  const store = join(home, 'snapshots.db');
  const file = join(home, 'ingest.token');
  const sources = { env: { PLYRA_SNAPSHOT_PATH: store }, home };
  const write = (text: string, mode = 0o600): void => {
    rmSync(file, { force: true });
    writeFileSync(file, text);
    chmodSync(file, mode);
    onTestFinished(() => rmSync(file, { force: true }));
  };

  it('is that of the environment before that of the file', () => {
    write('from-file\n');
    const env = { ...sources.env, PLYRA_SIDECAR_TOKEN: ' from-env ' };
    expect(findToken('localhost', { ...sources, env })).toEqual({ token: 'from-env' });
    expect(findToken('localhost', sources)).toEqual({ token: 'from-file' });
  });

  it.each(['localhost', '127.0.0.1', '127.1.2.3', '[::1]'])(
    'of the file is for this machine, as %s',
    (host) => {
      write('from-file');
      expect(findToken(host, sources)).toEqual({ token: 'from-file' });
    },
  );

  it.each(['example.com', '10.0.0.1', 'localhost.evil.com', '127.evil.com'])(
    'of the file is not for %s',
    (host) => {
      write('from-file');
      expect(findToken(host, sources).token).toBe(null);
    },
  );

  it.each([0o644, 0o640, 0o606])('is not taken from a file that others can read (%o)', (mode) => {
    write('from-file', mode);
    expect(findToken('localhost', sources)).toMatchObject({
      token: null,
      why: expect.stringContaining('chmod 600'),
    });
  });

  it('is not taken from a link, a long file, an empty one, or one with more than a word', () => {
    const elsewhere = join(home, 'elsewhere');
    writeFileSync(elsewhere, 'secret', { mode: 0o600 });
    symlinkSync(elsewhere, file);
    expect(findToken('localhost', sources)).toMatchObject({
      token: null,
      why: expect.stringContaining('ELOOP'),
    });
    for (const text of ['', 'two words', 'a\nb', 'x'.repeat(2_000)]) {
      write(text);
      expect(findToken('localhost', sources).token).toBe(null);
    }
  });

  it('is missed in words where there is none', () => {
    expect(findToken('localhost', sources)).toMatchObject({ why: expect.stringContaining('there is no ') });
    const memory = { ...sources, env: { PLYRA_SNAPSHOT_PATH: ':memory:' } };
    expect(findToken('localhost', memory).token).toBe(null);
  });
});
