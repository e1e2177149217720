import type { KeyObject } from 'node:crypto';
import type { ApprovalAsk } from '../core/approval.ts';
import { canonicalJson } from '../core/canonical.ts';
import { isoTime } from '../core/wire-time.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { type Decision, withDefaults } from './decision.ts';

/** So that no text that was signed for something else is a vote. */
const PURPOSE = 'plyra-guard approval v1';

/** What comes before the 32 bytes of an Ed25519 key in DER (RFC 8410 §4). */
const SPKI_PREFIX = Object.freeze([0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]);
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** What of a request a signature covers. */
export type SignedRequest = Pick<
  ApprovalAsk,
  'id' | 'digest' | 'toolName' | 'agentId' | 'objections' | 'expiresAt'
>;

/**
 * The text that is signed of a decision on a request: canonical JSON. Defaults are filled in, so a decision and the vote
 * that is kept of it have one text.
 */
export function votePayload(request: SignedRequest, decision: Decision): string {
  const { by, approved, note, scope, minutes } = withDefaults(decision);
  return canonicalJson({
    purpose: PURPOSE,
    id: request.id,
    digest: request.digest,
    tool_name: request.toolName,
    agent_id: request.agentId,
    objections: [...request.objections],
    expires_at: isoTime(request.expiresAt.getTime()),
    by,
    approved,
    scope,
    minutes,
    note,
  });
}

/** Signs a vote's payload. Base64. Throws for a key that is no Ed25519 private key in PEM. */
export function signVote(payload: string, privateKeyPem: string): string {
  const { createPrivateKey, sign } = nodeCrypto();
  const key = createPrivateKey(privateKeyPem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('Votes are signed with Ed25519 keys.');
  return sign(null, Buffer.from(payload, 'utf8'), key).toString('base64');
}

/**
 * Whether a signature is that of a payload by the owner of a public key: PEM, or base64 of the key's 32 bytes or of its
 * SPKI. What cannot be read is none. Never throws.
 */
export function verifyVote(payload: string, signature: string, publicKey: string): boolean {
  try {
    const bytes = bytesOf(signature);
    if (bytes?.length !== SIGNATURE_BYTES) return false;
    const key = keyOf(publicKey.trim());
    return (
      key.asymmetricKeyType === 'ed25519' &&
      nodeCrypto().verify(null, Buffer.from(payload, 'utf8'), key, bytes)
    );
  } catch {
    return false;
  }
}

function keyOf(text: string): KeyObject {
  const { createPublicKey } = nodeCrypto();
  if (text.startsWith('-----BEGIN ')) return createPublicKey(text);
  const bytes = bytesOf(text.replace(/\s/g, '')) ?? Buffer.alloc(0);
  const key = bytes.length === KEY_BYTES ? Buffer.concat([Buffer.from(SPKI_PREFIX), bytes]) : bytes;
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

function bytesOf(text: string): Buffer | undefined {
  return BASE64.test(text) ? Buffer.from(text, 'base64') : undefined;
}
