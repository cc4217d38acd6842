import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Actor } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';

/** Sends a request with the path unchanged, which fetch would normalise. @returns the status */
async function raw(app: TestApp, path: string, headers: Record<string, string>): Promise<number> {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  await once(socket, 'connect');
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n${lines.join('')}Content-Length: 0\r\nConnection: close\r\n\r\n`);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return Number(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1]);
}

describe('the origin check', () => {
  let app: TestApp;
  let ann: Actor;

  beforeAll(async () => {
    app = await TestApp.start();
    ann = await app.reader('Ann Reader');
  });
  afterAll(() => app.stop());

  it.each([
    ['as it is', '/api/v1/session/socket-ticket'],
    ['with an escaped letter', '/%61pi/v1/session/socket-ticket'],
    ['as an absolute URL', 'http://rostra.example/api/v1/session/socket-ticket'],
    ['with a parameter', '/api/v1/session/socket-ticket;x=1'],
  ])('refuses a foreign origin, however the path is spelt: %s', async (_how, path) => {
    const cookie = ann.cookieHeader;
    expect(await raw(app, path, { Origin: 'http://evil.example', Cookie: cookie })).toBe(403);
    expect(await raw(app, path, { Cookie: cookie })).toBe(403);
  });

  it('refuses origins that only resemble an allowed one', async () => {
    for (const origin of [
      'null',
      `${SITE}.evil.example`,
      SITE.replace('http:', 'https:'),
      SITE.replace(':4999', ':5000'),
      SITE.replace('//', '//evil'),
      `${SITE}/`,
      SITE.toUpperCase(),
    ]) {
      const { status, body, headers } = await ann.post('/session/socket-ticket', undefined, { origin });
      expect([origin, status, body.code]).toEqual([origin, 403, 'origin.refused']);
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
    expect((await ann.post('/session/socket-ticket')).status).toBe(201);
  });

  it('refuses to sign in from a foreign page, also without cookies', async () => {
    for (const path of ['/accounts', '/sign-in-links', '/sign-in-links/redeem']) {
      const { status } = await app.anonymous('http://evil.example').post(path, { email: 'a@b.example' });
      expect([path, status]).toEqual([path, 403]);
    }
  });
});
