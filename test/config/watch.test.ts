import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadedConfig } from '../../src/config/load.ts';
import { type ConfigWatcher, watchConfig } from '../../src/config/watch.ts';
import type { ConfigError } from '../../src/core/errors.ts';

type Report = LoadedConfig | ConfigError;

/** Reports in order; whoever asks first gets the next one, now or when it comes. */
class Reports {
  readonly #waiting: ((report: Report) => void)[] = [];
  readonly pending: Report[] = [];

  push(report: Report): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.pending.push(report);
    else next(report);
  }

  next(): Promise<Report> {
    const report = this.pending.shift();
    return report === undefined
      ? new Promise((resolve) => this.#waiting.push(resolve))
      : Promise.resolve(report);
  }
}

let folder: string;
let reports: Reports;
let watcher: ConfigWatcher | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plyra-watch-'));
  reports = new Reports();
});
afterEach(() => {
  watcher?.close();
  rmSync(folder, { recursive: true, force: true });
});

function watching(...paths: string[]): void {
  const report = (one: Report) => reports.push(one);
  watcher = watchConfig(paths, report, report);
}

function put(name: string, rule: string): string {
  const path = join(folder, name);
  writeFileSync(path, `name: ${rule}\nrules: []\n`);
  return path;
}

async function nextName(): Promise<string | undefined> {
  const report = await reports.next();
  if (report instanceof Error) throw report;
  return report.layers.at(-1)?.name;
}

describe('watching', () => {
  it('loads a file that was written', async () => {
    const path = put('a.yaml', 'one');
    watching(path);
    put('a.yaml', 'two');
    expect(await nextName()).toBe('two');
  });

  it('loads a file that was replaced, as editors do', async () => {
    const path = put('a.yaml', 'one');
    watching(path);
    renameSync(put('a.yaml.tmp', 'two'), path);
    expect(await nextName()).toBe('two');
    renameSync(put('a.yaml.tmp', 'three'), path);
    expect(await nextName()).toBe('three');
  });

  it('loads all layers when one of them changes', async () => {
    const [a, b] = [put('a.yaml', 'one'), put('b.yaml', 'two')];
    watching(a, b);
    put('a.yaml', 'three');
    const report = (await reports.next()) as LoadedConfig;
    expect(report.layers.map(({ name }) => name)).toEqual(['three', 'two']);
  });

  it('follows a link to a file elsewhere, also when the link is moved', async () => {
    mkdirSync(join(folder, 'v1'));
    mkdirSync(join(folder, 'v2'));
    mkdirSync(join(folder, 'mount'));
    put('v1/a.yaml', 'one');
    put('v2/a.yaml', 'two');
    const link = join(folder, 'mount', 'a.yaml');
    symlinkSync(join(folder, 'v1', 'a.yaml'), link);
    watching(link);
    put('v1/a.yaml', 'one b');
    expect(await nextName()).toBe('one b');
    symlinkSync(join(folder, 'v2', 'a.yaml'), `${link}.new`);
    renameSync(`${link}.new`, link);
    expect(await nextName()).toBe('two');
  });

  it('reports a version that does not load, and the next good one', async () => {
    const path = put('a.yaml', 'one');
    watching(path);
    writeFileSync(path, 'ruels: []');
    expect(await reports.next()).toMatchObject({ code: 'CONFIG_SCHEMA', file: path, line: 1, column: 1 });
    put('a.yaml', 'two');
    expect(await nextName()).toBe('two');
  });

  it('reports a file that is gone, and finds it again', async () => {
    const path = put('a.yaml', 'one');
    watching(path);
    rmSync(path);
    expect(await reports.next()).toMatchObject({ code: 'CONFIG_FILE_NOT_FOUND' });
    put('a.yaml', 'two');
    expect(await nextName()).toBe('two');
  });

  it('survives the loss of the folder', async () => {
    const path = put('a.yaml', 'one');
    watching(path);
    rmSync(folder, { recursive: true });
    expect(await reports.next()).toMatchObject({ code: 'CONFIG_FILE_NOT_FOUND' });
    mkdirSync(folder);
    put('a.yaml', 'two');
    expect(await nextName()).toBe('two');
  });

  it('says nothing of a file that is written with the same content, or of its neighbours', async () => {
    const path = put('a.yaml', 'one');
    watching(path);
    put('a.yaml', 'one');
    put('neighbour.yaml', 'x');
    // A second watch of the same folder, started later, sees a change after the first had its turn.
    const sentinel = put('b.yaml', 'one');
    const seen = new Promise<LoadedConfig>((resolve, reject) => {
      const other = watchConfig(
        sentinel,
        (loaded) => {
          other.close();
          resolve(loaded);
        },
        reject,
      );
    });
    put('b.yaml', 'two');
    await seen;
    expect(reports.pending).toEqual([]);
  });

  it('reports what the receiver throws', async () => {
    const path = put('a.yaml', 'one');
    const error = new Promise<ConfigError>((resolve) => {
      watcher = watchConfig(
        path,
        () => {
          throw new Error('boom');
        },
        resolve,
      );
    });
    put('a.yaml', 'two');
    expect((await error).message).toContain('boom');
  });

  it('does not keep the process alive', () => {
    const module = fileURLToPath(new URL('../../src/config/watch.ts', import.meta.url));
    const program = `
      const { watchConfig } = await import(process.argv[1]);
      watchConfig([process.argv[2]], () => {}, () => {});
      console.log('watching');
    `;
    const args = ['--input-type=module', '-e', program, module, put('a.yaml', 'one')];
    expect(execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 })).toBe('watching\n');
  });
});
