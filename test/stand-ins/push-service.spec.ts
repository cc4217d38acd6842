import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import webpush from 'web-push';
import { type PushService, startPushService } from '../../stand-ins/push-service/push-service.js';
import { browserKeys } from '../support/push.js';
import { send, type Sending, vapid } from './push-sending.js';

const other = { subject: vapid.subject, ...webpush.generateVAPIDKeys() };

let service: PushService;
let now: Date;
beforeAll(async () => {
  service = await startPushService({ port: 0, now: () => now });
});
afterAll(() => service.close());
beforeEach(() => {
  now = new Date();
});
afterEach(() => service.setFault(undefined));

const header = (origin: string, keys = vapid, expiration?: number): string =>
  webpush.getVapidHeaders(origin, keys.subject, keys.publicKey, keys.privateKey, 'aes128gcm', expiration).Authorization;
const seconds = (): number => Math.floor(now.getTime() / 1000);

describe('the push service towards senders', () => {
  let endpoint: string;
  beforeEach(() => {
    service.clear();
    endpoint = service.subscribe(vapid.publicKey);
  });

  it('answers 201 with a Location and the accepted TTL to a message of web-push', async () => {
    const answer = await send(endpoint, { urgency: 'high', topic: 'story-1' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('ttl')).toBe('60');
    const [push, ...rest] = service.pushes(endpoint);
    expect(rest).toEqual([]);
    expect(push).toMatchObject({ urgency: 'high', topic: 'story-1', ttl: 60, state: 'waiting' });
    expect(push!.body.length).toBe('Hello'.length + 103);
    expect(answer.headers.get('location')).toBe(push!.messageUrl);
  });

  it.each<[string, () => Sending, number, number | null]>([
    ['without TTL', () => ({ headers: { TTL: '' } }), 400, 111],
    ['with a negative TTL', () => ({ headers: { TTL: '-1' } }), 400, 112],
    ['with a TTL that is no number', () => ({ headers: { TTL: 'soon' } }), 400, 112],
    ['with a Topic of 33 characters', () => ({ headers: { Topic: 'a'.repeat(33) } }), 400, 113],
    ['with a Topic in another alphabet', () => ({ headers: { Topic: 'a+b' } }), 400, 113],
    ['with an unknown Urgency', () => ({ headers: { Urgency: 'extreme' } }), 400, null],
    ['without Content-Encoding', () => ({ headers: { 'Content-Encoding': '' } }), 400, 110],
    ['in the old aesgcm', () => ({ headers: { 'Content-Encoding': 'aesgcm' } }), 400, 110],
    ['not encrypted at all', () => ({ body: Buffer.alloc(200, 'x') }), 400, 110],
    ['with less than a header as its body', () => ({ body: Buffer.alloc(102) }), 400, 110],
    ['with 4,097 bytes', () => ({ body: Buffer.alloc(4097) }), 413, 104],
    ['with a megabyte', () => ({ body: Buffer.alloc(1024 * 1024) }), 413, 104],
    ['without VAPID', () => ({ headers: { Authorization: '' } }), 401, 109],
    ['signed with another key than it was made with', () => ({ vapidDetails: other }), 401, 109],
    ['signed for another origin', () => ({ headers: { Authorization: header('https://fcm.example') } }), 401, 109],
    ['with words for a token', () => ({ headers: { Authorization: `vapid t=a.b.c, k=${vapid.publicKey}` } }), 401, 109],
    [
      'with a token that another key has signed',
      () => ({ headers: { Authorization: header(service.url, other).replace(/k=.*/, `k=${vapid.publicKey}`) } }),
      401,
      109,
    ],
  ])('refuses a message %s', async (_what, sending, status, errno) => {
    const { status: answered, problem } = await send(endpoint, sending());
    expect([answered, problem]).toEqual([
      status,
      expect.objectContaining({ code: status, errno, message: expect.any(String) }),
    ]);
    expect(service.pushes(endpoint)).toEqual([]);
    expect(service.refusals()).toEqual([expect.objectContaining({ status, errno })]);
  });

  it('refuses a body with a key off the curve, or with more than one record', async () => {
    const { body } = webpush.generateRequestDetails({ endpoint, keys: browserKeys() }, 'Hello') as { body: Buffer };
    const offCurve = Buffer.from(body);
    offCurve[50]! ^= 1;
    const twoRecords = Buffer.from(body);
    twoRecords.writeUInt32BE(20, 16);
    for (const it of [offCurve, twoRecords])
      expect((await send(endpoint, { body: it })).problem).toMatchObject({ code: 400, errno: 110 });
    expect((await send(endpoint, { body })).status).toBe(201);
  });

  it('refuses an expired token', async () => {
    const headers = { Authorization: header(service.url, vapid, seconds() + 60) };
    expect((await send(endpoint, { headers })).status).toBe(201);
    now = new Date(now.getTime() + 61_000);
    expect((await send(endpoint, { headers })).problem).toMatchObject({ code: 401, errno: 109 });
  });

  it('refuses a token that is valid for more than 24 hours', async () => {
    const headers = { Authorization: header(service.url, vapid, seconds() + 86_399) };
    expect((await send(endpoint, { headers })).status).toBe(201);
    now = new Date(now.getTime() - 60_000);
    expect((await send(endpoint, { headers })).problem).toMatchObject({ code: 401, errno: 109 });
  });

  it('accepts the largest body, and shortens a TTL above 30 days', async () => {
    const largest = webpush.generateRequestDetails({ endpoint, keys: browserKeys() }, 'x'.repeat(3993));
    expect((largest.body as Buffer).length).toBe(4096);
    const answer = await send(endpoint, { body: largest.body as Buffer, TTL: 31 * 86_400 });
    expect([answer.status, answer.headers.get('ttl')]).toEqual([201, String(30 * 86_400)]);
  });

  it('answers 404 to an unknown subscription and 410 to an ended one', async () => {
    expect(await send(`${service.url}/wpush/v2/never-was`)).toMatchObject({ status: 404, problem: { errno: 102 } });
    service.expire(endpoint);
    const gone = await send(endpoint);
    expect(gone).toMatchObject({ status: 410, problem: { errno: 103 } });
    expect(gone.headers.get('cache-control')).toBe('max-age=86400');
  });

  it('keeps only the last message of a topic, and lets the sender delete a message', async () => {
    for (const topic of ['story', 'story', 'another']) await send(endpoint, { topic });
    const states = () => service.pushes(endpoint).map((it) => it.state);
    expect(states()).toEqual(['replaced', 'waiting', 'waiting']);
    const { messageUrl } = service.pushes(endpoint)[1]!;
    expect((await fetch(messageUrl, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(messageUrl, { method: 'DELETE' })).status).toBe(404);
    expect(states()).toEqual(['replaced', 'deleted', 'waiting']);
  });

  it('answers with the fault that a test sets, as often as requested', async () => {
    const aside = service.subscribe(vapid.publicKey);
    service.setFault({ status: 503, headers: { 'retry-after': '7' }, body: { reason: 'busy' }, count: 2, endpoint });
    expect((await send(aside)).status).toBe(201);
    const first = await send(endpoint);
    expect([first.status, first.headers.get('retry-after'), first.problem]).toEqual([503, '7', { reason: 'busy' }]);
    expect([(await send(endpoint)).status, (await send(endpoint)).status]).toEqual([503, 201]);
  });

  it('adds a subscription for another process, and serves its page', async () => {
    const ask = (type: string, body: unknown) =>
      fetch(`${service.url}/__standin/subscriptions`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: JSON.stringify(body),
      });
    const made = await ask('application/json', { key: vapid.publicKey });
    expect(made.status).toBe(201);
    const { endpoint: another } = (await made.json()) as { endpoint: string };
    expect((await send(another)).status).toBe(201);
    expect((await ask('application/json', { key: 'no key' })).status).toBe(401);
    expect((await ask('text/plain', { key: vapid.publicKey })).status).toBe(415);
    const page = `${service.url}/__standin/subscriptions`;
    const headers = { 'content-type': 'application/json' };
    for (const body of ['{', 'null', '7'])
      expect((await fetch(page, { method: 'POST', headers, body })).status).toBe(400);
    const state = (await (await fetch(`${service.url}/api/state`)).json()) as { pushes: unknown[] };
    expect(state.pushes).toContainEqual(expect.objectContaining({ endpoint: another, state: 'waiting', bytes: 108 }));
    for (const path of ['/', '/push-service.js', '/push-service.css'])
      expect((await fetch(service.url + path)).status).toBe(200);
    for (const path of ['/page/index.html', '/m/x', '/wpush/v3/x'])
      expect((await fetch(service.url + path)).status).toBe(404);
  });
});
