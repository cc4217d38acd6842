import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import ipaddr from 'ipaddr.js';
import { clientAddress, type ForwardedClient, forwardedClient } from './client-address.js';

const OTHER_HEADERS = [
  'forwarded',
  'x-real-ip',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-client-ip',
  'cf-connecting-ip',
  'true-client-ip',
  'fastly-client-ip',
];

/**
 * Makes `request.ip` the address that our proxies name, and warns once of each way in which proxies and TRUST_PROXY do
 * not fit, because the limits of all readers then hold for all of them together, or for nobody.
 */
export class ForwardedHeaders {
  private readonly said = new Set<string>();

  constructor(
    private readonly trustProxy: number,
    private readonly log: Pick<Logger, 'warn'> = new Logger('Proxy'),
  ) {}

  /** Looks at a request before anything reads its address. */
  inspect(request: IncomingMessage): void {
    const client = forwardedClient(request, this.trustProxy);
    // Fastify reads this header for `request.ip`, and would take a port or a name for part of the address.
    if (client && client.address !== client.entry)
      request.headers['x-forwarded-for'] = Array<string>(client.entries)
        .fill(clientAddress(request, this.trustProxy))
        .join(', ');
    if (!client && this.trustProxy) delete request.headers['x-forwarded-for']; // it has no entry
    // Health checks reach this process without a proxy.
    if (!request.url?.startsWith('/health/')) this.warnOf(request, client);
  }

  private warnOf(request: IncomingMessage, client: ForwardedClient | undefined): void {
    const { headers } = request;
    const other = OTHER_HEADERS.find((it) => headers[it] !== undefined);
    const proxies = this.trustProxy;
    if (proxies === 0) {
      const header = headers['x-forwarded-for'] === undefined ? other : 'x-forwarded-for';
      if (header)
        this.warn(
          'untrusted',
          `A request has the header ${header}, and TRUST_PROXY=0 says that no proxy is in front. All readers behind a ` +
            'proxy share the limits of one reader. Set TRUST_PROXY to the number of your proxies.',
        );
    } else if (!client) {
      this.warn(
        'missing',
        `A request has no X-Forwarded-For, and TRUST_PROXY=${proxies} says that ${proxies === 1 ? 'a proxy writes it' : 'proxies write it'}. ` +
          (other ? `Your proxy sends ${other} instead. ` : '') +
          'Let the proxy send X-Forwarded-For, and let nobody reach this port without it (HOST=127.0.0.1 or a firewall).',
      );
    } else this.warnOfEntry(client);
  }

  private warnOfEntry({ entry, address, entries }: ForwardedClient): void {
    const shown = JSON.stringify(entry.slice(0, 60));
    if (!address)
      this.warn(
        'unreadable',
        `X-Forwarded-For names ${shown}, which is no IP address, so the address of the proxy counts instead. ` +
          'Let the proxy send the address of the client.',
      );
    else if (address !== entry)
      this.warn('port', `X-Forwarded-For names ${shown}. Only the address in it (${address}) counts, as it should.`);
    if (entries < this.trustProxy)
      this.warn(
        'few',
        `X-Forwarded-For has ${entries} of the ${this.trustProxy} entries that TRUST_PROXY=${this.trustProxy} expects, ` +
          'so readers can choose their own address. Set TRUST_PROXY to the number of your proxies.',
      );
    else if (entries > this.trustProxy && address && isInternal(address))
      this.warn(
        'internal',
        `X-Forwarded-For names ${shown} where TRUST_PROXY=${this.trustProxy} expects a reader, which is probably ` +
          'another proxy of yours. Count it in TRUST_PROXY.',
      );
  }

  private warn(kind: string, text: string): void {
    if (this.said.has(kind)) return;
    this.said.add(kind);
    this.log.warn(text);
  }
}

const isInternal = (address: string): boolean => ipaddr.process(address).range() !== 'unicast';

/** Puts the inspection before every other hook. */
export function readForwardedHeaders(server: FastifyInstance, headers: ForwardedHeaders): void {
  server.addHook('onRequest', (request, _reply, done) => {
    headers.inspect(request.raw);
    done();
  });
}
