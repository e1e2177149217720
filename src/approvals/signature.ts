import type { KeyObject } from 'node:crypto';
import type { ApprovalAsk, ShownCall } from '../core/approval.ts';
import { canonicalJson, sortedJson } from '../core/canonical.ts';
import { isoTime } from '../core/wire-time.ts';
import { nodeCrypto } from '../node-crypto.ts';
import { type Decision, withDefaults } from './decision.ts';

/** So that no text that was signed for something else is a vote, nor one that covers less or something else. */
const PURPOSE = 'plyra-guard approval v2';
const REQUEST_PURPOSE = 'plyra-guard request v2';

/** What comes before the 32 bytes of an Ed25519 key in DER (RFC 8410 §4). */
const SPKI_PREFIX = Object.freeze([0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]);
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** What of a request a signature covers: all that its approver is shown, and by what it is known. */
export type SignedRequest = Pick<
  ApprovalAsk,
  | 'id'
  | 'digest'
  | 'toolName'
  | 'actionType'
  | 'agentId'
  | 'taskId'
  | 'sessionId'
  | 'verdict'
  | 'reason'
  | 'ruleName'
  | 'escalateTo'
  | 'riskScore'
  | 'objections'
  | 'shown'
  | 'shownHash'
  | 'quorum'
  | 'requestedAt'
  | 'expiresAt'
>;

/** Hex SHA-256 of the canonical JSON (RFC 8785) of what an approver is shown of a call. */
export function shownHash({ intent, parameters }: ShownCall): string {
  return nodeCrypto().hash('sha256', sortedJson({ intent, parameters }));
}

/** Whether what a request shows is what was shown when it was asked. False for one that shows nothing any more. */
export function isIntact(request: Pick<ApprovalAsk, 'shown' | 'shownHash'>): boolean {
  return request.shown !== null && shownHash(request.shown) === request.shownHash;
}

/** What is said of a request that is not. */
export const NOT_INTACT =
  'What it shows is not what was shown when it was asked: somebody changed it in the database, or another version of ' +
  'plyra-guard asked. It cannot be approved. Deny it, and have the agent make the call again.';

/** Names all that a signature covers of a request: hex SHA-256. Of two requests that differ in what is shown it differs. */
export function requestFingerprint(request: SignedRequest): string {
  return nodeCrypto().hash('sha256', canonicalJson({ purpose: REQUEST_PURPOSE, ...signedFields(request) }));
}

/**
 * The text that is signed of a decision on a request: canonical JSON. Defaults are filled in, so a decision and the vote
 * that is kept of it have one text. What is shown is covered as it is in `request.shown`, or once that is erased as
 * `shownHash` tells.
 */
export function votePayload(request: SignedRequest, decision: Decision): string {
  const { by, approved, note, scope, minutes } = withDefaults(decision);
  return canonicalJson({
    purpose: PURPOSE,
    ...signedFields(request),
    by,
    approved,
    scope,
    minutes,
    note,
  });
}

function signedFields(request: SignedRequest) {
  return {
    id: request.id,
    digest: request.digest,
    tool_name: request.toolName,
    action_type: request.actionType,
    agent_id: request.agentId,
    task_id: request.taskId,
    session_id: request.sessionId,
    verdict: request.verdict,
    reason: request.reason,
    rule_name: request.ruleName,
    escalate_to: request.escalateTo,
    risk_score: request.riskScore,
    objections: [...request.objections],
    shown_hash: request.shown === null ? request.shownHash : shownHash(request.shown),
    quorum: request.quorum,
    requested_at: isoTime(request.requestedAt.getTime()),
    expires_at: isoTime(request.expiresAt.getTime()),
  };
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
