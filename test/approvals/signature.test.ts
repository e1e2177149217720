import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isIntact,
  requestFingerprint,
  type SignedRequest,
  shownHash,
  signVote,
  verifyVote,
  votePayload,
} from '../../src/approvals/signature.ts';
import { START } from '../../src/testing/store/records.ts';
import { Signer } from './queue-scene.ts';

/** Of `{"intent":"pay 7","parameters":{"amount":7}}`, as `sha256sum` says. */
const HASH = 'a59e2363ea043bc34db13cf39b7aaf70cd4a1c2cd79c0b7075459d6aaf74bf74';
const alice = new Signer('alice');
const request: SignedRequest = {
  id: 'id-1',
  digest: 'digest-1',
  toolName: 'pay',
  actionType: 'payment.send',
  agentId: 'worker',
  taskId: null,
  sessionId: 'session-1',
  verdict: 'ESCALATE',
  reason: 'Payments need a person',
  ruleName: 'payments',
  escalateTo: 'finance',
  riskScore: 0.5,
  objections: ['payments'],
  shown: { intent: 'pay 7', parameters: { amount: 7 } },
  shownHash: HASH,
  quorum: 1,
  requestedAt: new Date(START - 1000),
  expiresAt: new Date(START),
};
const decision = { by: 'alice', approved: true, scope: 'call', minutes: 60, note: 'Go on' } as const;
const payload = votePayload(request, decision);
const signature = signVote(payload, alice.privateKey);

describe('a vote that is signed', () => {
  it('is that of the owner of the key', () => {
    expect(verifyVote(payload, signature, alice.publicKey)).toBe(true);
    expect(verifyVote(payload, signature, new Signer('alice').publicKey)).toBe(false);
  });

  it('has a text that says what it is for', () => {
    expect(payload).toBe(
      '{"action_type":"payment.send","agent_id":"worker","approved":true,"by":"alice","digest":"digest-1",' +
        '"escalate_to":"finance","expires_at":"2027-01-15T08:00:00.000Z","id":"id-1","minutes":60,"note":"Go on",' +
        '"objections":["payments"],"purpose":"plyra-guard approval v2","quorum":1,"reason":"Payments need a person",' +
        '"requested_at":"2027-01-15T07:59:59.000Z","risk_score":0.5,"rule_name":"payments","scope":"call",' +
        `"session_id":"session-1","shown_hash":"${HASH}","task_id":null,"tool_name":"pay","verdict":"ESCALATE"}`,
    );
  });

  it('has one text with its defaults and without them', () => {
    expect(votePayload(request, { by: 'a', approved: true })).toBe(
      votePayload(request, { by: 'a', approved: true, scope: 'once', minutes: null, note: null }),
    );
    expect(votePayload(request, { by: 'a', approved: true, scope: 'session', note: '' })).toBe(
      votePayload(request, { by: 'a', approved: true, scope: 'session', minutes: 480 }),
    );
  });

  it('is void with any field changed', () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 });
    const changes = fc.oneof(
      fc.record({ id: text }),
      fc.record({ digest: text }),
      fc.record({ toolName: text }),
      fc.record({ actionType: text }),
      fc.record({ agentId: text }),
      fc.record({ taskId: fc.option(text) }),
      fc.record({ sessionId: fc.option(text) }),
      fc.record({ verdict: fc.constantFrom('ESCALATE', 'DEFER') }),
      fc.record({ reason: text }),
      fc.record({ ruleName: fc.option(text) }),
      fc.record({ escalateTo: fc.option(text) }),
      fc.record({ riskScore: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ quorum: fc.integer({ min: 1 }) }),
      fc.record({ requestedAt: fc.date({ noInvalidDate: true }) }),
      fc.record({ shown: fc.record({ intent: text, parameters: fc.dictionary(text, fc.jsonValue()) }) }),
      fc.record({ objections: fc.array(text, { maxLength: 3 }) }),
      fc.record({ expiresAt: fc.date({ noInvalidDate: true }) }),
      fc.record({ by: text }),
      fc.record({ approved: fc.constant(false) }),
      fc.record({ scope: fc.constantFrom('once', 'session', 'call') }),
      fc.record({ minutes: fc.integer() }),
      fc.record({ note: fc.option(text) }),
    );
    fc.assert(
      fc.property(changes, (change) => {
        const changed = votePayload(
          { ...request, ...change } as SignedRequest,
          { ...decision, ...change } as never,
        );
        expect(verifyVote(changed, signature, alice.publicKey)).toBe(changed === payload);
        for (const [key, value] of Object.entries(change)) {
          const before = { ...request, ...decision }[key as keyof typeof decision];
          if (JSON.stringify(before) !== JSON.stringify(value)) expect(changed).not.toBe(payload);
        }
      }),
    );
  });
});

describe('what is shown', () => {
  it('is signed as its hash, also once it is erased', () => {
    const hash = shownHash({ intent: 'pay 7', parameters: { amount: 7 } });
    expect(hash).toBe(HASH);
    expect(votePayload({ ...request, shown: null }, decision)).toBe(payload);
    const other = shownHash({ intent: 'pay 8', parameters: { amount: 7 } });
    expect(votePayload({ ...request, shown: null, shownHash: other }, decision)).not.toBe(payload);
  });

  it('is signed as it is in the hands of who signs, whatever is said of its hash', () => {
    expect(votePayload({ ...request, shownHash: 'of another' }, decision)).toBe(payload);
  });

  it('is intact as long as its hash says so, and never without one', () => {
    expect(isIntact(request)).toBe(true);
    expect(isIntact({ ...request, shown: { intent: 'pay 7', parameters: { amount: 8 } } })).toBe(false);
    for (const none of [{ shownHash: null }, { shown: null }, { shown: null, shownHash: null }]) {
      expect(isIntact({ ...request, ...none })).toBe(false);
    }
  });

  it('has one hash in whatever order its keys are', () => {
    const one = shownHash({ intent: 'a', parameters: { a: 1, b: { c: 1, d: '$x' } } });
    expect(shownHash({ intent: 'a', parameters: { b: { d: '$x', c: 1 }, a: 1 } })).toBe(one);
  });
});

describe('the fingerprint of a request', () => {
  it('is another one with anything changed that is signed, and is no signature of a vote', () => {
    const one = requestFingerprint(request);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(requestFingerprint({ ...request })).toBe(one);
    for (const changes of [
      { reason: 'harmless' },
      { shown: { intent: 'x', parameters: {} } },
      { quorum: 2 },
    ]) {
      expect(requestFingerprint({ ...request, ...changes })).not.toBe(one);
    }
  });
});

describe('a public key', () => {
  const spki = createPublicKey(alice.publicKey).export({ format: 'der', type: 'spki' });

  it.each([
    ['PEM', alice.publicKey],
    ['PEM with white space around it', `\n ${alice.publicKey} \n`],
    ['base64 of its 32 bytes', spki.subarray(-32).toString('base64')],
    ['base64 of its SPKI', spki.toString('base64')],
    ['base64 in lines', `${spki.toString('base64').slice(0, 20)}\n${spki.toString('base64').slice(20)}`],
  ])('may be %s', (_form, key) => {
    expect(verifyVote(payload, signature, key)).toBe(true);
  });

  it('of another kind verifies nothing', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = rsa.publicKey.export({ format: 'pem', type: 'spki' }) as string;
    expect(verifyVote(payload, signature, pem)).toBe(false);
    const secret = rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    expect(() => signVote(payload, secret)).toThrow('Ed25519');
  });

  it('of another kind verifies nothing, also where its signatures are as long', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 512 });
    const made = sign(null, Buffer.from(payload), rsa.privateKey);
    expect(made).toHaveLength(64);
    const pem = rsa.publicKey.export({ format: 'pem', type: 'spki' }) as string;
    expect(verifyVote(payload, made.toString('base64'), pem)).toBe(false);
  });

  it('or a signature that cannot be read verifies nothing, and throws nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        expect(verifyVote(payload, one, alice.publicKey)).toBe(false);
        expect(verifyVote(payload, signature, other)).toBe(false);
        expect(verifyVote(payload, one, other)).toBe(false);
      }),
    );
    for (const key of ['', 'AAAA', '-----BEGIN PUBLIC KEY-----'])
      expect(verifyVote(payload, signature, key)).toBe(false);
    for (const none of ['', 'AAAA', Buffer.alloc(64).toString('base64')]) {
      expect(verifyVote(payload, none, alice.publicKey)).toBe(false);
    }
  });
});
