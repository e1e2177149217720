// Mounts the sidecar in a server of one's own, and asks it something with a token.
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
// #region mount
import { ActionGuard } from 'plyra-guard';
import { createApp } from 'plyra-guard/sidecar';

const guard = new ActionGuard({ snapshotPath: null });
const app = createApp({ guard, hosts: ['guard.example'] });
const server = createServer(getRequestListener(app.fetch));
// #endregion

server.listen(0, '127.0.0.1', async () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const answer = await fetch(`http://127.0.0.1:${port}/api/actions`);
  console.log(`Without a token: ${answer.status}`);
  server.close();
  server.closeAllConnections();
  await guard.close();
});
