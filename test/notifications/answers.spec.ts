import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { reasonOf } from '../../src/notifications/push/push-answers.js';
import { AnswerTimeout, postPush } from '../../src/notifications/push/push-transport.js';
import type { PushOutcome, Attempt } from '../../src/notifications/push/push.types.js';
import { TestApp } from '../support/app.js';
import { type FakeAnswer, FakePushService } from './fake-push-service.js';
import { FreshSender, pushMessage, pushTarget } from './fresh-sender.js';

const HOSTS = {
  fcm: 'fcm.googleapis.com',
  mozilla: 'updates.push.services.mozilla.com',
  wns: 'wns2-by3p.notify.windows.com',
  apple: 'web.push.apple.com',
};
type Service = keyof typeof HOSTS;

/** What an answer must lead to. */
const EXPECTED: Record<string, (it: PushOutcome) => void> = {
  accepted: (it) => expect(it.kind).toBe('accepted'),
  refused: (it) => expect(it.kind).toBe('refused'),
  gone: (it) => expect(it.kind).toBe('gone'),
  'later by itself': (it) => {
    expect(it).toMatchObject({ kind: 'retry', after: expect.any(Number) });
    expect((it as { after: number }).after).toBeGreaterThanOrEqual(1);
  },
};

const errno = (code: number, errnoValue: number) => JSON.stringify({ code, errno: errnoValue, message: 'No.' });
const reason = (text: string) => JSON.stringify({ reason: text });

/** Cells of the table whose outcome needs one message: the service, its answer, what it means. */
const cells: [Service, string, FakeAnswer, string][] = [
  ['fcm', 'ok', { status: 201, headers: { location: 'https://fcm.googleapis.com/m/1' } }, 'accepted'],
  ['fcm', 'bad request', { status: 400, body: 'Invalid' }, 'refused'],
  [
    'fcm',
    'too big as 400',
    { status: 400, body: 'binary data passed in the request must be less than 4096 bytes' },
    'refused',
  ],
  ['fcm', 'gone 404', { status: 404, body: 'push subscription has unsubscribed or expired.' }, 'gone'],
  ['fcm', 'gone 410', { status: 410, body: 'push subscription has unsubscribed or expired.' }, 'gone'],
  ['fcm', 'too big', { status: 413 }, 'refused'],
  ['fcm', '500', { status: 500 }, 'later by itself'],
  ['fcm', '503', { status: 503 }, 'later by itself'],

  ['mozilla', 'ok', { status: 201, headers: { location: `https://${HOSTS.mozilla}/m/1`, ttl: '60' } }, 'accepted'],
  ...[110, 111, 112, 113].map((it): (typeof cells)[number] => [
    'mozilla',
    `bad request, errno ${it}`,
    { status: 400, body: errno(400, it) },
    'refused',
  ]),
  ['mozilla', 'gone 404, errno 102', { status: 404, body: errno(404, 102) }, 'gone'],
  ...[103, 105, 106].map((it): (typeof cells)[number] => [
    'mozilla',
    `gone 410, errno ${it}`,
    { status: 410, headers: { 'cache-control': 'max-age=86400' }, body: errno(410, it) },
    'gone',
  ]),
  ['mozilla', 'too big, errno 104', { status: 413, body: errno(413, 104) }, 'refused'],
  ['mozilla', 'moved', { status: 301, headers: { location: `https://${HOSTS.mozilla}/wpush/v2/new` } }, 'refused'],
  ...[900, 901, 902, 903].map((it): (typeof cells)[number] => [
    'mozilla',
    `bridge, errno ${it}`,
    { status: 502, body: errno(502, it) },
    'later by itself',
  ]),
  ['mozilla', '500', { status: 500 }, 'later by itself'],

  ['wns', 'ok', { status: 201, headers: { 'x-wns-status': 'received' } }, 'accepted'],
  ['wns', 'ok as 200', { status: 200, headers: { 'x-wns-notificationstatus': 'received' } }, 'accepted'],
  ['wns', 'dropped', { status: 200, headers: { 'x-wns-notificationstatus': 'dropped' } }, 'refused'],
  [
    'wns',
    'bad request',
    { status: 400, headers: { 'x-wns-error-description': 'Ttl value conflicts with X-WNS-Cache-Policy.' } },
    'refused',
  ],
  ['wns', 'gone 404', { status: 404 }, 'gone'],
  ['wns', 'gone 410', { status: 410 }, 'gone'],
  ['wns', 'too big', { status: 413 }, 'refused'],
  ['wns', '500', { status: 500 }, 'later by itself'],
  ['wns', '503', { status: 503 }, 'later by itself'],

  ['apple', 'ok', { status: 201, headers: { 'apns-id': 'A1' } }, 'accepted'],
  ['apple', 'bad request', { status: 400, body: reason('BadTtl') }, 'refused'],
  ['apple', 'gone 404', { status: 404 }, 'gone'],
  ['apple', 'gone 410', { status: 410, body: reason('Unregistered') }, 'gone'],
  ['apple', 'too big', { status: 413, body: reason('PayloadTooLarge') }, 'refused'],
  ['apple', '500', { status: 500 }, 'later by itself'],
  ['apple', '503', { status: 503, body: reason('ServiceUnavailable') }, 'later by itself'],
];

/** The signature is not the subscription's: believed the second time. */
const mismatches: [Service, string, FakeAnswer][] = [
  ['fcm', '401', { status: 401 }],
  ['fcm', '403', { status: 403, body: 'the VAPID credentials in the authorization header do not correspond' }],
  ['fcm', 'old 400', { status: 400, body: 'UnauthorizedRegistration' }],
  ['mozilla', '401, errno 109', { status: 401, body: errno(401, 109) }],
  ['wns', '401', { status: 401 }],
  ['wns', '403', { status: 403 }],
  ['apple', '400', { status: 400, body: reason('VapidPkHashMismatch') }],
];

/** The origin is to be left alone: its answer, and for how many seconds at least. */
const throttles: [Service, string, FakeAnswer, number][] = [
  ['fcm', '429', { status: 429, headers: { 'retry-after': '90' } }, 90],
  ['fcm', '429 without Retry-After', { status: 429 }, 1],
  ['fcm', '503 with Retry-After', { status: 503, headers: { 'retry-after': '7' } }, 7],
  ['mozilla', '503, errno 201', { status: 503, headers: { 'retry-after': '120' }, body: errno(503, 201) }, 120],
  ['mozilla', '429', { status: 429, headers: { 'retry-after': '5' } }, 5],
  ['wns', '406 instead of 429', { status: 406, headers: { 'retry-after': '30' } }, 30],
  ['wns', '406 without Retry-After', { status: 406 }, 1],
  ['wns', 'a throttled channel', { status: 200, headers: { 'x-wns-notificationstatus': 'channelThrottled' } }, 1],
  ['apple', '429, no Retry-After documented', { status: 429, body: reason('TooManyRequests') }, 1],
];

/** Its verdict was heard once. */
const DOUBTED: Attempt = { attempt: 2, doubted: true };

describe('answers', () => {
  let app: TestApp;
  let pushService: FakePushService;
  let fresh: FreshSender;

  beforeAll(async () => {
    app = await TestApp.start({ env: { ROLE: 'web' } });
    pushService = await FakePushService.start();
  });
  afterAll(async () => {
    await pushService.stop();
    await app.stop();
  });
  beforeEach(() => {
    pushService.clear();
    fresh = new FreshSender(app, pushService.network());
  });
  afterEach(() => fresh.close());

  const sendTo = async (service: Service, its: Attempt = {}) =>
    fresh.sender.send(await pushTarget(app, { host: HOSTS[service] }), pushMessage(), its);

  it.each(cells)('%s, %s: %j is %s', async (service, _name, answer, expected) => {
    pushService.answer = () => answer;
    const outcome = await sendTo(service);
    EXPECTED[expected]!(outcome);
    const { reason: why = `${answer.status}` } = outcome as { reason?: string };
    expect(why.split(' ')[0]).toBe(String(answer.status));
    expect(pushService.deliveries).toHaveLength(1); // neither followed nor repeated
    pushService.answer = () => ({ status: 201 });
    expect((await sendTo(service)).kind).toBe('accepted'); // and nothing stands in the next one's way
  });

  it.each(mismatches)('%s, %s: another key, believed the second time: %j', async (service, _name, answer) => {
    pushService.answer = () => answer;
    expect(await sendTo(service)).toMatchObject({ kind: 'retry', after: 60 });
    expect(await sendTo(service, DOUBTED)).toMatchObject({ kind: 'key_mismatch' });
  });

  it('apple, 403 BadJwtToken: our own mistake, so no subscription is marked', async () => {
    pushService.answer = () => ({ status: 403, body: reason('BadJwtToken') });
    expect(await sendTo('apple')).toMatchObject({ kind: 'retry', after: 60 });
    expect(await sendTo('apple', DOUBTED)).toEqual({ kind: 'refused', reason: '403 {"reason":"BadJwtToken"}' });
  });

  it.each(throttles)('%s, %s: the origin rests, the others go on: %j', async (service, _name, answer, least) => {
    pushService.answer = ({ host }) => (host === HOSTS[service] ? answer : { status: 201 });
    const outcome = (await sendTo(service)) as { kind: string; after: number };
    expect(outcome.kind).toBe('retry');
    expect(outcome.after).toBeGreaterThanOrEqual(least);
    pushService.answer = () => ({ status: 201 });
    const again = await sendTo(service);
    expect([again.kind, pushService.deliveries.length]).toEqual(['paused', 1]); // not even asked, so it was no try
    for (const other of (Object.keys(HOSTS) as Service[]).filter((it) => it !== service))
      expect((await sendTo(other)).kind).toBe('accepted');
    await app.clock.advance(outcome.after * 1_000);
    expect((await sendTo(service)).kind).toBe('accepted');
  });

  it('reads a Retry-After that is a date', async () => {
    const date = new Date(app.clock.now().getTime() + 95_000).toUTCString();
    pushService.answer = () => ({ status: 429, headers: { 'retry-after': date } });
    const { after } = (await sendTo('fcm')) as { after: number };
    expect([94, 95]).toContain(after);
    await app.clock.advance(96_000);
    pushService.answer = () => ({ status: 429, headers: { 'retry-after': 'soon' } });
    expect(await sendTo('fcm')).toMatchObject({ kind: 'retry', after: 15 }); // not a form we know: our own pause
  });

  it('waits longer each time it is told so without a time, and starts anew after a success', async () => {
    pushService.answer = () => ({ status: 429 });
    const pauses: number[] = [];
    for (let i = 0; i < 7; i += 1) {
      const { after } = (await sendTo('apple')) as { after: number };
      pauses.push(after);
      await app.clock.advance(after * 1_000);
    }
    expect(pauses).toEqual([15, 30, 60, 120, 240, 480, 600]);
    pushService.answer = () => ({ status: 201 });
    await sendTo('apple');
    pushService.answer = () => ({ status: 429 });
    expect(await sendTo('apple')).toMatchObject({ after: 15 });
  });

  it('mozilla, 503 errno 202: again at once, and nobody else waits', async () => {
    pushService.answer = () => ({ status: 503, headers: { 'retry-after': '120' }, body: errno(503, 202) });
    expect(await sendTo('mozilla')).toMatchObject({ kind: 'retry', after: 1 });
    pushService.answer = () => ({ status: 201 });
    expect((await sendTo('mozilla')).kind).toBe('accepted');
  });

  it('gives a young subscription a second chance after a false 410, an old one none', async () => {
    pushService.answer = () => ({ status: 410, body: 'push subscription has unsubscribed or expired.' });
    const young = await pushTarget(app, { createdAt: new Date(app.clock.now().getTime() - 9 * 60_000) });
    expect(await fresh.sender.send(young, pushMessage())).toMatchObject({ kind: 'retry', after: 60 });
    // Its first verdict also where an outage came before it.
    expect(await fresh.sender.send(young, pushMessage(), { attempt: 2 })).toMatchObject({
      kind: 'retry',
      doubted: true,
    });
    expect(await fresh.sender.send(young, pushMessage(), DOUBTED)).toMatchObject({ kind: 'gone' });
    pushService.answer = () => ({ status: 201 });
    expect(await fresh.sender.send(young, pushMessage(), DOUBTED)).toMatchObject({ kind: 'accepted' });
    pushService.answer = () => ({ status: 404 });
    const old = await pushTarget(app, { createdAt: new Date(app.clock.now().getTime() - 11 * 60_000) });
    expect(await fresh.sender.send(old, pushMessage())).toMatchObject({ kind: 'gone' });
  });

  it('says where a message can be taken back, if that is a place we may call', async () => {
    const locations: [string, string | undefined][] = [
      ['https://updates.push.services.mozilla.com/m/abc', 'https://updates.push.services.mozilla.com/m/abc'],
      ['/m/abc', `https://${HOSTS.mozilla}/m/abc`],
      ['http://169.254.169.254/latest', undefined],
      ['https://evil.example/m/abc', undefined],
      ['https://[', undefined],
    ];
    for (const [location, messageUrl] of locations) {
      pushService.answer = () => ({ status: 201, headers: { location } });
      expect(await sendTo('mozilla')).toEqual({ kind: 'accepted', ...(messageUrl ? { messageUrl } : {}) });
    }
  });

  it('sends WNS a cache policy that fits the TTL, and nobody else any', async () => {
    const wns = await pushTarget(app, { host: HOSTS.wns });
    await fresh.sender.send(wns, pushMessage({ ttl: 0 }));
    await fresh.sender.send(wns, pushMessage({ ttl: 60.9, urgency: 'high', topic: 'story-1' }));
    await fresh.sender.send(await pushTarget(app, { host: HOSTS.fcm }), pushMessage({ ttl: 99_999_999 }));
    expect(
      pushService.deliveries.map(({ headers: it }) => [it.ttl, it['x-wns-cache-policy'], it.urgency, it.topic]),
    ).toEqual([
      ['0', 'no-cache', 'normal', undefined],
      ['60', 'cache', 'high', 'story-1'],
      ['2419200', undefined, 'normal', undefined],
    ]);
  });

  it('tells why without giving the endpoint away, whatever the service repeats', async () => {
    const endpoint = `https://${HOSTS.wns}/w/?token=BQYAAAC%2bsecret%3d&short=abcdefgh`;
    const said = `Token BQYAAAC%2bsecret%3d of ${endpoint} <b>is</b>\n\nunknown: eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.x`;
    pushService.answer = () => ({ status: 400, body: said, headers: { 'x-wns-error-description': 'Bad abcdefgh.' } });
    const outcome = await fresh.sender.send(await pushTarget(app, { endpoint }), pushMessage());
    expect(outcome).toEqual({
      kind: 'refused',
      reason: '400 Bad [endpoint]. Token [endpoint] of [endpoint] is unknown: [...]',
    });
  });

  it.each([
    ['a payload too long', { payload: 'x'.repeat(3_994) }],
    ['a payload too long in bytes', { payload: 'ü'.repeat(1_997) }],
    ['a topic with odd letters', { topic: 'a story' }],
    ['a topic too long', { topic: 'x'.repeat(33) }],
    ['no TTL', { ttl: Number.NaN }],
  ])('asks no service about %s', async (_name, over) => {
    const outcome = await fresh.sender.send(await pushTarget(app), pushMessage(over));
    expect([outcome.kind, pushService.deliveries.length]).toEqual(['refused', 0]);
  });

  it('leaves an origin alone that has answered none of twenty; the others go on', async () => {
    pushService.answer = ({ host }) => (host === HOSTS.wns ? 'hang up' : { status: 201 });
    for (let i = 0; i < 19; i += 1) expect((await sendTo('wns')).kind).toBe('retry');
    expect(await sendTo('wns')).toMatchObject({ kind: 'retry', after: 15 });
    expect(await sendTo('wns')).toMatchObject({ kind: 'paused', after: 15 });
    expect(pushService.deliveries).toHaveLength(20);
    expect((await sendTo('fcm')).kind).toBe('accepted');
    await app.clock.advance(15_000);
    pushService.answer = () => ({ status: 500 });
    expect(await sendTo('wns')).toMatchObject({ kind: 'retry', after: 30 });
    await app.clock.advance(30_000);
    pushService.answer = () => ({ status: 201 });
    expect((await sendTo('wns')).kind).toBe('accepted');
    pushService.answer = () => 'hang up';
    expect((await sendTo('wns')).kind).toBe('retry');
    pushService.answer = () => ({ status: 201 });
    expect((await sendTo('wns')).kind).toBe('accepted');
  });

  it('rests no longer than it was asked to when the clock is put back meanwhile', async () => {
    pushService.answer = () => ({ status: 429, headers: { 'retry-after': '60' } });
    await app.clock.advance(86_400_000);
    await sendTo('fcm');
    await app.clock.advance(-86_400_000);
    pushService.answer = () => ({ status: 201 });
    expect(await sendTo('fcm')).toMatchObject({ kind: 'paused', after: 60 });
    await app.clock.advance(60_000);
    expect((await sendTo('fcm')).kind).toBe('accepted');
  });

  it('is no try once the process is stopping', async () => {
    await sendTo('fcm');
    await fresh.close();
    expect(await sendTo('fcm')).toMatchObject({ kind: 'paused', reason: 'this process is stopping' });
    expect(pushService.deliveries).toHaveLength(1);
  });

  it('reads an answer made of open brackets in no time', () => {
    const endpoint = { origin: '', host: '', path: '/w/abcdefgh', service: 'fcm', standIn: false } as const;
    expect(reasonOf({ status: 400, headers: {}, text: `${'<'.repeat(30)} <b>abcdefgh` }, endpoint)).toBe(
      `400 ${'<'.repeat(30)} [endpoint]`,
    );
  });

  it('tries again later where the connection breaks', async () => {
    pushService.answer = () => 'hang up';
    EXPECTED['later by itself']!(await sendTo('fcm'));
    pushService.answer = () => ({ status: 201 });
    expect((await sendTo('fcm')).kind).toBe('accepted');
  });

  it('tries again soon where our own part failed, and throws for nobody', async () => {
    const sound = await pushTarget(app);
    const keyless = { ...sound, keyId: '999999' };
    const [failed, other] = await Promise.all([keyless, sound].map((it) => fresh.sender.send(it, pushMessage())));
    expect(failed).toMatchObject({ kind: 'retry', after: 15 });
    expect(other).toMatchObject({ kind: 'accepted' });
    expect(pushService.deliveries).toHaveLength(1);
  });
});

describe('an answer that does not end', () => {
  const withServer = async (speak: (write: (text: string) => void) => void, work: (pool: Pool) => Promise<void>) => {
    let asked = 0;
    const ended: Promise<void>[] = [];
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      ended.push(new Promise((resolve) => socket.once('close', () => resolve())));
      socket.once('data', () => {
        asked += 1;
        speak((text) => void socket.write(text));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    try {
      await work(pool);
      await ended[0]; // the connection is given up too
      expect(asked).toBe(1);
    } finally {
      await pool.destroy();
      server.close();
    }
  };
  const request = { path: '/', headers: {}, body: Buffer.from('x') };

  it('is read for 16 KiB', () =>
    withServer(
      (write) => write(`HTTP/1.1 500 No\r\ncontent-length: 10000000\r\n\r\n${'x'.repeat(1_000_000)}`),
      async (pool) => {
        const answer = await postPush(pool, request);
        expect([answer.status, answer.text]).toEqual([500, 'x'.repeat(16_384)]);
      },
    ));

  it.each([
    ['nothing', ''],
    ['half its headers', 'HTTP/1.1 201 Created\r\nlocation'],
    ['half its body', 'HTTP/1.1 500 No\r\ncontent-length: 100\r\n\r\nhalf'],
  ])('is given up in time when it brings %s', (_name, said) =>
    withServer(
      (write) => write(said),
      (pool) => expect(postPush(pool, request, 50)).rejects.toBeInstanceOf(AnswerTimeout),
    ),
  );
});
