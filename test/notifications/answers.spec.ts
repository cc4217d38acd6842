import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { reasonOf } from '../../src/notifications/push/push-answers.js';
import { AnswerTimeout, postPush } from '../../src/notifications/push/push-transport.js';
import { PushDevices } from '../../src/notifications/push/push-devices.js';
import type { PushOutcome, PushTarget, Attempt } from '../../src/notifications/push/push.types.js';
import { TestApp } from '../support/app.js';
import { type FakeAnswer, FakePushService } from '../support/fake-push-service.js';
import { FreshSender, pushMessage, pushTarget } from './fresh-sender.js';

const HOSTS = {
  fcm: 'fcm.googleapis.com',
  mozilla: 'updates.push.services.mozilla.com',
  wns: 'wns2-by3p.notify.windows.com',
  apple: 'web.push.apple.com',
};
type Service = keyof typeof HOSTS;

/** The checks of the outcomes that an answer can have. */
const EXPECTED: Record<string, (it: PushOutcome) => void> = {
  accepted: (it) => expect(it.kind).toBe('accepted'),
  refused: (it) => expect(it.kind).toBe('refused'),
  gone: (it) => expect(it.kind).toBe('gone'),
  'retried later': (it) => {
    expect(it).toMatchObject({ kind: 'retry', after: expect.any(Number) });
    expect((it as { after: number }).after).toBeGreaterThanOrEqual(1);
  },
};

const errno = (code: number, errnoValue: number) => JSON.stringify({ code, errno: errnoValue, message: 'No.' });
const reason = (text: string) => JSON.stringify({ reason: text });

/** Answers whose outcome shows after one message: the service, the case, the answer and the outcome. */
const answers: [Service, string, FakeAnswer, string][] = [
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
  ['fcm', '500', { status: 500 }, 'retried later'],
  ['fcm', '503', { status: 503 }, 'retried later'],

  ['mozilla', 'ok', { status: 201, headers: { location: `https://${HOSTS.mozilla}/m/1`, ttl: '60' } }, 'accepted'],
  ...[110, 111, 112, 113].map((it): (typeof answers)[number] => [
    'mozilla',
    `bad request, errno ${it}`,
    { status: 400, body: errno(400, it) },
    'refused',
  ]),
  ['mozilla', 'gone 404, errno 102', { status: 404, body: errno(404, 102) }, 'gone'],
  ...[103, 105, 106].map((it): (typeof answers)[number] => [
    'mozilla',
    `gone 410, errno ${it}`,
    { status: 410, headers: { 'cache-control': 'max-age=86400' }, body: errno(410, it) },
    'gone',
  ]),
  ['mozilla', 'too big, errno 104', { status: 413, body: errno(413, 104) }, 'refused'],
  ['mozilla', 'moved', { status: 301, headers: { location: `https://${HOSTS.mozilla}/wpush/v2/new` } }, 'refused'],
  ...[900, 901, 902, 903].map((it): (typeof answers)[number] => [
    'mozilla',
    `bridge, errno ${it}`,
    { status: 502, body: errno(502, it) },
    'retried later',
  ]),
  ['mozilla', '500', { status: 500 }, 'retried later'],

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
  ['wns', '500', { status: 500 }, 'retried later'],
  ['wns', '503', { status: 503 }, 'retried later'],

  ['apple', 'ok', { status: 201, headers: { 'apns-id': 'A1' } }, 'accepted'],
  ['apple', 'bad request', { status: 400, body: reason('BadTtl') }, 'refused'],
  ['apple', 'gone 404', { status: 404 }, 'gone'],
  ['apple', 'gone 410', { status: 410, body: reason('Unregistered') }, 'gone'],
  ['apple', 'too big', { status: 413, body: reason('PayloadTooLarge') }, 'refused'],
  ['apple', '500', { status: 500 }, 'retried later'],
  ['apple', '503', { status: 503, body: reason('ServiceUnavailable') }, 'retried later'],
];

/** Answers which say that the signature has another key than the subscription. */
const mismatches: [Service, string, FakeAnswer][] = [
  ['fcm', '401', { status: 401 }],
  ['fcm', '403', { status: 403, body: 'the VAPID credentials in the authorization header do not correspond' }],
  ['fcm', 'old 400', { status: 400, body: 'UnauthorizedRegistration' }],
  ['mozilla', '401, errno 109', { status: 401, body: errno(401, 109) }],
  ['wns', '401', { status: 401 }],
  ['wns', '403', { status: 403 }],
  ['apple', '400', { status: 400, body: reason('VapidPkHashMismatch') }],
];

/** Answers that ask for a pause: the service, the case, the answer, whose pause it is, and the least seconds. */
const throttles: [Service, string, FakeAnswer, 'device' | 'several' | 'origin', number][] = [
  ['apple', '429 TooManyRequests', { status: 429, body: reason('TooManyRequests') }, 'device', 1],
  [
    'wns',
    'a throttled channel',
    { status: 200, headers: { 'x-wns-notificationstatus': 'channelThrottled' } },
    'device',
    1,
  ],
  [
    'fcm',
    '429 of a device',
    { status: 429, headers: { 'retry-after': '60' }, body: 'Device Message Rate Exceeded' },
    'device',
    60,
  ],
  ['fcm', '429', { status: 429, headers: { 'retry-after': '60' } }, 'several', 60],
  ['fcm', '429 without Retry-After', { status: 429 }, 'several', 1],
  ['fcm', '503 with Retry-After', { status: 503, headers: { 'retry-after': '7' } }, 'several', 7],
  ['mozilla', '429', { status: 429, headers: { 'retry-after': '300' } }, 'several', 300],
  ['wns', '429', { status: 429 }, 'several', 1],
  ['apple', '429 without a reason', { status: 429 }, 'several', 1],
  ['wns', '406 instead of 429', { status: 406, headers: { 'retry-after': '30' } }, 'origin', 30],
  ['wns', '406 without Retry-After', { status: 406 }, 'origin', 1],
  ['apple', '429 of our token', { status: 429, body: reason('TooManyProviderTokenUpdates') }, 'origin', 1],
  [
    'fcm',
    '429 of our project',
    { status: 429, body: "Quota exceeded for limit 'Send requests per minute per project'" },
    'origin',
    1,
  ],
  [
    'mozilla',
    '503, errno 201',
    { status: 503, headers: { 'retry-after': '120' }, body: errno(503, 201) },
    'origin',
    120,
  ],
];

/** An attempt after the service has refused the subscription once. */
const DOUBTED: Attempt = { attempt: 2, doubted: true };

describe('answers of push services', () => {
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

  it.each(answers)('are classified: %s, %s, %j is %s', async (service, _name, answer, expected) => {
    pushService.answer = () => answer;
    const outcome = await sendTo(service);
    EXPECTED[expected]!(outcome);
    const { reason: why = `${answer.status}` } = outcome as { reason?: string };
    expect(why.split(' ')[0]).toBe(String(answer.status));
    expect(pushService.deliveries).toHaveLength(1); // no redirect was followed, and nothing was repeated
    pushService.answer = () => ({ status: 201 });
    expect((await sendTo(service)).kind).toBe('accepted'); // the next message is not held back
  });

  it.each(mismatches)(
    'are believed the second time when %s, %s, means another key: %j',
    async (service, _name, answer) => {
      pushService.answer = () => answer;
      expect(await sendTo(service)).toMatchObject({ kind: 'retry', after: 60 });
      expect(await sendTo(service, DOUBTED)).toMatchObject({ kind: 'key_mismatch' });
    },
  );

  it('leave the subscription as it is when Apple answers 403 BadJwtToken, which is our own fault', async () => {
    pushService.answer = () => ({ status: 403, body: reason('BadJwtToken') });
    expect(await sendTo('apple')).toMatchObject({ kind: 'retry', after: 60 });
    expect(await sendTo('apple', DOUBTED)).toEqual({ kind: 'refused', reason: '403 {"reason":"BadJwtToken"}' });
  });

  describe('throttles', () => {
    const device = (service: Service) => pushTarget(app, { host: HOSTS[service] });
    const send = (target: PushTarget, its: Attempt = {}) => fresh.sender.send(target, pushMessage(), its);
    const accepted = async (...targets: PushTarget[]) => {
      pushService.answer = () => ({ status: 201 });
      for (const it of targets) expect((await send(it)).kind).toBe('accepted');
    };

    it.each(throttles)('of %s, %s: %j, are the pause of the %s', async (service, _name, answer, whose, least) => {
      const [throttled, other] = [await device(service), await device(service)];
      pushService.answer = ({ host }) => (host === HOSTS[service] ? answer : { status: 201 });
      const outcome = (await send(throttled)) as { kind: string; after: number };
      expect(outcome.kind).toBe('retry');
      expect(outcome.after).toBeGreaterThanOrEqual(least);
      // Nothing was sent the second time, so it counts as no attempt.
      expect([(await send(throttled)).kind, pushService.deliveries.length]).toEqual(['paused', 1]);
      pushService.answer = () => ({ status: 201 });
      expect((await send(other)).kind).toBe(whose === 'origin' ? 'paused' : 'accepted');
      for (const it of (Object.keys(HOSTS) as Service[]).filter((one) => one !== service))
        await accepted(await device(it));
      await app.clock.advance(outcome.after * 1_000);
      await accepted(throttled, other);
    });

    it.each(throttles.filter(([, , , whose]) => whose === 'several'))(
      'of %s, %s: %j, rest the origin after several subscriptions within seconds',
      async (service, _name, answer) => {
        pushService.answer = () => answer;
        const [one, two, three, other] = await Promise.all([1, 2, 3, 4].map(() => device(service)));
        await send(one!);
        await send(two!);
        const last = (await send(three!)) as { after: number };
        expect(await send(other!)).toMatchObject({ kind: 'paused' });
        expect(pushService.deliveries).toHaveLength(3);
        await app.clock.advance(last.after * 1_000);
        await accepted(one!, two!, three!, other!);
      },
    );

    it('of one subscription leave the origin alone, however many messages it gets', async () => {
      const throttled = await device('mozilla');
      const limits = { status: 429, headers: { 'retry-after': '1' } };
      for (let i = 0; i < 30; i += 1) {
        pushService.answer = () => limits;
        expect(await send(throttled)).toMatchObject({ kind: 'retry', after: 1 });
        await accepted(await device('mozilla'));
        await app.clock.advance(1_000);
      }
    });

    it('of a few subscriptions leave the origin alone when they come minutes apart or among many answers', async () => {
      const limits = { status: 429, headers: { 'retry-after': '600' } };
      for (let i = 0; i < 6; i += 1) {
        pushService.answer = () => limits;
        expect(await sendTo('fcm')).toMatchObject({ kind: 'retry' });
        await accepted(await device('fcm'));
        await app.clock.advance(60_000);
      }
      for (let i = 0; i < 6; i += 1) {
        await accepted(...(await Promise.all([1, 2, 3, 4, 5].map(() => device('fcm')))));
        pushService.answer = () => limits;
        expect(await sendTo('fcm')).toMatchObject({ kind: 'retry' });
      }
      await accepted(await device('fcm'));
    });

    it('double the pause of a subscription each time when they give no time, until a success', async () => {
      const throttled = await device('apple');
      const limits = () => ({ status: 429, body: reason('TooManyRequests') });
      pushService.answer = limits;
      const pauses: number[] = [];
      for (let i = 0; i < 7; i += 1) {
        const { after } = (await send(throttled)) as { after: number };
        pauses.push(after);
        await app.clock.advance(after * 1_000);
      }
      expect(pauses).toEqual([15, 30, 60, 120, 240, 480, 600]);
      await accepted(throttled);
      pushService.answer = limits;
      expect(await send(throttled)).toMatchObject({ after: 15 });
    });

    it('are remembered for a bounded number of subscriptions', () => {
      const devices = new PushDevices();
      const now = app.clock.now();
      for (let i = 0; i < 12_000; i += 1) devices.throttled(`${i}`, now, 60);
      expect([devices.size, devices.secondsLeft('11999', now), devices.secondsLeft('0', now)]).toEqual([10_000, 60, 0]);
    });

    it.each<[string, FakeAnswer | 'hang up']>([
      ['has no answer', 'hang up'],
      ['gets a server error', { status: 500 }],
      ['gets a refused signature', { status: 403 }],
    ])('and failures are not the origin’s when one subscription %s thirty times', async (_name, answer) => {
      const failing = await device('wns');
      for (let i = 0; i < 30; i += 1) {
        pushService.answer = () => answer;
        expect((await send(failing)).kind).toBe('retry');
      }
      await accepted(await device('wns'));
    });
  });

  it('may have a Retry-After that is a date', async () => {
    const date = new Date(app.clock.now().getTime() + 95_000).toUTCString();
    pushService.answer = () => ({ status: 429, headers: { 'retry-after': date } });
    const { after } = (await sendTo('fcm')) as { after: number };
    expect([94, 95]).toContain(after);
    await app.clock.advance(96_000);
    pushService.answer = () => ({ status: 429, headers: { 'retry-after': 'soon' } });
    expect(await sendTo('fcm')).toMatchObject({ kind: 'retry', after: 15 }); // an unreadable value is ignored
  });

  it('lead to a retry at once without a pause when Mozilla answers 503 with errno 202', async () => {
    pushService.answer = () => ({ status: 503, headers: { 'retry-after': '120' }, body: errno(503, 202) });
    expect(await sendTo('mozilla')).toMatchObject({ kind: 'retry', after: 1 });
    pushService.answer = () => ({ status: 201 });
    expect((await sendTo('mozilla')).kind).toBe('accepted');
  });

  it('are doubted once when they call a new subscription gone, and believed of an old one', async () => {
    pushService.answer = () => ({ status: 410, body: 'push subscription has unsubscribed or expired.' });
    const young = await pushTarget(app, { createdAt: new Date(app.clock.now().getTime() - 9 * 60_000) });
    expect(await fresh.sender.send(young, pushMessage())).toMatchObject({ kind: 'retry', after: 60 });
    // The first refusal is doubted also after an outage.
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

  it('give the URL for deleting the message only when its host is allowed', async () => {
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

  it('are requested from WNS with a cache policy that fits the TTL, and from others without one', async () => {
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

  it('are logged without the endpoint, even when the service repeats it', async () => {
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
    ['too long a payload', { payload: 'x'.repeat(3_994) }],
    ['a payload of too many bytes', { payload: 'ü'.repeat(1_997) }],
    ['a topic with forbidden characters', { topic: 'a story' }],
    ['too long a topic', { topic: 'x'.repeat(33) }],
    ['no TTL', { ttl: Number.NaN }],
  ])('are not requested when the message has %s', async (_name, over) => {
    const outcome = await fresh.sender.send(await pushTarget(app), pushMessage(over));
    expect([outcome.kind, pushService.deliveries.length]).toEqual(['refused', 0]);
  });

  it('pause only the origin that failed to answer twenty times in a row', async () => {
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

  it('lead to no longer pause than requested when the clock is set back', async () => {
    pushService.answer = () => ({ status: 406, headers: { 'retry-after': '60' } });
    await app.clock.advance(86_400_000);
    await sendTo('wns');
    await app.clock.advance(-86_400_000);
    pushService.answer = () => ({ status: 201 });
    expect(await sendTo('wns')).toMatchObject({ kind: 'paused', after: 60 });
    await app.clock.advance(60_000);
    expect((await sendTo('wns')).kind).toBe('accepted');
  });

  it('are not awaited when the process is stopping', async () => {
    await sendTo('fcm');
    await fresh.close();
    expect(await sendTo('fcm')).toMatchObject({ kind: 'paused', reason: 'this process is stopping' });
    expect(pushService.deliveries).toHaveLength(1);
  });

  it('are cleaned in linear time when they consist of open brackets', () => {
    const endpoint = { origin: '', host: '', path: '/w/abcdefgh', service: 'fcm', standIn: false } as const;
    expect(reasonOf({ status: 400, headers: {}, text: `${'<'.repeat(30)} <b>abcdefgh` }, endpoint)).toBe(
      `400 ${'<'.repeat(30)} [endpoint]`,
    );
  });

  it('lead to a retry when the connection breaks instead', async () => {
    pushService.answer = () => 'hang up';
    EXPECTED['retried later']!(await sendTo('fcm'));
    pushService.answer = () => ({ status: 201 });
    expect((await sendTo('fcm')).kind).toBe('accepted');
  });

  it('lead to a retry when an error of our own prevents the request, and other messages go on', async () => {
    const sound = await pushTarget(app);
    const keyless = { ...sound, keyId: '999999' };
    const [failed, other] = await Promise.all([keyless, sound].map((it) => fresh.sender.send(it, pushMessage())));
    expect(failed).toMatchObject({ kind: 'retry', after: 15 });
    expect(other).toMatchObject({ kind: 'accepted' });
    expect(pushService.deliveries).toHaveLength(1);
  });
});

describe('an endless answer', () => {
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
      await ended[0]; // the connection is closed too
      expect(asked).toBe(1);
    } finally {
      await pool.destroy();
      server.close();
    }
  };
  const request = { path: '/', headers: {}, body: Buffer.from('x') };

  it('is read for 16 KiB only', () =>
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
  ])('is given up at the deadline after %s', (_name, said) =>
    withServer(
      (write) => write(said),
      (pool) => expect(postPush(pool, request, 50)).rejects.toBeInstanceOf(AnswerTimeout),
    ),
  );
});
