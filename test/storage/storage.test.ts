import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { ConfigError } from '../../src/core/errors.ts';
import { ActionGuard } from '../../src/guard.ts';
import type { LimitFacts } from '../../src/limits/limiter.ts';
import { decided } from '../../src/testing/store/records.ts';
import { ROOT } from '../architecture/repository.ts';
import { openGuardStorage } from './open.ts';

const folder = mkdtempSync(join(tmpdir(), 'plyra-storage-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

/** A home of its own, and nothing said of where the journal is. */
function home(name: string): string {
  vi.stubEnv('PLYRA_SNAPSHOT_PATH', undefined);
  vi.stubEnv('HOME', join(folder, name));
  return join(folder, name);
}

describe('a guard that is told nothing of a journal', () => {
  it('keeps it below the home folder, for the user alone', async () => {
    const at = home('ann');
    const guard = new ActionGuard();
    guard.wrap(() => 1)();
    await guard.close();
    expect(statSync(join(at, '.plyra')).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(join(at, '.plyra'))) {
      expect([name, statSync(join(at, '.plyra', name)).mode & 0o777]).toEqual([name, 0o600]);
    }
    expect(existsSync(join(at, '.plyra', 'snapshots.db'))).toBe(true);
  });

  it('is not made where that cannot be opened, and says what to do', () => {
    const at = home('file');
    writeFileSync(at, 'no folder');
    expect(() => new ActionGuard()).toThrow(ConfigError);
    expect(() => new ActionGuard()).toThrow('snapshotPath: null');
  });

  it('is not needed where it is kept in memory', () => {
    const at = home('nobody');
    expect(new ActionGuard({ snapshotPath: null }).wrap(() => 1)()).toBe(1);
    vi.stubEnv('PLYRA_SNAPSHOT_PATH', ':memory:');
    expect(new ActionGuard().wrap(() => 1)()).toBe(1);
    expect(existsSync(at)).toBe(false);
  });
});

describe('where the journal is', () => {
  it('is said by the option, then the configuration, then the environment', async () => {
    home('eve');
    const path = (name: string): string => join(folder, name, 'journal.db');
    vi.stubEnv('PLYRA_SNAPSHOT_PATH', path('env'));
    const config = { storage: { path: path('config') } };
    const guards = [
      new ActionGuard({ config, snapshotPath: path('option') }),
      new ActionGuard({ config }),
      new ActionGuard(),
    ];
    const made = ['option', 'config', 'env'].map((name) => existsSync(path(name)));
    expect(made).toEqual([true, true, true]);
    expect(existsSync(join(folder, 'eve'))).toBe(false);
    await Promise.all(guards.map((guard) => guard.close()));
  });
});

describe('money that was reserved by a process that died before it journaled anything', () => {
  it('is given back to the next one', async () => {
    const path = join(folder, 'died.db');
    const before = openGuardStorage(path).store;
    before.append([decided('journaled')]);
    await before.close();
    const args = ['test/storage/dies-after-reserving.ts', path];
    const { signal } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'pipe' });
    expect(signal).toBe('SIGKILL');
    const reader = new DatabaseSync(path);
    expect(reader.prepare('SELECT after_position FROM limit_reservations').all()).toMatchObject([
      { after_position: 1 },
    ]);
    const { limiter, store } = openGuardStorage(path);
    // It is known from the journal itself: the projection, which may be far behind, takes nothing up for it.
    expect(reader.prepare('SELECT position FROM projection').get()?.position).toBe(0);
    reader.close();
    const call = {
      ...{ actionId: 'x', toolName: 'pay', agentId: 'a', taskId: 't', sessionId: 's', cost: 1 },
    };
    expect((limiter.facts(call) as LimitFacts).taskSpend).toBe(0);
    expect(limiter.reserve(call)).toMatchObject({ refused: false });
    await store.close();
  });
});
