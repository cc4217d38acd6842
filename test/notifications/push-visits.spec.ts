import { createECDH, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PushKeys } from '../../src/notifications/push/push-keys.service.js';
import { AlertsError } from '../../web/embed/alerts/trouble.js';
import { renewSubscription, type SubscriptionChange } from '../../web/service-worker/renew.js';
import type { Actor } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';
import { newEndpoint, newSubscription } from '../support/push.js';
import { FakePushManager, PageAlerts } from '../support/page-alerts.js';

const DAY = 86_400_000;
const PURGED = 'deleted by the purge';

interface Row {
  endpoint: string;
  state: string;
  account: string | null;
  topics: string[];
}

describe('push visits', () => {
  let app: TestApp;
  let ann: Actor;

  beforeAll(async () => {
    app = await TestApp.start({ env: { ROLE: 'web', LIMIT_SUBSCRIPTIONS_PER_IP_PER_DAY: '1000' } });
    ann = await app.reader('Ann Reader');
  });
  afterAll(() => app.stop());

  const rows = () =>
    app.sql<Row>(
      `select endpoint, state, account_id::text as account, array(
         select topic_key from push_subscription_topics t where t.subscription_id = s.id order by 1) as topics
       from push_subscriptions s order by id`,
    );
  const newBrowser = async (actor: Actor): Promise<PageAlerts> => {
    await app.sql('delete from push_subscriptions');
    const page = new PageAlerts(actor, new FakePushManager(newEndpoint));
    await page.switchOn(['breaking', 'replies']);
    return page;
  };
  const currentKey = async () => (await app.anonymous().get<{ key: string }>('/push/key')).body.key;
  /** Renews by the worker, which sends no cookie and keeps its choice where pages read it. */
  const renewByWorker = async (page: PageAlerts, change: SubscriptionChange): Promise<void> => {
    const { id, topics, print } = page.stored;
    const send = globalThis.fetch;
    // A browser sends the site's origin with the worker's requests.
    globalThis.fetch = (url, init) => {
      const headers = new Headers(init?.headers);
      headers.set('origin', SITE);
      return send(url, { ...init, headers });
    };
    await renewSubscription(`${app.url}/api/v1`, page.manager as unknown as PushManager, change, {
      readChoice: async () => ({ id: id!, topics, print }),
      keepChoice: async (kept) => page.storage.write({ ...kept, print: undefined }),
    }).finally(() => (globalThis.fetch = send));
  };
  /** Expects that the next alert arrives: the one subscription that is sent to is the browser's own. */
  const expectOn = async (page: PageAlerts, dead: string, account: string | null): Promise<void> => {
    const { endpoint } = page.manager.present!;
    expect(endpoint).not.toBe(dead);
    expect(await rows()).toEqual([{ endpoint, state: 'active', account, topics: ['breaking', 'replies'] }]);
    expect((await page.actor.get(`/push/subscriptions/${page.stored.id}`)).body).toMatchObject({ state: 'active' });
  };

  const verdicts: [string, string][] = [
    ['gone', `update push_subscriptions set state = 'gone'`],
    ['key_mismatch', `update push_subscriptions set state = 'key_mismatch'`],
    [PURGED, 'delete from push_subscriptions'],
  ];
  const ages = [0, 2 * DAY, 40 * DAY];
  const accounts = ['the same', 'signed in meanwhile', 'signed out meanwhile'] as const;
  const renewals = ['none', 'by another tab', 'by the worker'] as const;

  for (const [verdict, sql] of verdicts)
    for (const renewal of renewals)
      it(`mend a subscription that is ${verdict} at every age and account when its renewal is ${renewal}`, async () => {
        for (const age of ages)
          for (const account of accounts) {
            const page = await newBrowser(account === 'signed out meanwhile' ? ann : app.anonymous());
            const dead = page.manager.present!;
            page.storage.write({ toldAt: Date.now() - age });
            await app.sql(sql);
            if (account === 'signed in meanwhile') page.actor = ann;
            if (account === 'signed out meanwhile') page.actor = app.anonymous();
            await page.actor.get('/session');
            // Another tab or the worker sends the same subscription before this page does.
            const body = { subscription: dead.toJSON(), topics: ['breaking'], key: await currentKey() };
            if (renewal === 'by another tab' && verdict !== PURGED) await page.actor.post('/push/subscriptions', body);
            if (renewal === 'by the worker') await renewByWorker(page, { newSubscription: dead });
            expect(await page.visit()).toBeNull();
            await expectOn(page, dead.endpoint, account === 'signed in meanwhile' ? ann.rowId : null);
          }
      });

  it('end nothing that another tab has made anew meanwhile', async () => {
    const page = await newBrowser(app.anonymous());
    const dead = page.manager.present!.endpoint;
    await app.sql(`update push_subscriptions set state = 'gone'`);
    await page.visit();
    const renewed = page.manager.present!.endpoint;
    page.storage.write({ toldAt: Date.now() - 2 * DAY });
    expect(await Promise.all([page.visit(), page.visit()])).toEqual([null, null]);
    expect(page.manager.present!.endpoint).toBe(renewed);
    expect(page.manager.unsubscribed).toEqual([dead]);
    await expectOn(page, dead, null);
  });

  it('keep the topics that the reader chooses in another tab meanwhile', async () => {
    const page = await newBrowser(app.anonymous());
    let choosing: Promise<boolean> | undefined;
    // The visit sends the subscription for the account that has signed in. The choice would be stored before that.
    page.actor = Object.assign(Object.create(ann) as Actor, {
      post: async (path: string, body: object) => {
        choosing ??= page.subscription.setTopics(['replies']);
        for (let n = 0; n < 3; n += 1) await ann.get('/session');
        return ann.post(path, body);
      },
    });
    expect(await page.visit()).toBeNull();
    expect(await choosing).toBe(true);
    expect(await rows()).toMatchObject([{ account: ann.rowId, topics: ['replies'] }]);
    expect(page.stored.topics).toEqual(['replies']);
  });

  it('say why when the browser keeps to the ended subscription', async () => {
    const page = await newBrowser(app.anonymous());
    const dead = page.manager.present!;
    await app.sql(`update push_subscriptions set state = 'gone'`);
    page.manager.subscribe = async () => (page.manager.present = dead);
    expect(await page.visit()).toMatchObject({ kind: 'server', problem: { code: 'push.endpoint_gone' } });
    expect((await rows()).map(({ state }) => state)).toEqual(['gone']);
  });

  it('leave a living subscription as it is', async () => {
    const page = await newBrowser(ann);
    const { endpoint } = page.manager.present!;
    for (const age of ages) {
      page.storage.write({ toldAt: Date.now() - age });
      expect(await page.visit()).toBeNull();
    }
    expect(page.manager.unsubscribed).toEqual([]);
    expect(await rows()).toEqual([{ endpoint, state: 'active', account: ann.rowId, topics: ['breaking', 'replies'] }]);
  });

  it.each(ages)('say that another worker took the place of ours when the last report is %i ms old', async (age) => {
    const page = await newBrowser(app.anonymous());
    page.storage.write({ toldAt: Date.now() - age });
    const fault = { kind: 'worker', fault: 'other', file: '/pwa-sw.js', message: '' } as const;
    page.workerFault = new AlertsError(fault);
    expect(await page.visit()).toEqual(fault);
    page.workerFault = undefined;
    const silent = { kind: 'worker', fault: 'silent', file: '/alerts/rostra-sw.js', message: '' } as const;
    page.lineFault = new AlertsError(silent);
    expect(await page.visit()).toEqual(silent);
    page.lineFault = undefined;
    expect(await page.visit()).toBeNull();
  });

  describe('with the subscription of another provider in the same worker', () => {
    const foreignKey = createECDH('prime256v1').generateKeys().toString('base64url');

    it('end nothing when alerts are switched on, off, or visited', async () => {
      await app.sql('delete from push_subscriptions');
      const manager = new FakePushManager(newEndpoint);
      const theirs = await manager.subscribe({ applicationServerKey: foreignKey });
      const page = new PageAlerts(app.anonymous(), manager);
      await expect(page.switchOn(['breaking'])).rejects.toMatchObject({ trouble: { kind: 'provider' } });
      await page.subscription.switchOff(async () => page.registration);
      expect([manager.present, manager.unsubscribed, await rows()]).toEqual([theirs, [], []]);
    });

    it.each(ages)('say so when it took the place of ours and the last report is %i ms old', async (age) => {
      const page = await newBrowser(ann);
      page.storage.write({ toldAt: Date.now() - age });
      page.manager.present = null;
      const theirs = await page.manager.subscribe({ applicationServerKey: foreignKey });
      expect(await page.visit()).toEqual({ kind: 'provider' });
      await renewByWorker(page, { oldSubscription: theirs, newSubscription: null });
      await renewByWorker(page, {});
      expect([page.manager.present, page.manager.unsubscribed]).toEqual([theirs, []]);
    });

    it('end only what is ours when it has a former key of Rostra, or was made by this page', async () => {
      for (const isKnown of [true, false]) {
        const page = await newBrowser(app.anonymous());
        const before = page.manager.present!.endpoint;
        // A new key, which knows the former one unless the database was lost.
        await app.sql('update push_keys set retired_at = now() where retired_at is null');
        if (isKnown) page.storage.write({ print: undefined });
        else {
          await app.sql('delete from push_subscriptions');
          await app.sql('delete from push_keys');
        }
        await app.get(PushKeys).onModuleInit();
        expect(await page.visit()).toBeNull();
        expect(page.manager.unsubscribed).toEqual([before]);
        expect((await rows()).filter(({ state }) => state === 'active').map(({ endpoint }) => endpoint)).toEqual([
          page.manager.present!.endpoint,
        ]);
      }
    });
  });

  it('leave no subscription in the browser when Rostra refuses its push service', async () => {
    await app.sql('delete from push_subscriptions');
    const manager = new FakePushManager(() => `https://push.unknown.example/${randomUUID()}`);
    const page = new PageAlerts(app.anonymous(), manager);
    await expect(page.switchOn(['breaking'])).rejects.toMatchObject({ code: 'push.endpoint_refused' });
    expect([manager.present, await rows()]).toEqual([null, []]);
  });

  it.each([undefined, null, '', 'Etc/Unknown', '+02:00', 'Europe/Nowhere', 7, 'x'.repeat(300)])(
    'are accepted when the browser says that its time zone is %j',
    async (timeZone) => {
      const body = newSubscription({ timeZone });
      const { status, body: made } = await app.anonymous().post('/push/subscriptions', body);
      expect(status).toBe(201);
      const sql = 'select time_zone as zone from push_subscriptions where public_id = $1';
      expect(await app.sql(sql, [made.id])).toEqual([{ zone: null }]);
    },
  );

  it('are accepted when the browser says more of its subscription than it must', async () => {
    const body = newSubscription();
    const subscription = { ...body.subscription, expirationTime: 'never', contentEncodings: ['aes128gcm'] };
    const { status } = await app.anonymous().post('/push/subscriptions', { ...body, subscription });
    expect(status).toBe(201);
  });
});
