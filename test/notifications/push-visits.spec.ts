import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { renewSubscription } from '../../web/service-worker/renew.js';
import type { Actor } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { newEndpoint } from '../support/push.js';
import { FakePushManager, PageAlerts } from '../support/page-alerts.js';

const DAY = 86_400_000;

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
  const renewByWorker = async (page: PageAlerts, replacement: PushSubscription | null): Promise<void> => {
    const { id, topics } = page.stored;
    await renewSubscription(`${app.url}/api/v1`, page.manager as unknown as PushManager, replacement, {
      readChoice: async () => ({ id: id!, topics }),
      keepChoice: async (kept) => page.storage.write({ ...kept, print: undefined }),
    });
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
    ['deleted by the purge', 'delete from push_subscriptions'],
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
            if (renewal === 'by another tab' && verdict !== 'deleted by the purge')
              expect((await page.actor.post('/push/subscriptions', body)).status).toBe(409);
            if (renewal === 'by the worker') await renewByWorker(page, dead);
            expect(await page.visit()).toBeNull();
            await expectOn(page, dead.endpoint, account === 'signed in meanwhile' ? ann.accountId : null);
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
    expect(await rows()).toEqual([
      { endpoint, state: 'active', account: ann.accountId, topics: ['breaking', 'replies'] },
    ]);
  });
});
