import type { IncomingMessage } from 'node:http';

/**
 * The client of a request that no framework has seen, by the rule of `createFastifyAdapter`: as many entries of
 * X-Forwarded-For are believed, from the right, as there are proxies of ours.
 */
export function clientAddress({ headers, socket }: IncomingMessage, trustProxy: number): string {
  const forwarded = headers['x-forwarded-for'] ?? [];
  const hops = [forwarded].flat().join(',').split(',').reverse();
  const known = [socket.remoteAddress ?? '', ...hops.map((it) => it.trim()).filter(Boolean)];
  return known[Math.min(trustProxy, known.length - 1)]!;
}
