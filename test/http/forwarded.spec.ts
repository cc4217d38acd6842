import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { clientAddress } from '../../src/http/client-address.js';
import { ForwardedHeaders } from '../../src/http/forwarded-headers.js';

const PROXY = '10.0.0.1';
const request = (headers: Record<string, string>, url = '/api/v1/session'): IncomingMessage =>
  ({ headers, url, socket: { remoteAddress: PROXY } }) as unknown as IncomingMessage;
const via = (forwarded: string) => request({ 'x-forwarded-for': forwarded });

/** Lets an app with TRUST_PROXY look at these requests. @returns its warnings */
function warnings(trustProxy: number, ...requests: IncomingMessage[]): string[] {
  const said: string[] = [];
  const headers = new ForwardedHeaders(trustProxy, { warn: (line: string) => void said.push(line) });
  for (const it of requests) headers.inspect(it);
  return said;
}

describe('the address of a client', () => {
  it('is the entry of the outermost trusted proxy', () => {
    expect(clientAddress(via('203.0.113.9'), 0)).toBe(PROXY);
    expect(clientAddress(via('198.51.100.1, 203.0.113.9'), 1)).toBe('203.0.113.9');
    expect(clientAddress(via('198.51.100.1, 203.0.113.9'), 2)).toBe('198.51.100.1');
    expect(clientAddress(via('203.0.113.9'), 2)).toBe('203.0.113.9');
    expect(clientAddress(request({}), 1)).toBe(PROXY);
  });

  it.each([
    ['203.0.113.9:4711', '203.0.113.9'],
    ['[2001:db8::9]:443', '2001:db8::9'],
    ['[2001:db8::9]', '2001:db8::9'],
    ['"[2001:db8::9]:443"', '2001:db8::9'],
    ['2001:db8::9', '2001:db8::9'],
    ['fe80::9%eth0', 'fe80::9'],
    ['::ffff:203.0.113.9', '::ffff:203.0.113.9'],
    ['unknown', PROXY],
    ['_hidden', PROXY],
    ['for=203.0.113.9', PROXY],
    ['203.0.113', PROXY],
    ['4711', PROXY],
    ['203.0.113.999', PROXY],
    [' , ', PROXY],
  ])('is read from %j as %s', (entry, address) => {
    expect(clientAddress(via(entry), 1)).toBe(address);
    expect(clientAddress(via(`198.51.100.1, ${entry}`), 1)).toBe(entry === ' , ' ? '198.51.100.1' : address);
  });
});

describe('a proxy that does not fit TRUST_PROXY', () => {
  it('is named once when TRUST_PROXY is 0', () => {
    for (const header of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'CF-Connecting-IP', 'X-Forwarded-Proto']) {
      const name = header.toLowerCase();
      const again = request({ [name]: '203.0.113.9' });
      expect(warnings(0, request({ [name]: 'x' }), again)).toEqual([
        expect.stringMatching(new RegExp(`header ${name}, and TRUST_PROXY=0 .*Set TRUST_PROXY to`)),
      ]);
    }
    expect(warnings(0, request({}))).toEqual([]);
  });

  it('is named when X-Forwarded-For is missing, except on health checks', () => {
    expect(warnings(1, request({}, '/health/ready'), via('203.0.113.9'))).toEqual([]);
    expect(warnings(1, request({ 'x-real-ip': '203.0.113.9' }), request({}))).toEqual([
      expect.stringMatching(/no X-Forwarded-For, and TRUST_PROXY=1 .*sends x-real-ip instead/),
    ]);
  });

  it('is named when there are fewer or more proxies than TRUST_PROXY says', () => {
    expect(warnings(2, via('203.0.113.9'), via('203.0.113.9'))).toEqual([expect.stringMatching(/1 of the 2 entries/)]);
    expect(warnings(1, via('203.0.113.9, 10.0.0.2'))).toEqual([expect.stringMatching(/another proxy of yours/)]);
    expect(warnings(2, via('203.0.113.9, 10.0.0.2'), via('203.0.113.9, 198.51.100.7'))).toEqual([]);
  });

  it('is named when an entry has a port or no address', () => {
    expect(warnings(1, via('203.0.113.9:1'), via('203.0.113.9:2'))).toEqual([expect.stringMatching(/"203.0.113.9:1"/)]);
    expect(warnings(1, via('unknown'), via('unknown'))).toEqual([
      expect.stringMatching(/"unknown", which is no IP address, so the address of the proxy counts/),
    ]);
  });
});
