import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** The path of a database that is not there yet, gone when the test is over. */
export function databasePath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plyra-limits-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'limits.db');
}
