import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSink } from '../../src/cli/sink.ts';
import { UsageError } from '../../src/cli/usage-error.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plyra-sink-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const NEW = { force: false };
const OVER = { force: true };
const at = (name: string): string => join(folder, name);
const mode = (file: string): number => statSync(file).mode & 0o777;

async function written(file: string, text: string, options = NEW): Promise<void> {
  const sink = openSink(file, options);
  expect(await sink.write(text)).toBe(true);
  await sink.end();
}

test('a file is readable for this user only, and holds everything', async () => {
  const long = 'é'.repeat(100_000);
  await written(at('a'), long);
  expect(readFileSync(at('a'), 'utf8')).toBe(long);
  expect(mode(at('a'))).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['a']);
});

test('what is there stays, and the message says how to overwrite it', () => {
  writeFileSync(at('a'), 'mine');
  expect(() => openSink(at('a'), NEW)).toThrow(UsageError);
  expect(() => openSink(at('a'), NEW)).toThrow(/is there already.*--force/);
  expect(readFileSync(at('a'), 'utf8')).toBe('mine');
});

test('what came meanwhile stays too', async () => {
  const sink = openSink(at('a'), NEW);
  await sink.write('new');
  writeFileSync(at('a'), 'mine');
  await expect(sink.end()).rejects.toThrow('is there already');
  expect(readFileSync(at('a'), 'utf8')).toBe('mine');
  expect(readdirSync(folder)).toEqual(['a']);
});

test('with force a file is replaced, and only this user reads the new one', async () => {
  writeFileSync(at('a'), 'old', { mode: 0o644 });
  await written(at('a'), 'new', OVER);
  expect(readFileSync(at('a'), 'utf8')).toBe('new');
  expect(mode(at('a'))).toBe(0o600);
});

test('a symbolic link is replaced, and what it points to is left alone', async () => {
  writeFileSync(at('target'), 'mine');
  symlinkSync(at('target'), at('link'));
  expect(() => openSink(at('link'), NEW)).toThrow('is there already');
  await written(at('link'), 'new', OVER);
  expect(readFileSync(at('target'), 'utf8')).toBe('mine');
  expect(readFileSync(at('link'), 'utf8')).toBe('new');
});

test('nothing is in its place before it is whole', async () => {
  writeFileSync(at('a'), 'old');
  const sink = openSink(at('a'), OVER);
  await sink.write('x'.repeat(1_000_000));
  expect(readFileSync(at('a'), 'utf8')).toBe('old');
  sink.abandon();
  expect(readFileSync(at('a'), 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['a']);
});

test.each([OVER, NEW])('a folder is not replaced (%j)', (options) => {
  mkdirSync(at('d'));
  expect(() => openSink(at('d'), options)).toThrow(UsageError);
});

test('a folder that is not there is a wrong use of the command', () => {
  expect(() => openSink(at('no/a'), NEW)).toThrow(/cannot be written/);
});
