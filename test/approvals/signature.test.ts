import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SignedRequest, signVote, verifyVote, votePayload } from '../../src/approvals/signature.ts';
import { START } from '../../src/testing/store/records.ts';
import { Signer } from './queue-scene.ts';

const alice = new Signer('alice');
const request: SignedRequest = {
  id: 'id-1',
  digest: 'digest-1',
  toolName: 'pay',
  agentId: 'worker',
  objections: ['payments'],
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
      '{"agent_id":"worker","approved":true,"by":"alice","digest":"digest-1",' +
        '"expires_at":"2027-01-15T08:00:00.000Z","id":"id-1","minutes":60,"note":"Go on",' +
        '"objections":["payments"],"purpose":"plyra-guard approval v1","scope":"call","tool_name":"pay"}',
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
      fc.record({ agentId: text }),
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
          if (String(before) !== String(value)) expect(changed).not.toBe(payload);
        }
      }),
    );
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
