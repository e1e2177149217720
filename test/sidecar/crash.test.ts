import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { sentEntry } from './scene.ts';
import { folder, plain, Server } from './server.ts';

const BATCH = 20;
const KILLS = 5;

it('that is killed while entries come in loses none that it acknowledged, and keeps none twice', async () => {
  const cwd = folder();
  const path = join(cwd, 'journal.db');
  const acknowledged = new Set<string>();
  let next = 1;
  for (let kill = 0; kill < KILLS; kill++) {
    const server = await Server.start(['--port', '0', '--db', path], { cwd });
    const token = readFileSync(join(cwd, 'ingest.token'), 'utf8').trim();
    let isAlive = true;
    let batches = 0;
    while (isAlive) {
      const entries = Array.from({ length: BATCH }, (_, i) => sentEntry(next + i));
      // In the middle of some batch, as it comes.
      if (batches === kill + 2) setImmediate(() => server.child.kill('SIGKILL'));
      try {
        const answer = await fetch(`${server.listening.url}/api/actions`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ actions: entries }),
        });
        const { accepted, duplicates } = (await answer.json()) as { accepted: number; duplicates: number };
        expect(accepted + duplicates).toBe(BATCH);
        for (const one of entries) acknowledged.add(String(one.action_id));
        next += BATCH;
        batches++;
      } catch (error) {
        // What was not acknowledged is sent again to the next one, as an exporter does.
        if (error instanceof Error && error.name === 'AssertionError') throw error;
        isAlive = false;
      }
    }
    await server.stop('SIGKILL');
  }
  const server = await Server.start(['--port', '0', '--db', path], { cwd });
  const { total } = (await plain(`${server.listening.url}/api/stats`)) as { total: number };
  await server.stop();
  const database = new DatabaseSync(path);
  const kept = database.prepare("SELECT action_id FROM journal WHERE kind = 'decided'").all();
  database.close();
  const ids = kept.map(({ action_id }) => String(action_id));
  expect(new Set(ids).size).toBe(ids.length);
  expect([...acknowledged].filter((id) => !ids.includes(id))).toEqual([]);
  expect(total).toBe(ids.length);
  expect(acknowledged.size).toBeGreaterThan(KILLS * BATCH);
}, 120_000);
