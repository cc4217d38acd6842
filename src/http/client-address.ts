import type { IncomingMessage } from 'node:http';

/**
 * Returns the client's address for a request that no framework has seen. It follows the rule of `createFastifyAdapter`:
 * it believes as many entries of X-Forwarded-For, from the right, as there are proxies of ours.
 */
export function clientAddress({ headers, socket }: IncomingMessage, trustProxy: number): string {
  const forwarded = headers['x-forwarded-for'] ?? [];
  const hops = [forwarded].flat().join(',').split(',').reverse();
  const known = [socket.remoteAddress ?? '', ...hops.map((it) => it.trim()).filter(Boolean)];
  return known[Math.min(trustProxy, known.length - 1)]!;
}
