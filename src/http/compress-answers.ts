import { pipeline, type Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Encoding, encodingOf, varyBy } from './accept-encoding.js';

/** An answer below this many bytes fits into one packet with its headers. */
const SMALLEST = 1_024;

/** Compressed public reads that are kept. Many readers ask for the same page, and its ETag names its text. */
const KEPT_ANSWERS = 200;

const TEXT = /^(application\/(json|javascript)|text\/(html|css|javascript)|image\/svg\+xml)\b/;

// Qualities that take about as long as the query before them; files of the build have the best (tools/compress-assets.mjs).
const BROTLI = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
};
const GZIP = { level: 5 };

const compressors = {
  br: { whole: promisify(brotliCompress), options: BROTLI, stream: () => createBrotliCompress(BROTLI) },
  gzip: { whole: promisify(gzip), options: GZIP, stream: () => createGzip(GZIP) },
};

/**
 * Compresses answers to reads. An answer to a write is left as it is: it may hold a secret beside what the caller sent,
 * which its length would give away. A read is answered to allowed origins only or holds nothing private
 * (src/http/origin.ts), so a foreign site cannot ask for one again and again with other guesses.
 */
export function compressAnswers(server: FastifyInstance): void {
  const kept = new KeptAnswers(KEPT_ANSWERS);

  server.addHook('onSend', async (request, reply, payload: unknown) => {
    if (!isRead(request, reply) || reply.getHeader('content-encoding') !== undefined) return payload;
    if (reply.statusCode === 304) varyBy(reply);
    if (reply.statusCode !== 200 || !TEXT.test(String(reply.getHeader('content-type')))) return payload;
    varyBy(reply);
    const encoding = encodingOf(request);
    if (!encoding || payload === null || payload === undefined) return payload;
    if (isStream(payload)) return request.method === 'HEAD' ? payload : compressStream(reply, payload, encoding);
    const text = payload as string | Buffer;
    if (Buffer.byteLength(text) < SMALLEST) return payload;
    const tag = reply.getHeader('etag');
    const name = tag === undefined ? undefined : `${encoding} ${String(tag)} ${request.url}`;
    const { whole, options } = compressors[encoding];
    const known = name === undefined ? undefined : kept.get(name);
    const compressed = known ?? (await whole(text, options));
    if (name !== undefined && !known) kept.set(name, compressed);
    void reply.header('content-encoding', encoding).removeHeader('content-length');
    return compressed;
  });
}

/** The counts are a public read by POST; only public reads have an ETag there. */
const isRead = (request: FastifyRequest, reply: FastifyReply): boolean =>
  request.method === 'GET' || request.method === 'HEAD' || reply.getHeader('etag') !== undefined;

const isStream = (payload: unknown): payload is Readable => typeof (payload as Readable).pipe === 'function';

function compressStream(reply: FastifyReply, payload: Readable, encoding: Encoding): Readable {
  void reply.header('content-encoding', encoding);
  for (const it of ['content-length', 'accept-ranges']) reply.removeHeader(it);
  // A failure on either side ends both, and Fastify sees it on the stream that it sends.
  return pipeline(payload, compressors[encoding].stream(), () => undefined);
}

/** The answers that were asked for last. */
class KeptAnswers {
  private readonly answers = new Map<string, Buffer>();

  constructor(private readonly max: number) {}

  get(name: string): Buffer | undefined {
    const answer = this.answers.get(name);
    if (answer) {
      this.answers.delete(name);
      this.answers.set(name, answer);
    }
    return answer;
  }

  set(name: string, answer: Buffer): void {
    this.answers.set(name, answer);
    if (this.answers.size > this.max) this.answers.delete(this.answers.keys().next().value!);
  }
}
