// Carries finished actions to a place of your own. `node examples/exporter.ts` sends them to a server that it starts itself.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { ActionGuard, type Exporter, Policy } from 'plyra-guard';
import { StdoutExporter } from 'plyra-guard/exporters';

interface Told {
  readonly outcome: string;
  readonly tool: string;
}

const server = createServer(async (request, response) => {
  for (const { outcome, tool } of (await json(request)) as Told[])
    console.log(`the server got: ${outcome} ${tool}`);
  response.writeHead(204).end();
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/actions`;

// #region exporter
const mine: Exporter = {
  name: 'mine',
  export: () => undefined, // not called where there is `exportBatch`
  async exportBatch(entries) {
    const body = JSON.stringify(entries.map(({ outcome, toolName }) => ({ outcome, tool: toolName })));
    const response = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`it answered ${response.status}`); // handed over again later
  },
};
// #endregion

// #region guard
const guard = new ActionGuard({
  policy: new Policy({
    defaultAction: 'allow',
    rules: [{ pattern: '^/etc/', action: 'block', reason: 'Not there' }],
  }),
  snapshotPath: null,
  exporters: [mine, new StdoutExporter({ level: 'warn', stream: 'stderr' })],
});
// #endregion

const read = guard.wrap(async function readFile(path: string) {
  return `what is in ${path}`;
});
await read('/tmp/notes.txt');
await read('/etc/shadow').catch((error: Error) => console.log(error.name));
// #region close
await guard.close(); // delivers what waits: 5 s at most
// #endregion
console.log(`delivered: ${guard.getMetrics().exporters.mine?.delivered}`);
server.close();
