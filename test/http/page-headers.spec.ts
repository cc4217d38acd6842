import { describe, expect, it } from '@jest/globals';
import fastify from 'fastify';
import { servePages } from '../../src/http/pages.js';

/** Headers by which one answer decides for other paths of its origin, for subdomains or for other connections. */
const FOR_MORE_THAN_THE_ANSWER =
  /^(strict-transport-security|public-key-pins|expect-ct|origin-agent-cluster|x-permitted-cross-domain-policies|accept-ch|critical-ch|alt-svc|nel|report-to|clear-site-data|service-worker-allowed)$/;

const headersOf = async (path: string, publicUrl: string, hstsMaxAge?: number) => {
  const server = fastify();
  await servePages(server, '/nowhere', publicUrl, hstsMaxAge);
  const { headers } = await server.inject(path);
  await server.close();
  return headers;
};

describe('production headers', () => {
  it('speak for nothing but their own answer', async () => {
    for (const path of ['/', '/desk', '/api/docs', '/api/v1/session', '/embed.js']) {
      const headers = await headersOf(path, 'https://talk.news.example');
      expect(Object.keys(headers).filter((it) => FOR_MORE_THAN_THE_ANSWER.test(it))).toEqual([]);
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it('ask browsers to refuse http on this host alone, and only when the operator asks for it', async () => {
    const header = 'strict-transport-security';
    expect((await headersOf('/desk', 'https://talk.news.example', 300))[header]).toBe('max-age=300');
    expect((await headersOf('/desk', 'https://talk.news.example', 0))[header]).toBe('max-age=0');
    expect((await headersOf('/desk', 'http://localhost:3000', 300))[header]).toBeUndefined();
  });
});
