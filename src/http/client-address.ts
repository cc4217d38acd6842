import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

/** The address that proxies name for a client. */
export interface ForwardedClient {
  /** The entry of X-Forwarded-For that counts, as it was sent. */
  readonly entry: string;
  /** The IP address in that entry; undefined where there is none. */
  readonly address: string | undefined;
  /** How many entries the header has. */
  readonly entries: number;
}

/**
 * Reads the entry of X-Forwarded-For that counts: the one that our outermost proxy has written, which is as many from the
 * right as there are proxies of ours.
 * @returns undefined without a proxy of ours, or without an entry
 */
export function forwardedClient({ headers }: IncomingMessage, trustProxy: number): ForwardedClient | undefined {
  const header = headers['x-forwarded-for'];
  if (trustProxy === 0 || !header) return undefined;
  const all = [header].flat().join(',').split(',');
  const entries = all.map((it) => it.trim()).filter(Boolean);
  const entry = entries.at(-Math.min(trustProxy, entries.length));
  return entry === undefined ? undefined : { entry, address: addressIn(entry), entries: entries.length };
}

/** Returns the IP address of a request: what our proxies name, else the peer's own. */
export function clientAddress(request: IncomingMessage, trustProxy: number): string {
  return forwardedClient(request, trustProxy)?.address ?? request.socket.remoteAddress ?? '';
}

/** Returns the IP address in an entry such as `192.0.2.1:4711`, `[2001:db8::1]:443` or `"[2001:db8::1]"`. */
function addressIn(entry: string): string | undefined {
  const bare = entry.replace(/^"(.*)"$/, '$1');
  const text = /^\[(.+)\](:\d+)?$/.exec(bare)?.[1] ?? /^([\d.]+):\d+$/.exec(bare)?.[1] ?? bare;
  const address = text.replace(/%.*$/, '');
  return isFullAddress(address) ? address : undefined;
}

/** ipaddr.js also takes 127.1, 0x7f000001 and 8080, which no proxy sends. */
const isFullAddress = (text: string): boolean =>
  text.includes(':') ? ipaddr.IPv6.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text);
