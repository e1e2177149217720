import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPrivateHost } from '../policy/conditions/private-host.ts';

/** Finds all addresses of a name: `dns.lookup` with `all`, which gives none beside an error. */
export type Resolve = (
  name: string,
  options: LookupAllOptions,
  found: (error: Error | null, addresses?: readonly LookupAddress[]) => void,
) => void;

/** A host is, or a name leads to, this machine or a private network. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';

  constructor(host: string, address: string) {
    const what =
      host === address ? `${host} is a private address` : `${host} leads to ${address}, a private address`;
    super(`${what}, which only \`allow_private: true\` permits`);
  }
}

/**
 * Looks names up for a socket that is about to connect, and fails for a name with any address that is private. The
 * socket connects to what was looked at: a name that leads elsewhere the next time changes nothing.
 */
export function publicLookup(resolve: Resolve = lookup): LookupFunction {
  return (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, addresses = []) => {
      const [first] = addresses;
      if (error !== null) return done(error, []);
      // Node itself does not get over an empty list.
      if (first === undefined) return done(new Error(`${name} has no address`), []);
      const wrong = addresses.find(({ address }) => isPrivateHost(address) !== false);
      if (wrong !== undefined) return done(new PrivateAddressError(name, wrong.address), []);
      if (options.all === true) done(null, [...addresses]);
      else done(null, first.address, first.family);
    });
  };
}
