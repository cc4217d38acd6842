import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDecipheriv, createECDH, createHmac, type ECDH, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { TestApp } from '../support/app.js';
import { FakePushService } from '../support/fake-push-service.js';
import { FreshSender, pushMessage, pushTarget } from './fresh-sender.js';

const hmac = (key: Buffer, ...data: Buffer[]): Buffer =>
  data.reduce((it, part) => it.update(part), createHmac('sha256', key)).digest();
const text = (it: string): Buffer => Buffer.from(it, 'latin1');
/** Computes HKDF with one block of output (RFC 5869 2). */
const hkdf = (salt: Buffer, ikm: Buffer, info: Buffer, length: number): Buffer =>
  hmac(hmac(salt, ikm), info, Buffer.from([1])).subarray(0, length);

interface Opened {
  plain: Buffer;
  salt: string;
  keyId: string;
  recordSize: number;
}

/** Decrypts one record of aes128gcm as a browser does (RFC 8291 3.3 and 3.4, RFC 8188 2). */
function open(body: Buffer, own: ECDH, auth: Buffer): Opened {
  const [salt, recordSize, length] = [body.subarray(0, 16), body.readUInt32BE(16), body.readUInt8(20)];
  const sender = body.subarray(21, 21 + length);
  const record = body.subarray(21 + length);
  if (length !== 65 || sender[0] !== 4) throw new Error('the key id is no uncompressed point');
  if (record.length > recordSize) throw new Error('more than one record');
  const info = Buffer.concat([text('WebPush: info\0'), own.getPublicKey(), sender]);
  const ikm = hkdf(auth, own.computeSecret(sender), info, 32);
  const key = hkdf(salt, ikm, text('Content-Encoding: aes128gcm\0'), 16);
  const nonce = hkdf(salt, ikm, text('Content-Encoding: nonce\0'), 12);
  const cipher = createDecipheriv('aes-128-gcm', key, nonce);
  cipher.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([cipher.update(record.subarray(0, -16)), cipher.final()]);
  const end = padded.findLastIndex((it) => it !== 0);
  if (padded[end] !== 2) throw new Error('the last record does not end in 2');
  return { plain: padded.subarray(0, end), salt: salt.toString('hex'), keyId: sender.toString('hex'), recordSize };
}

/** The test vector of RFC 8291 appendix A. */
const VECTOR = {
  plain: 'When I grow up, I want to be a watermelon',
  senderPrivate: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw',
  receiverPrivate: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94',
  receiverPublic: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  salt: 'DGv6ra1nlYgDCS1FRnbzlw',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  body: 'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
};
const bytes = (it: string): Buffer => Buffer.from(it, 'base64url');
const privateKey = (it: string): ECDH => {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(bytes(it));
  return curve;
};

describe('an encrypted message', () => {
  let app: TestApp;
  let pushService: FakePushService;

  beforeAll(async () => {
    app = await TestApp.start({ env: { ROLE: 'web' } });
    pushService = await FakePushService.start();
  });
  afterAll(async () => {
    await pushService.stop();
    await app.stop();
  });

  it('is decrypted by this spec as in RFC 8291 appendix A', () => {
    const opened = open(bytes(VECTOR.body), privateKey(VECTOR.receiverPrivate), bytes(VECTOR.auth));
    expect(opened.plain.toString()).toBe(VECTOR.plain);
  });

  it('equals RFC 8291 appendix A byte for byte when the library encrypts it', () => {
    type Ece = { encrypt(plain: Buffer, parameters: Record<string, unknown>): Buffer };
    // This is web-push's own copy of the library, because its `encrypt` accepts neither key nor salt.
    const ece = createRequire(createRequire(import.meta.url).resolve('web-push'))('http_ece') as Ece;
    const body = ece.encrypt(Buffer.from(VECTOR.plain), {
      version: 'aes128gcm',
      privateKey: privateKey(VECTOR.senderPrivate),
      dh: VECTOR.receiverPublic,
      salt: VECTOR.salt,
      authSecret: VECTOR.auth,
    });
    expect(body.toString('base64url')).toBe(VECTOR.body);
  });

  it('has its own key pair and salt, which 1,000 messages to ten browsers show', async () => {
    const fresh = new FreshSender(app, pushService.network());
    const browsers = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const own = createECDH('prime256v1');
        own.generateKeys();
        const auth = randomBytes(16);
        const keys = { p256dh: own.getPublicKey('base64url'), auth: auth.toString('base64url') };
        return { own, auth, target: await pushTarget(app, keys) };
      }),
    );
    // Each browser gets each payload twice.
    const storyOf = (n: number): number => Math.floor(n / 20);
    const payloadOf = (n: number): string => JSON.stringify({ n, title: `Ölpreis – 油價 ${n}` }).padEnd(1_024);
    for (let n = 0; n < 1_000; n += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          fresh.sender.send(browsers[(n + i) % 10]!.target, pushMessage({ payload: payloadOf(storyOf(n + i)) })),
        ),
      );
    await fresh.close();
    expect(pushService.deliveries).toHaveLength(1_000);
    const seen: number[] = [];
    const [salts, keyIds] = [new Set<string>(), new Set<string>()];
    for (const { path, headers, body } of pushService.deliveries) {
      const { own, auth } = browsers.find((it) => it.target.endpoint.endsWith(path))!;
      const opened = open(body, own, auth);
      const { n } = JSON.parse(opened.plain.toString()) as { n: number };
      expect(opened.plain.toString()).toBe(payloadOf(n));
      expect(body.length).toBe(opened.plain.length + 103);
      expect(headers).toMatchObject({
        'content-encoding': 'aes128gcm',
        'content-type': 'application/octet-stream',
        'content-length': String(body.length),
        ttl: '3600',
      });
      expect(headers).not.toHaveProperty('crypto-key');
      expect(headers).not.toHaveProperty('encryption');
      seen.push(n);
      salts.add(opened.salt);
      keyIds.add(opened.keyId);
    }
    expect([salts.size, keyIds.size]).toEqual([1_000, 1_000]);
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 1_000 }, (_, n) => storyOf(n)));
  });

  it('fits into one record of 4,096 bytes when its payload is the longest', async () => {
    const fresh = new FreshSender(app, pushService.network());
    pushService.deliveries.length = 0;
    const own = createECDH('prime256v1');
    const keys = { p256dh: own.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') };
    await fresh.sender.send(await pushTarget(app, keys), pushMessage({ payload: 'x'.repeat(3_993) }));
    await fresh.close();
    const [{ body }] = pushService.deliveries as [(typeof pushService.deliveries)[number]];
    expect(body).toHaveLength(4_096);
    expect(open(body, own, bytes(keys.auth))).toMatchObject({ plain: Buffer.alloc(3_993, 'x'), recordSize: 4_096 });
  });
});
