import type * as NodeCrypto from 'node:crypto';

/**
 * Node's cryptography, loaded on first use: it takes a tenth of the time in which the whole package may load, and nothing
 * needs it before the first guard is made.
 */
export function nodeCrypto(): typeof NodeCrypto {
  return process.getBuiltinModule('node:crypto');
}
