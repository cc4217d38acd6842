import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { Agent, request } from 'undici';
import { Config } from '../config/config.js';
import { Sites } from '../settings/sites.service.js';
import { guardedLookup, isLoopback, isPublicAddress } from '../http/public-addresses.js';
import { ArticleUrl } from './article-url.js';
import { PageHead } from './page-facts.js';

/** What reading a page has shown. `unclear` says neither that there is such a page nor that there is none. */
export type PageReading = { state: 'found'; title: string } | { state: 'missing' | 'unclear' };

const PAGE_MS = 5_000;
const MOST_BYTES = 512 * 1024;
const UNCLEAR: PageReading = { state: 'unclear' };

/**
 * Reads a page of the publisher, whose address an anonymous caller named. Only allowed origins are asked, no redirect is
 * followed, and names must lead to public addresses; outside production also to this machine.
 */
@Injectable()
export class PageReader {
  /** Resolves host names with the operating system's resolver. */
  protected resolve: LookupFunction = lookup as LookupFunction;
  private readonly agent: Agent;

  constructor(
    private readonly config: Config,
    @Inject(Sites) private readonly sites: Pick<Sites, 'allows'>,
  ) {
    this.agent = new Agent({
      connections: 4,
      keepAliveTimeout: 1_000,
      connect: {
        timeout: PAGE_MS,
        lookup: guardedLookup(
          (...it) => this.resolve(...it),
          (it) => this.passes(it),
        ),
      },
    });
  }

  /** Never throws. */
  async read(url: string): Promise<PageReading> {
    const { origin, hostname } = new URL(url);
    if (origin === this.config.publicUrl || !this.sites.allows(origin)) return UNCLEAR;
    const literal = hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) && !this.passes(literal)) return UNCLEAR; // a socket looks up names only
    try {
      return await this.ask(url);
    } catch {
      return UNCLEAR;
    }
  }

  private async ask(url: string): Promise<PageReading> {
    const { statusCode, headers, body } = await request(url, {
      dispatcher: this.agent,
      signal: AbortSignal.timeout(PAGE_MS),
      headers: { accept: 'text/html', 'user-agent': `Rostra (+${this.config.publicUrl})` },
    });
    body.on('error', () => undefined);
    const isHtml = /^(text\/html|application\/xhtml\+xml)\b/i.test(String(headers['content-type'] ?? ''));
    if (statusCode !== 200 || !isHtml) {
      body.destroy();
      return { state: statusCode === 404 || statusCode === 410 ? 'missing' : 'unclear' };
    }
    const head = new PageHead();
    const decoder = new TextDecoder(charsetOf(headers['content-type']));
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      head.write(decoder.decode(chunk, { stream: true }));
      if (head.done || size > MOST_BYTES) break; // leaving the loop destroys the body
    }
    const { title, canonical } = head.end();
    return isOwnAddress(url, canonical) ? { state: 'found', title } : UNCLEAR;
  }

  private passes(address: string): boolean {
    return isPublicAddress(address) || (!this.config.production && isLoopback(address));
  }
}

/** Returns the character set of a content type. A name that nobody knows counts as UTF-8. */
function charsetOf(contentType: unknown): string {
  const named = /charset\s*=\s*"?([\w-]+)/i.exec(String(contentType))?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(named).encoding;
  } catch {
    return 'utf-8';
  }
}

/**
 * Tells whether a page is known by this address: its canonical link says so, or without one, the address has no query.
 * A canonical link of the same host stands for the page's own origin, as in the embed.
 */
function isOwnAddress(url: string, canonical: string | undefined): boolean {
  if (canonical === undefined || !URL.canParse(canonical, url)) return new URL(url).search === '';
  const named = new URL(canonical, url);
  const { origin, hostname } = new URL(url);
  const href = named.hostname === hostname ? new URL(`${named.pathname}${named.search}`, origin).href : named.href;
  const [own, asked] = [href, url].map((it) => ArticleUrl.safeParse(it).data);
  return own !== undefined && own === asked;
}
