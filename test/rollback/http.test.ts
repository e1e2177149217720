import { describe, expect, it } from 'vitest';
import {
  type Compensate,
  ConfigValidationError,
  IrreversibleError,
  RollbackFailedError,
  SnapshotNotFoundError,
} from '../../src/index.ts';
import { Receiver } from '../webhook/receiver.ts';
import { httpScene, labelsOf } from './http-scene.ts';

const SECRET = 'tok-5b1d9c-very-secret';
const { booked, start, text } = httpScene();

describe('a compensating request', () => {
  it('is sent on rollback, by another process too, as it was described right after the act', async () => {
    const receiver = await Receiver.start();
    const { guard, id } = await booked((intent, result: { room: string }) => ({
      url: `${receiver.url}/${result.room}?by=${intent.agentId}`,
      method: 'put',
      headers: { authorization: `Bearer ${SECRET}` },
      body: 'free',
    }));
    const [entry] = guard.getAuditLog();
    expect(entry).toMatchObject({ reversible: true, labels: [], snapshotId: expect.any(String) });
    expect(receiver.received).toEqual([]);
    await guard.close();
    const other = start();
    expect(await other.rollback(id)).toBe(true);
    expect(await other.rollback(id)).toBe(false);
    expect(receiver.received).toMatchObject([
      {
        ...{ method: 'PUT', path: '/hook/blue?by=default', text: 'free' },
        headers: {
          authorization: `Bearer ${SECRET}`,
          'content-type': 'text/plain;charset=UTF-8',
          'idempotency-key': entry?.snapshotId,
        },
      },
    ]);
    const [undoing, undone] = other.getAuditLog();
    expect(undoing).toMatchObject({
      actionType: 'rollback',
      state: 'done',
      result: { status: 204, answer: '' },
    });
    expect(undone).toMatchObject({ actionId: id, rolledBack: true });
  });

  it('may be a Request, whose stream is read once, and keeps its own Idempotency-Key', async () => {
    const receiver = await Receiver.start();
    const { guard, id } = await booked(
      async () =>
        new Request(receiver.url, {
          method: 'POST',
          headers: { 'Idempotency-Key': 'mine', 'Content-Type': 'application/json' },
          body: '{"cancel":"ü"}',
        }),
    );
    expect(await guard.rollback(id)).toBe(true);
    expect(receiver.received).toMatchObject([
      { text: '{"cancel":"ü"}', headers: { 'idempotency-key': 'mine', 'content-type': 'application/json' } },
    ]);
  });

  it('may be of a tool that cannot wait, with a body that is there', async () => {
    const receiver = await Receiver.start();
    const { guard, id } = await booked(
      () => ({ url: new URL(receiver.url), body: new Uint8Array([0, 255]) }),
      false,
    );
    expect(await guard.rollback(id)).toBe(true);
    expect(receiver.received).toMatchObject([{ method: 'POST', headers: { 'content-length': '2' } }]);
  });

  it('goes before other handlers for the type', async () => {
    const receiver = await Receiver.start();
    const guard = start();
    guard.registerRollbackHandler('room.*', {
      name: 'rooms',
      actionTypes: [],
      capture: () => ({}),
      restore: () => false,
    });
    guard.protect('room.book', { compensate: () => ({ url: receiver.url }) })(() => 'booked')();
    expect(await guard.rollbackLast()).toEqual([true]);
    expect(receiver.received).toHaveLength(1);
  });

  it('is in no journal, and in no answer that is journaled', async () => {
    const receiver = await Receiver.start((response, number) => {
      response
        .writeHead(number === 0 ? 500 : 200)
        .end(`you sent Bearer ${SECRET} to /hook/path-secret: body-secret`);
    });
    const { guard, id } = await booked(() => ({
      url: `${receiver.url}/path-secret?key=query-secret`,
      headers: [['authorization', `Bearer ${SECRET}`]],
      body: 'body-secret',
    }));
    const error = await guard.rollback(id).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RollbackFailedError);
    expect((error as Error).message).toContain('answered with 500');
    expect((error as Error).message).toContain('you sent [request]');
    expect(await guard.rollback(id)).toBe(true);
    const everything = text() + String((error as Error).message);
    for (const part of [SECRET, 'path-secret', 'query-secret', 'body-secret', '127.0.0.1']) {
      expect(everything).not.toContain(part);
    }
    expect(receiver.received).toHaveLength(2);
  });
});

describe('an action is irreversible, although it ran,', () => {
  const big = 'x'.repeat((1 << 20) + 1);
  it.each<[string, unknown, RegExp]>([
    ['null', null, /returned no request/],
    ['undefined', undefined, /returned no request/],
    ['a promise of null', Promise.resolve(null), /returned no request/],
    ['a text', 'https://x.example', /no request/],
    ['an object without a URL', { method: 'POST' }, /no request/],
    ['a relative URL', { url: '/rooms/1' }, /not an absolute one/],
    ['a file URL', { url: 'file:///etc/passwd' }, /neither https nor http/],
    [
      'credentials in the URL',
      { url: 'https://u:tok-5b1d9c-very-secret@x.example' },
      /credentials in its URL/,
    ],
    ['a wrong method', { url: 'https://x.example', method: 'tok-5b1d9c-very-secret (' }, /no request/],
    [
      'a wrong header',
      { url: 'https://x.example', headers: { a: 'tok-5b1d9c-very-secret\n' + 'b: c\nd' } },
      /no request/,
    ],
    ['a body of GET', { url: 'https://x.example', method: 'GET', body: 'x' }, /GET request with a body/],
    ['an object as body', { url: 'https://x.example', body: { a: 1 } }, /neither text nor bytes/],
    ['a large body', { url: 'https://x.example', body: big }, /more than 1048576 bytes/],
    ['large headers', { url: 'https://x.example', headers: { a: big } }, /more than 65536/],
    ['a stream of text', { url: 'https://x.example', body: ReadableStream.from(['a']) }, /no bytes/],
  ])('where `compensate` returns %s', async (_what, returned, why) => {
    const { guard, id } = await booked((() => returned) as Compensate);
    expect(guard.getAuditLog()[0]).toMatchObject({ state: 'done', outcome: 'ALLOW', reversible: false });
    expect(labelsOf(guard, id)).toEqual([expect.stringMatching(why)]);
    expect(labelsOf(guard, id)[0]).toMatch(/^irreversible: /);
    await expect(guard.rollback(id)).rejects.toThrow(SnapshotNotFoundError);
    await expect(guard.rollback(id)).rejects.toThrow(why);
    expect(text()).not.toContain(SECRET);
  });

  it('where the body never ends: no more than 1 MB of it is read', async () => {
    let pieces = 0;
    const body = new ReadableStream({
      pull(controller) {
        pieces++;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const { guard, id } = await booked(() => ({ url: 'https://x.example', body }));
    expect(labelsOf(guard, id)).toEqual([expect.stringContaining('more than 1048576 bytes')]);
    expect(pieces).toBeLessThan(20);
  });

  it('where the body was read before', async () => {
    const request = new Request('https://x.example', { method: 'POST', body: 'once' });
    await request.text();
    const { guard, id } = await booked(() => request);
    expect(labelsOf(guard, id)).toEqual([expect.stringContaining('was read before')]);
  });

  it.each<[string, () => never]>([
    [
      'at once',
      () => {
        throw new TypeError(SECRET);
      },
    ],
    ['later', (() => Promise.reject(new TypeError(SECRET))) as () => never],
  ])(
    'where `compensate` throws %s, of which nothing but the kind of error is told',
    async (_when, compensate) => {
      const { guard, id } = await booked(compensate);
      expect(labelsOf(guard, id)).toEqual([expect.stringContaining('its `compensate` failed (TypeError)')]);
      expect(text()).not.toContain(SECRET);
    },
  );

  it('where `compensate` says why', async () => {
    const { guard, id } = await booked(() => {
      throw new IrreversibleError('the room is non-refundable');
    });
    expect(labelsOf(guard, id)).toEqual(['irreversible: the room is non-refundable']);
  });

  it.each<[string, Compensate]>([
    ['`compensate` answers later', async () => ({ url: 'https://x.example' })],
    ['its body is a stream', () => new Request('https://x.example', { method: 'POST', body: 'x' })],
    ['`compensate` rejects', () => Promise.reject(new Error(SECRET))],
  ])('where the tool cannot wait and %s', async (_what, compensate) => {
    const { guard, id } = await booked(compensate, false);
    expect(labelsOf(guard, id)).toEqual([expect.stringContaining('make the tool async')]);
    expect(guard.getAuditLog()[0]).toMatchObject({
      state: 'done',
      reversible: false,
      result: { room: 'blue' },
    });
  });

  it('where the tool failed: `compensate` is not asked', async () => {
    const guard = start();
    let asked = 0;
    const compensate = () => {
      asked++;
      return null;
    };
    const tool = guard.protect('room.book', { compensate })(() => {
      throw new Error('full');
    });
    expect(tool).toThrow('full');
    const [entry] = guard.getAuditLog();
    expect(entry).toMatchObject({ state: 'failed', error: 'full', reversible: false });
    expect([asked, entry?.labels]).toEqual([0, [expect.stringContaining('the tool failed')]]);
  });
});

it('refuses options and names that cannot be used', () => {
  const guard = start();
  const compensate = 'https://x.example' as unknown as Compensate;
  expect(() => guard.protect('room.book', { compensate })).toThrow(ConfigValidationError);
  const handler = { actionTypes: [], capture: () => null, restore: () => true };
  expect(() => guard.registerRollbackHandler('http', handler)).toThrow(/`http` is the name of/);
  guard.registerRollbackHandler('http', { ...handler, name: 'mine' });
});
