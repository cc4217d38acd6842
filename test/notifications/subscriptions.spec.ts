import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createECDH } from 'node:crypto';
import { PushSubscriptions } from '../../src/notifications/push/push-subscriptions.service.js';
import { Transactions } from '../../src/database/transaction.js';
import type { PushTarget } from '../../src/notifications/push/push.types.js';
import type { Schemas } from '../../web/shared/contract.js';
import { expectProblem } from '../support/problems.js';
import type { Actor } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { browserKeys, newSubscription } from '../support/push.js';

describe('push subscriptions', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ env: { ROLE: 'web' } });
  });
  afterAll(() => app.stop());

  const subscribe = (actor: Actor, body: Record<string, unknown> = newSubscription()) =>
    actor.post<Schemas['PushSubscriptionMade']>('/push/subscriptions', body);
  const stateOf = async (id: string) =>
    (await app.anonymous().get<Schemas['PushSubscription']>(`/push/subscriptions/${id}`)).body;
  const rowOf = async (id: string) =>
    (
      await app.sql<PushTarget & { accountId: string | null; bound: boolean }>(
        `select id::text, endpoint, p256dh, auth, key_id::text as "keyId", created_at as "createdAt",
           account_id::text as "accountId", browser_hash is not null as bound
         from push_subscriptions where public_id = $1`,
        [id],
      )
    )[0]!;

  it('have unguessable ids, and answers never contain the endpoint', async () => {
    const actor = app.anonymous();
    const request = newSubscription();
    const made = await subscribe(actor, request);
    expect(made.body.id).toMatch(/^[\w-]{32}$/);
    const [token] = request.subscription.endpoint.split('/').slice(-1);
    const patched = await actor.patch(`/push/subscriptions/${made.body.id}`, { topics: ['replies', 'breaking'] });
    const answers = [made, await actor.get(`/push/subscriptions/${made.body.id}`), patched];
    for (const { text } of answers) {
      expect(text).not.toContain(token);
      expect(text).not.toContain(request.subscription.keys.auth);
    }
    expect(patched.body).toMatchObject({ topics: ['breaking', 'replies'], state: 'active' });
    expect((await actor.delete(`/push/subscriptions/${made.body.id}`)).status).toBe(204);
    expectProblem(await actor.get(`/push/subscriptions/${made.body.id}`), 404, 'subscription.not_found');
  });

  it('keep their id when the same browser comes again, with the same or new keys', async () => {
    const actor = app.anonymous();
    await actor.get('/session');
    const request = newSubscription();
    const { id, createdAt } = (await subscribe(actor, request)).body;
    const again = await subscribe(app.anonymous(), { ...request, topics: [] }); // a service worker sends no cookies
    expect(again.body).toEqual({ id, createdAt, topics: [] });
    const renewed = { ...request.subscription, keys: browserKeys() };
    expect((await subscribe(actor, { ...request, subscription: renewed })).body.id).toBe(id);
    expect(await rowOf(id)).toMatchObject(renewed.keys);
    expect(await app.sql('select 1 from push_subscriptions where endpoint = $1', [renewed.endpoint])).toHaveLength(1);
  });

  it('are refused to somebody who only knows the endpoint', async () => {
    const owner = await app.reader('Olive Owner');
    const request = newSubscription();
    const { id } = (await subscribe(owner, request)).body;
    const thief = await app.reader('Theo Thief');
    for (const keys of [browserKeys(), { ...request.subscription.keys, auth: browserKeys().auth }])
      expectProblem(
        await subscribe(thief, { ...request, topics: [], subscription: { ...request.subscription, keys } }),
        409,
        'push.endpoint_taken',
      );
    expect(await rowOf(id)).toMatchObject({ ...request.subscription.keys, accountId: owner.rowId });
    expect((await stateOf(id)).topics).toEqual(['breaking']);
  });

  it('are added once by twenty equal requests at the same time', async () => {
    const request = newSubscription();
    const answers = await Promise.all(Array.from({ length: 20 }, () => subscribe(app.anonymous(), request)));
    expect(answers.map((it) => it.status)).toEqual(answers.map(() => 201));
    expect(new Set(answers.map((it) => it.body.id)).size).toBe(1);
  });

  it('belong to the account that is signed in at the browser’s last visit', async () => {
    const ann = await app.reader('Ann Reader');
    const request = newSubscription({ topics: ['replies'] });
    const { id } = (await subscribe(ann, request)).body;
    expect(await rowOf(id)).toMatchObject({ accountId: ann.rowId, bound: true });
    await subscribe(app.anonymous(), request); // a service worker without cookies leaves the account unchanged
    expect(await rowOf(id)).toMatchObject({ accountId: ann.rowId, bound: true });
    await ann.delete('/session');
    await subscribe(ann, request);
    expect(await rowOf(id)).toMatchObject({ accountId: null, bound: true });
    const ben = await app.reader('Ben Reader'); // two people share this browser, which has the same endpoint and keys
    await subscribe(ben, request);
    expect(await rowOf(id)).toMatchObject({ accountId: ben.rowId });
  });

  it('get reply alerts in the twenty latest browsers of an account', async () => {
    const ann = await app.reader('Ann Reader');
    const ids: string[] = [];
    for (let i = 0; i < 22; i += 1) {
      await app.clock.advance(1_000);
      ids.push((await subscribe(ann)).body.id);
    }
    const bound = await app.sql<{ id: string }>(
      'select public_id as id from push_subscriptions where account_id = $1 order by id',
      [ann.rowId],
    );
    expect(bound.map((it) => it.id)).toEqual(ids.slice(2).sort());
    expect((await stateOf(ids[0]!)).state).toBe('active'); // its other topics still reach it
  });

  it('end when a sending finds them gone, and become active only with new keys', async () => {
    const request = newSubscription();
    const { id } = (await subscribe(app.anonymous(), request)).body;
    const target = await rowOf(id);
    const apply = (kind: 'gone' | 'key_mismatch', over: Partial<PushTarget> = {}) =>
      app
        .get(Transactions)
        .run((tx) => app.get(PushSubscriptions).applyOutcome(tx, { ...target, ...over }, { kind, reason: '410' }));
    await apply('gone', { auth: browserKeys().auth }); // the subscription was renewed meanwhile and counts as another
    expect((await stateOf(id)).state).toBe('active');
    const actor = app.anonymous();
    await actor.get('/session');
    for (const kind of ['gone', 'key_mismatch'] as const) {
      const own = newSubscription();
      const made = (await subscribe(actor, own)).body;
      Object.assign(target, await rowOf(made.id));
      await apply(kind);
      // It does not matter who sends it: the same browser, its worker without cookies, or another account.
      for (const sender of [actor, app.anonymous(), await app.reader('Ann Reader')])
        expectProblem(await subscribe(sender, own), 409, 'push.endpoint_gone');
      expect((await stateOf(made.id)).state).toBe(kind);
      const renewed = { ...own, subscription: { ...own.subscription, keys: browserKeys() } };
      expect((await subscribe(actor, renewed)).body.id).toBe(made.id);
      expect((await stateOf(made.id)).state).toBe('active');
    }
  });

  it('are limited by network, except for renewals', async () => {
    const strict = await TestApp.start({ env: { ROLE: 'web', LIMIT_SUBSCRIPTIONS_PER_IP_PER_DAY: '3' } });
    try {
      const actor = strict.anonymous();
      const first = newSubscription();
      for (const body of [first, newSubscription()]) expect((await subscribe(actor, body)).status).toBe(201);
      const foreign = { ...first, subscription: { ...first.subscription, keys: browserKeys() } };
      expect((await subscribe(actor, foreign)).status).toBe(409);
      for (const body of [newSubscription(), foreign]) expectProblem(await subscribe(actor, body), 429, 'rate.limited');
      expect((await subscribe(actor, first)).status).toBe(201);
    } finally {
      await strict.stop();
    }
  });
});

describe('push keys', () => {
  it('are made once for all processes, and a new process uses the same', async () => {
    const [one, two] = await (async () => {
      const first = await TestApp.start({ env: { ROLE: 'web' } });
      await first.sql('delete from push_keys');
      const second = await Promise.all([
        TestApp.start({ env: { ROLE: 'web' }, database: first.database }),
        TestApp.start({ env: { ROLE: 'web' }, database: first.database }),
      ]);
      return [first, second] as const;
    })();
    try {
      const keys = await Promise.all([...two, one].map((it) => it.anonymous().get<Schemas['PushKey']>('/push/key')));
      expect(new Set(keys.map((it) => it.body.key)).size).toBe(1);
      expect(Buffer.from(keys[0]!.body.key, 'base64url')).toHaveLength(65);
      expect(await one.sql('select 1 from push_keys')).toHaveLength(1);
    } finally {
      for (const it of [...two, one]) await it.stop();
    }
  });

  it('are refused at the start when the private half belongs to another public one', async () => {
    const app = await TestApp.start({ env: { ROLE: 'web' } });
    try {
      const other = createECDH('prime256v1');
      other.generateKeys();
      await app.sql('update push_keys set private_key = $1', [
        Buffer.concat([Buffer.alloc(32), other.getPrivateKey()])
          .subarray(-32)
          .toString('base64url'),
      ]);
      await expect(TestApp.start({ env: { ROLE: 'web' }, database: app.database, logger: false })).rejects.toThrow(
        'does not belong to its public key',
      );
    } finally {
      await app.stop();
    }
  });

  it('include the older ones with which browsers subscribed', async () => {
    const app = await TestApp.start({ env: { ROLE: 'web' } });
    try {
      const before = (await app.anonymous().get<Schemas['PushKey']>('/push/key')).body.key;
      await app.sql('update push_keys set retired_at = now()');
      const next = await TestApp.start({ env: { ROLE: 'web' }, database: app.database });
      const current = (await next.anonymous().get<Schemas['PushKey']>('/push/key')).body.key;
      expect(current).not.toBe(before);
      for (const key of [before, current, undefined])
        await next.anonymous().post('/push/subscriptions', newSubscription({ key }));
      const used = await app.sql<{ key: string }>(
        'select k.public_key as key from push_subscriptions s join push_keys k on k.id = s.key_id order by s.id',
      );
      expect(used.map((it) => it.key)).toEqual([before, current, current]);
      await next.stop();
    } finally {
      await app.stop();
    }
  });
});
