import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';

/** The encodings that answers may have, the best first. */
const ENCODINGS = ['br', 'gzip'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** The types of negotiator are of the version before, which had no order of its own for equal preferences. */
interface WithPreferred {
  encodings(available: string[], options: { preferred: string[] }): string[];
}

/** Returns the encoding that the client prefers, with `q` values and `*` (RFC 9110 12.5.3); undefined for none. */
export function acceptedEncoding(header: string | undefined): Encoding | undefined {
  if (!header) return undefined;
  const negotiator = new Negotiator({ headers: { 'accept-encoding': header.toLowerCase() } });
  const [best] = (negotiator as unknown as WithPreferred).encodings([...ENCODINGS, 'identity'], {
    preferred: [...ENCODINGS],
  });
  return ENCODINGS.find((it) => it === best);
}

/** Returns the encoding that `negotiateEncodings` has chosen for a request. */
export const encodingOf = (request: FastifyRequest): Encoding | undefined =>
  request.headers['accept-encoding'] as Encoding | undefined;

/**
 * Reduces the header of each request to the one encoding that the answer takes. @fastify/static would otherwise send
 * brotli to a client that refuses it by `br;q=0, *`.
 */
export function negotiateEncodings(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request.raw;
    const encoding = acceptedEncoding(headers['accept-encoding'] as string | undefined);
    if (encoding) headers['accept-encoding'] = encoding;
    else delete headers['accept-encoding'];
    done();
  });
}

/** Says in `Vary`, beside what it has, that the answer depends on Accept-Encoding. */
export function varyBy(reply: FastifyReply): void {
  const known = [reply.getHeader('vary') ?? []].flat().join(', ');
  if (!/\baccept-encoding\b/i.test(known))
    void reply.header('vary', known ? `${known}, Accept-Encoding` : 'Accept-Encoding');
}
