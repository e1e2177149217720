import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  DatadogExporter,
  JsonlExporter,
  OtelExporter,
  SidecarExporter,
  StdoutExporter,
  WebhookExporter,
} from '../../src/exporters.ts';
import { ActionGuard, Policy } from '../../src/index.ts';
import { Receiver } from '../webhook/receiver.ts';
import { SECRET } from '../webhook/verify.ts';

const CANARY = 'correct-horse-battery-staple-9731';
const TOKEN = `ghp_${'a1B2'.repeat(9)}`;

describe('a secret among the arguments', () => {
  it('is in nothing that any exporter sends, whatever the tool or an error says of it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plyra-canary-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'actions.jsonl');
    const receiver = await Receiver.start();
    const url = receiver.url;
    let printed = '';
    const stream = (isTTY: boolean) => ({
      isTTY,
      write: (text: string, done: () => void) => {
        printed += text;
        done();
      },
    });
    const guard = new ActionGuard({
      snapshotPath: null,
      policy: new Policy({
        defaultAction: 'allow',
        rules: [{ pattern: 'forbidden', action: 'block', reason: 'not this' }],
      }),
      exporters: [
        new StdoutExporter({ stream: stream(true) }),
        new StdoutExporter({ stream: stream(false) }),
        new JsonlExporter({ path }),
        new SidecarExporter({ url: new URL('/', url).href, token: 't' }),
        new OtelExporter({ endpoint: url, includeArguments: true, loadApi: async () => null }),
        new DatadogExporter({ service: 's', env: 'e', apiKey: 'k', url }),
        new WebhookExporter({ url, secret: SECRET, allowPrivate: true }),
      ],
    });
    const call = guard.wrap(({ mode, password }: { mode: string; password: string; text: string }) => {
      if (mode === 'fail') throw new Error(`login with ${password} failed`);
      return { echoed: password };
    });
    const text = `the token is ${TOKEN}`;
    call({ mode: 'run', password: CANARY, text });
    for (const mode of ['fail', 'forbidden']) expect(() => call({ mode, password: CANARY, text })).toThrow();
    await guard.close();
    const sent = receiver.received.map(({ headers, bytes, text: plain }) =>
      headers['content-encoding'] === 'gzip' ? gunzipSync(bytes).toString() : plain,
    );
    expect(sent).toHaveLength(4);
    const everything = [printed, readFileSync(path, 'utf8'), ...sent];
    for (const one of everything) {
      expect(one).toContain('not this');
      for (const secret of [CANARY, TOKEN]) expect(one).not.toContain(secret);
    }
  });
});
