import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Receiver } from '../webhook/receiver.ts';
import { SECRET } from '../webhook/verify.ts';
import { approvalsScene } from './approvals-scene.ts';

const { folder, start, ask } = approvalsScene();
const RENT = { text: 'pay rent', amount: 500 };

/** A configuration whose webhook is this receiver. */
function configFor({ url }: Receiver, name: string): string {
  const file = join(folder, name);
  const webhook = `{url: "${url}", secret: "${SECRET}", allow_private: true}`;
  writeFileSync(file, `approvals:\n  webhook: ${webhook}\n`);
  return file;
}

describe('a decision on the command line', () => {
  test('is announced at the webhook of --config before the command ends', async () => {
    const receiver = await Receiver.start();
    const config = configFor(receiver, 'hook.yaml');
    const id = ask('hook.db', RENT);
    const words = ['--by', 'ann', '--note', 'fine', '--db', 'hook.db', '--config', config];
    const { code, stdout, stderr } = await start(['approvals', 'approve', id, ...words]).ended();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Approved by ann');
    expect(await receiver.messages(1)).toMatchObject([
      { type: 'approval.decided', data: { id, state: 'approved', decided_by: 'ann', note: 'fine' } },
    ]);
    expect(receiver.received).toHaveLength(1);
  });

  test('is one although the webhook fails: that is said on stderr', async () => {
    const receiver = await Receiver.start((response) => response.writeHead(404).end());
    const config = configFor(receiver, 'gone.yaml');
    const id = ask('gone.db', RENT);
    const command = start(['approvals', 'deny', id, '--json', '--db', 'gone.db', '--config', config]);
    const { code, stdout, stderr } = await command.ended();
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id, state: 'denied' });
    const { host } = new URL(receiver.url);
    expect(stderr).toBe(`A webhook message to http://${host} is lost: it answered 404.\n`);
  });

  test('that does not count is not announced', async () => {
    const receiver = await Receiver.start();
    const config = configFor(receiver, 'none.yaml');
    const id = ask('none.db', RENT, { agentId: 'clerk' });
    const words = ['--by', 'clerk', '--db', 'none.db', '--config', config];
    expect(await start(['approvals', 'approve', id, ...words]).ended()).toMatchObject({ code: 1 });
    expect(receiver.received).toEqual([]);
  });
});
