// Announces calls that wait for a person to a server of your own, which checks the signature and shows them. What it answers
// decides nothing: the person decides where they always do. `node examples/approval-webhook.ts` is both sides in one.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ActionGuard, Policy } from 'plyra-guard';

// In real life it comes from the environment, on both sides.
const secret = `whsec_${randomBytes(32).toString('base64')}`;

interface Message {
  readonly type: 'approval.requested' | 'approval.decided';
  readonly data: Readonly<Record<string, unknown>>;
}

// #region verify
/** The message of a request, if our guards signed it within the last five minutes; throws otherwise. */
function verified(headers: IncomingHttpHeaders, body: string): Message {
  const { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(seconds)) < 300)) throw new Error('not from these minutes');
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  const expected = Buffer.from(`v1,${mac}`);
  const fits = String(signatures)
    .split(' ')
    .map((signature) => Buffer.from(signature))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
  if (!fits) throw new Error('not signed by our guards');
  return JSON.parse(body);
}

/** Ids of messages that were shown: one that is sent again, because our answer got lost, is not shown again. */
const seen = new Set<unknown>();

const server = createServer(async (request, response) => {
  try {
    const body = await text(request); // exactly as it was sent: what was parsed and written again has another signature
    const message = verified(request.headers, body);
    if (!seen.has(request.headers['webhook-id'])) show(message);
    seen.add(request.headers['webhook-id']);
    response.writeHead(204).end(); // soon: what takes longer than 10 s counts as lost
  } catch (error) {
    response.writeHead(401).end(String(error));
  }
});
// #endregion

/** Data as a line in which nothing acts on the terminal: an agent wrote it, and would like a yes. */
function plain(data: unknown): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(data).replace(/[^\x20-\x7e]/g, escaped);
}

function show({ type, data }: Message): void {
  if (type === 'approval.decided') {
    console.log(`Decided: ${plain(data.state)} by ${plain(data.decided_by)}, who says ${plain(data.note)}`);
    return;
  }
  const { parameters } = data.shown as { parameters: unknown };
  console.log(
    `Agent ${plain(data.agent_id)} wants to call ${plain(data.tool_name)} with ${plain(parameters)}`,
  );
  console.log(`which waits for a person: ${plain(data.reason)}`);
  // A link to a page where somebody who logged in says yes would be sent on here. We are that somebody.
  guard.approvals.approve(String(data.id), { by: 'ann', note: 'rent is due' });
}

server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/approvals`;

const rule = { pattern: 'pay ', action: 'escalate', reason: 'Money needs a person' } as const;
// #region guard
const guard = new ActionGuard({
  policy: new Policy({ defaultAction: 'allow', rules: [rule] }),
  snapshotPath: null,
  // `allowPrivate` because this receiver is on the same machine, and speaks http.
  approvals: { webhook: { url, secret, allowPrivate: true } },
});
// #endregion

const pay = guard.wrap(async function pay({ amount }: { text: string; amount: number; password: string }) {
  return `paid ${amount}`;
});
console.log(await pay({ text: 'pay the landlord', amount: 500, password: 'correct horse' }));
await guard.close(); // waits until the receiver has heard of the decision

const forged = await fetch(url, { method: 'POST', body: '{"type":"approval.decided"}' });
console.log(`A message of somebody else: ${forged.status}`);
server.close();
