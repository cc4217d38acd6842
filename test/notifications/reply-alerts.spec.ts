import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { topicOf } from '../../src/notifications/push/push-payload.js';
import { ReplyFollower } from '../../src/notifications/replies/reply-follower.js';
import { Settings } from '../../src/settings/settings.service.js';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor, CommentView } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';
import { TestClock } from '../support/test-clock.js';
import { until } from '../support/until.js';
import { FakePushService } from '../support/fake-push-service.js';

const setDelay = (app: TestApp, value: unknown, site: string | null = null): Promise<void> =>
  app.get(Settings).change({ actorId: null, key: 'alerts.reply_delay_seconds', site, value, reason: '' });

describe('reply alerts', () => {
  let pushService: FakePushService;
  let app: TestApp;
  let ann: Actor;
  let ben: Actor;
  let mod: Actor;
  let key: string;

  beforeAll(async () => {
    pushService = await FakePushService.start();
    // The delay is longer than a test, which makes the alert due itself.
    app = await TestApp.start({ env: { PUSH_STAND_IN_URL: pushService.url } });
    await setDelay(app, 600);
    [ann, ben] = [await app.reader('Ann Reader'), await app.reader('Ben Other')];
    mod = await app.reader('Mo Derator', 'moderator');
    key = await app.article('bridge');
  });
  afterEach(async () => {
    pushService.clear();
    await app.sql('delete from push_subscriptions');
    await app.sql('delete from graphile_worker._private_jobs where locked_at is null');
  });
  afterAll(async () => {
    await app.stop();
    await pushService.stop();
  });

  const subscribe = async (actor: Actor, topics = ['breaking', 'replies']): Promise<string> => {
    const { token, subscription } = pushService.newBrowser(topics);
    const answer = await actor.post('/push/subscriptions', subscription);
    expect(answer.status).toBe(201);
    return token;
  };
  /** Signs the same reader in at another browser. */
  const secondBrowser = async (name: string, of: Actor): Promise<Actor> => {
    const other = await app.reader(name);
    await app.sql(
      `update sessions set account_id = $1 where id = (select max(id) from sessions where account_id = $2)`,
      [of.rowId, other.rowId],
    );
    other.accountId = of.accountId;
    other.rowId = of.rowId;
    return other;
  };
  const waiting = async (): Promise<string[]> =>
    (
      await app.sql<{ id: string }>(
        `select j.payload->>'replyId' as id from graphile_worker._private_jobs j
         join graphile_worker._private_tasks t on t.id = j.task_id
         where t.identifier = 'reply-alert' and j.locked_at is null order by j.id`,
      )
    ).map((it) => it.id);
  /** Lets the follower run now instead of at its next second, and waits for the alert of a reply. */
  const queued = (reply: CommentView) =>
    until(`the alert of ${reply.id}`, async () => {
      await app.get(ReplyFollower).follow();
      return (await waiting()).includes(reply.id);
    });
  /** Makes the waiting jobs due and waits until the workers have done them. */
  const due = async (): Promise<void> => {
    await app.sql(`update graphile_worker._private_jobs set run_at = now() where locked_at is null`);
    await app.sql(`select graphile_worker.add_job('deliver-alert', '{"batchId":"0"}')`); // wakes the workers
    await until('an empty queue', async () => {
      const [left] = await app.sql<{ n: number }>('select count(*)::int as n from graphile_worker._private_jobs');
      return left!.n === 0;
    });
  };

  it('reach every browser of the answered reader, and lead to the reply', async () => {
    const phone = await secondBrowser('Ann Phone', ann);
    const tokens = [await subscribe(ann), await subscribe(phone)];
    await subscribe(ben);
    const root = await ann.comment(key, 'Is it closed?');
    const reply = await ben.comment(key, 'Yes.\n\nSince six. '.padEnd(400, 'And so on. '), root.id);
    await queued(reply);
    const [{ at }] = (await app.sql<{ at: Date }>(
      `select run_at as at from graphile_worker._private_jobs order by id desc limit 1`,
    )) as [{ at: Date }];
    expect(at.getTime() - Date.parse(reply.createdAt)).toBe(600_000);
    expect(pushService.deliveries).toEqual([]);
    await due();
    expect(pushService.deliveries.map((it) => it.token).sort()).toEqual(tokens.sort());
    for (const delivery of pushService.deliveries) {
      expect(delivery).toMatchObject({ ttl: 86_400, urgency: 'normal', topic: topicOf(`replies:${root.id}`) });
      const { notification, bytes } = pushService.decrypt(delivery);
      expect(notification).toMatchObject({
        title: 'Ben Other replied to you',
        navigate: `${SITE}/bridge#rostra-comment-${reply.id}`,
        tag: delivery.topic,
        data: { id: reply.id, kind: 'reply' },
      });
      expect(notification.body).toMatch(/^Yes\. Since six\. And so on\..*…$/);
      expect(notification.body.length).toBeLessThanOrEqual(140);
      expect(bytes % 1_024).toBe(0);
    }
  });

  it('are sent when the reply consists of very long characters', async () => {
    const token = await subscribe(ann);
    const root = await ann.comment(key, 'A word?');
    const chain = `${'\u{1F468}\u200D'.repeat(7)}\u{1F468}`;
    await queued(await ben.comment(key, `Yes ${`${chain} `.repeat(100)}`, root.id));
    await due();
    const { notification, bytes } = pushService.decrypt(pushService.deliveriesTo(token)[0]!);
    expect(notification.body).toMatch(/^Yes .*…$/u);
    expect(bytes).toBe(1_024);
  });

  it('have a shorter excerpt when the address of the article is long', async () => {
    const token = await subscribe(ann);
    const url = `${SITE}/long?${'word='.repeat(300)}`;
    const { body: article } = await ann.post<Schemas['ArticleKey']>('/articles', { url, title: 'Long' });
    const long = article.key;
    const root = await ann.comment(long, 'Is it?');
    await queued(await ben.comment(long, 'It is. '.repeat(30), root.id));
    await due();
    const { notification } = pushService.decrypt(pushService.deliveriesTo(token)[0]!);
    expect(notification.body).toMatch(/^It is\..*…$/);
    expect(Buffer.byteLength(JSON.stringify({ web_push: 8030, mutable: true, notification }))).toBeLessThanOrEqual(
      2_000,
    );
  });

  it('go to subscribers of replies only, and not for own replies', async () => {
    const [annsToken, root] = [await subscribe(ann), await ann.comment(key, 'Talking to myself.')];
    const own = await ann.comment(key, 'Still talking.', root.id);
    const unasked = await mod.comment(key, 'Nobody is told of answers to me.');
    await subscribe(mod, ['breaking']);
    await ben.comment(key, 'Right.', unasked.id);
    const alerted = await ben.comment(key, 'I listen.', own.id);
    await queued(alerted);
    expect(await waiting()).toEqual([alerted.id]);
    await due();
    expect(pushService.deliveries.map((it) => it.token)).toEqual([annsToken]);
  });

  it.each<[string, (root: CommentView, reply: CommentView) => Promise<unknown>]>([
    [
      'the reply was removed',
      (_, { id }) => mod.post(`/moderation/comments/${id}/decisions`, { action: 'remove', reason: 'abuse' }),
    ],
    ['the reply was deleted', (_, { id }) => ben.delete(`/comments/${id}`)],
    [
      'the answered comment was removed',
      ({ id }) => mod.post(`/moderation/comments/${id}/decisions`, { action: 'remove', reason: 'spam' }),
    ],
    ['the answered comment was deleted', ({ id }) => ann.delete(`/comments/${id}`)],
  ])('are not sent when %s meanwhile', async (_why, meanwhile) => {
    await subscribe(ann);
    const root = await ann.comment(key, 'Who knows more?');
    const reply = await ben.comment(key, 'I do.', root.id);
    await queued(reply);
    await meanwhile(root, reply);
    await due();
    expect(pushService.deliveries).toEqual([]);
  });

  it('are not sent when their author or their recipient is banned', async () => {
    const [egg, victim] = [await app.reader('Bad Egg'), await app.reader('Vic Tim')];
    await subscribe(victim);
    const root = await victim.comment(key, 'Hello.');
    await queued(await egg.comment(key, 'Grr.', root.id));
    const answer = await ben.comment(key, 'Never mind them.', root.id);
    await queued(answer);
    await mod.put(`/readers/${egg.accountId}/ban`, { reason: 'Threats.' });
    await due();
    expect(pushService.deliveries.map((it) => pushService.decrypt(it).notification.data.id)).toEqual([answer.id]);
    await mod.put(`/readers/${victim.accountId}/ban`, { reason: 'Worse.' });
    const [marker, root2] = [await subscribe(ann), await ann.comment(key, 'And then?')];
    await ben.comment(key, 'They are gone.', root.id);
    await queued(await ben.comment(key, 'Peace.', root2.id));
    await due();
    expect(pushService.deliveries.slice(1).map((it) => it.token)).toEqual([marker]);
  });

  it('end with the session of one browser, and go on in another', async () => {
    const leaver = await app.reader('Lea Ver');
    const phone = await secondBrowser('Lea Phone', leaver);
    const [desktop, mobile] = [await subscribe(leaver), await subscribe(phone)];
    const root = await leaver.comment(key, 'I am off.');
    const reply = await ben.comment(key, 'Stay!', root.id);
    await queued(reply);
    await leaver.delete('/session');
    await due();
    expect(pushService.deliveries.map((it) => it.token)).toEqual([mobile]);
    await phone.delete('/session');
    const [annsRoot, annsToken] = [await ann.comment(key, 'Bye.'), await subscribe(ann)];
    await ben.comment(key, 'Too late.', root.id);
    await queued(await ben.comment(key, 'Bye bye.', annsRoot.id));
    expect(await waiting()).toHaveLength(1); // no job is made without a recipient
    await due();
    expect(pushService.deliveries.slice(1).map((it) => it.token)).toEqual([annsToken]);
    expect(pushService.deliveriesTo(desktop)).toEqual([]);
  });

  it('have the text at the time of sending, and replace earlier ones', async () => {
    await subscribe(ann);
    const root = await ann.comment(key, 'How long?');
    const first = await ben.comment(key, 'Two wekes.', root.id);
    await queued(first);
    await ben.patch(`/comments/${first.id}`, { body: 'Two weeks.' });
    await due();
    const second = await mod.comment(key, 'Three.', root.id);
    await queued(second);
    await due();
    expect(pushService.deliveries.map((it) => pushService.decrypt(it).notification.body)).toEqual([
      'Two weeks.',
      'Three.',
    ]);
    expect(new Set(pushService.deliveries.map((it) => it.topic)).size).toBe(1);
    // An edit and a restored removal cause no second alert.
    await mod.post(`/moderation/comments/${second.id}/decisions`, { action: 'remove', reason: 'other' });
    await mod.post(`/moderation/comments/${second.id}/decisions`, { action: 'restore', reason: 'other' });
    const third = await mod.comment(key, 'At least.', root.id);
    await queued(third);
    expect(await waiting()).toEqual([third.id]);
  });

  it('are tried again only for the browser whose service failed, and end a subscription that is gone', async () => {
    const phone = await secondBrowser('Ann Tablet', ann);
    const [away, fine, gone] = [await subscribe(ann), await subscribe(phone), await subscribe(phone)];
    await app.sql(`update push_subscriptions set created_at = created_at - interval '1 hour'`);
    pushService.answer = ({ token }) => ({
      status: token === gone ? 410 : token === away && pushService.deliveriesTo(away).length === 1 ? 500 : 201,
    });
    const root = await ann.comment(key, 'Anybody?');
    const reply = await ben.comment(key, 'Me.', root.id);
    await queued(reply);
    await app.sql(`update graphile_worker._private_jobs set run_at = now() where locked_at is null`);
    await app.sql(`select graphile_worker.add_job('deliver-alert', '{"batchId":"0"}')`);
    await until('the first tries', () => pushService.deliveries.length === 3);
    await queued(reply);
    await app.clock.advance(3_600_000);
    await due();
    expect(pushService.deliveriesTo(fine)).toHaveLength(1);
    expect(pushService.deliveriesTo(gone)).toHaveLength(1);
    const [first, second] = pushService.deliveriesTo(away);
    expect(first!.ttl - second!.ttl).toBeGreaterThanOrEqual(3_600);
    expect(second!.topic).toBe(first!.topic);
    const states = await app.sql<{ state: string }>('select state from push_subscriptions order by id');
    expect(states.map((it) => it.state)).toEqual(['active', 'active', 'gone']);
  });

  describe('the follower of conversations', () => {
    /** A web process without jobs. */
    let first: TestApp;
    let worker: TestApp;
    let root: CommentView;
    let article: string;

    const node = ({ database }: TestApp): Promise<TestApp> =>
      TestApp.start({
        env: { PUSH_STAND_IN_URL: pushService.url },
        clock: new TestClock(true),
        database,
      });
    const enqueued = async (): Promise<string[]> =>
      (
        await first.sql<{ id: string }>(
          `select j.payload->>'replyId' as id from graphile_worker._private_jobs j
           join graphile_worker._private_tasks t on t.id = j.task_id
           where t.identifier = 'reply-alert' order by (j.payload->>'replyId')::bigint`,
        )
      ).map((it) => it.id);
    const follow = (it: TestApp) => it.get(ReplyFollower).follow();

    let carl: Actor;
    let writer: Actor;

    beforeAll(async () => {
      first = await TestApp.start({ env: { PUSH_STAND_IN_URL: pushService.url, ROLE: 'web' } });
      await setDelay(first, 600);
      [carl, writer] = [await first.reader('Carl Reader'), await first.reader('Dora Other')];
      article = await first.article();
      root = await carl.comment(article, 'Before Rostra told anybody.');
      const { subscription } = pushService.newBrowser(['replies']);
      await carl.post('/push/subscriptions', subscription);
      await writer.comment(article, 'An old answer.', root.id);
      worker = await node(first);
    });
    afterAll(async () => {
      await worker?.stop();
      await first?.stop();
    });

    it('waits as long as the site of the article says, from the next reply on', async () => {
      const delays = async (): Promise<number[]> =>
        (
          await first.sql<{ delay: number }>(
            `select extract(epoch from j.run_at - c.created_at)::integer as delay from graphile_worker._private_jobs j
             join graphile_worker._private_tasks t on t.id = j.task_id
             join comments c on c.id = (j.payload->>'replyId')::bigint
             where t.identifier = 'reply-alert' order by c.id desc limit 1`,
          )
        ).map((it) => it.delay);
      await first.get(Settings).addSite(null, 'evening');
      const change = { actorId: null, key: 'site.origins', site: 'evening', reason: '' };
      await first.get(Settings).change({ ...change, value: ['http://evening.localhost:4996'] });
      await setDelay(first, 900, 'evening');
      const evening = await first.article();
      await first.sql(`update articles set url = 'http://evening.localhost:4996/story' where key = $1`, [evening]);
      await (worker.clock as TestClock).advance(2_000); // another process reads the settings every two seconds
      const above = await carl.comment(evening, 'A first word under the evening story.');
      for (const [key, { id }, seconds] of [
        [evening, above, 900],
        [article, root, 600],
      ] as const) {
        await writer.comment(key, `Answered with a delay of ${seconds} seconds.`, id);
        await follow(worker);
        await follow(worker);
        expect(await delays()).toEqual([seconds]);
      }
      for (const wrong of [-1, 3_601, 1.5])
        await expect(setDelay(first, wrong)).rejects.toMatchObject({ code: 'setting.invalid' });
      await first.sql(`delete from graphile_worker._private_jobs`);
    });

    it('enqueues alerts only for comments after its first run', async () => {
      await follow(worker);
      await follow(worker);
      expect(await enqueued()).toEqual([]);
      const reply = await writer.comment(article, 'A new answer.', root.id);
      await follow(worker);
      expect(await enqueued()).toEqual([reply.id]);
    });

    it('enqueues each alert once, over restarts and with two followers at once', async () => {
      const before = await enqueued();
      const second = await node(first);
      const ids: string[] = [];
      let writing = true;
      const following = Promise.all(
        [worker, second, worker, second].map(async (it) => {
          while (writing) await follow(it);
        }),
      );
      await Promise.all(
        [article, await first.article(), await first.article()].map(async (place) => {
          const parent = place === article ? root.id : (await carl.comment(place, 'Elsewhere.')).id;
          for (let i = 0; i < 15; i += 1) ids.push((await writer.comment(place, `Answer ${i}`, parent)).id);
        }),
      );
      writing = false;
      await following;
      await second.stop();
      ids.push((await writer.comment(article, 'While nobody looked.', root.id)).id);
      const third = await node(first);
      await follow(third);
      await follow(third);
      const sorted = ids.sort((a, b) => Number(a) - Number(b));
      expect((await enqueued()).filter((it) => !before.includes(it))).toEqual(sorted);
      await third.stop();
    });

    it('enqueues the alert of a transaction that is slow to commit', async () => {
      const before = await enqueued();
      const slow = new pg.Client({ connectionString: first.database.url });
      await slow.connect();
      // This takes the article's lock, an id, the row and the log entry in the order of posting.
      await slow.query('begin');
      const { rows } = await slow.query<{ id: string }>(
        `with place as (update articles set seq = seq + 1, comment_count = comment_count + 1 where key = $1 returning id, seq),
         made as (
           insert into comments (article_id, parent_id, root_id, depth, ancestors, author_id, parent_author_id, body,
             created_at, rank)
           select place.id, p.id, p.id, 1, array[p.id, 0], $3, p.author_id, 'Slowly.', now(), 0
           from place, comments p where p.id = $2 returning id),
         logged as (
           insert into conversation_log (article_id, seq, kind, comment_id, revision)
           select place.id, place.seq, 'comment', made.id, 1 from place, made)
         select id from made`,
        [article, root.id, writer.rowId],
      );
      await follow(worker); // no transaction has ended since the slow one began
      await follow(worker);
      const elsewhere = await first.article();
      const parent = await carl.comment(elsewhere, 'Elsewhere.');
      const quick: string[] = [];
      for (let i = 0; i < 3; i += 1) {
        quick.push((await writer.comment(elsewhere, `Quick ${i}`, parent.id)).id);
        await follow(worker);
      }
      expect((await enqueued()).filter((it) => !before.includes(it))).toEqual(quick);
      await slow.query('commit');
      await slow.end();
      await follow(worker);
      expect((await enqueued()).filter((it) => !before.includes(it))).toEqual([rows[0]!.id, ...quick]);
      // A transaction in any database of the server, so also one of another spec, holds the position back.
      await until(
        'the position to reach the newest comment, so that a run without new comments reads none',
        async () => {
          await follow(worker);
          const [place] = await first.sql<{ done: boolean }>(
            'select seen_to = (select max(id) from comments) as done from reply_follower',
          );
          return place!.done;
        },
        60_000,
      );
      expect(await enqueued()).toHaveLength(before.length + 4);
    });
  });
});
