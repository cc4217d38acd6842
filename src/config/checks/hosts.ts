import ipaddr from 'ipaddr.js';

/** Returns the host of a URL of any scheme, without brackets; an empty text where there is none. */
export function hostOf(url: string): string {
  if (!URL.canParse(url)) return '';
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

/** Whether a host is this machine itself. */
export function isLoopback(host: string): boolean {
  if (/(^|\.)localhost$/i.test(host)) return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}

/** Whether a host is one of the names that examples and tests use (RFC 2606), which no reader can reach. */
export const isPlaceholder = (host: string): boolean =>
  /(^|\.)(example|invalid|test)$/i.test(host) || /(^|\.)example\.(com|net|org)$/i.test(host);

/** Whether a host is known inside a network only: a private address, a bare name or an internal domain. */
export function isInternal(host: string): boolean {
  if (ipaddr.isValid(host)) return ipaddr.process(host).range() !== 'unicast';
  return !host.includes('.') || /\.(local|localdomain|internal|intranet|lan|home|corp)$/i.test(host);
}
