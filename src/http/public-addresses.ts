import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A host name resolved to an address that is not public. */
export class AddressRefused extends Error {
  constructor(host: string) {
    super(`${host} leads to an address that is not public`);
  }
}

/**
 * Whether an address belongs to the public internet: not loopback, private, link-local (the cloud's metadata), carrier
 * NAT, nor an IPv6 address that carries an IPv4 one (mapped, compatible, 64:ff9b::, 2002::, Teredo).
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  // ipaddr.js calls everything unicast that no list names; of IPv6 only 2000::/3 has been given out (RFC 4291 2.4).
  return address.kind() === 'ipv4' || (address as ipaddr.IPv6).parts[0]! >> 13 === 1;
}

export const isLoopback = (text: string): boolean => ipaddr.isValid(text) && ipaddr.parse(text).range() === 'loopback';

/**
 * Wraps a DNS look-up so that it refuses a name when any of its addresses does not pass. The socket itself uses it, so the
 * checked address is the one it connects to, which prevents DNS rebinding.
 */
export function guardedLookup(lookup: LookupFunction, passes: (address: string) => boolean): LookupFunction {
  return (host, options, callback) => {
    lookup(host, options, (error, found, family) => {
      if (error) return callback(error, found, family);
      const addresses = Array.isArray(found) ? found.map((it) => it.address) : [found];
      if (addresses.length && addresses.every(passes)) return callback(null, found, family);
      callback(new AddressRefused(host), '', 0);
    });
  };
}
