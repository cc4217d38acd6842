import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ReplyFollower } from '../../src/notifications/replies/reply-follower.js';
import { preModeration } from '../../src/screening/pre-moderation.settings.js';
import { Settings } from '../../src/settings/settings.service.js';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor, HttpAnswer, LiveClient } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { FakePushService } from '../support/fake-push-service.js';
import { until } from '../support/until.js';
import { type ApiFixture, buildApiFixture } from '../http/api-fixture.js';
import { fetchOpenApi, operationsOf } from '../http/openapi-document.js';

/** Each secret text carries it, followed by the text's own number. */
const MARK = 'wqzsecret';
const BY_SQL = 950;
const BY_API = 30;
const REMOVED = 20;
/** Tables that keep the texts for their author and for moderators. The routes that read them are called here. */
const KEEPERS = ['comments', 'held_comments', 'comment_revisions', 'idempotency_keys'];
const METRICS_TOKEN = 'a-token-of-the-tests-that-reads-the-numbers';

const marked = (text: string): string[] => [...new Set(text.match(/wqzsecret\d+/gi) ?? [])];
const whole = ({ status, headers, text }: HttpAnswer): string =>
  `${status} ${JSON.stringify([...headers.entries()])} ${text}`;

describe('the texts that nobody else may read', () => {
  let pushService: FakePushService;
  let app: TestApp;
  let api: ApiFixture;
  let author: Actor;
  let follower: Actor;
  let stranger: Actor;
  let sockets: LiveClient[];
  let heldIds: string[];
  let removedIds: string[];
  const log: string[] = [];
  const spies: { mockRestore(): void }[] = [];

  beforeAll(async () => {
    for (const stream of [process.stdout, process.stderr]) {
      const write = stream.write.bind(stream) as (chunk: unknown) => boolean;
      spies.push(
        jest.spyOn(stream, 'write').mockImplementation((chunk: unknown) => {
          log.push(String(chunk));
          return write(chunk);
        }),
      );
    }
    pushService = await FakePushService.start();
    app = await TestApp.start({
      env: { PUSH_STAND_IN_URL: pushService.url, METRICS_TOKEN },
      logger: ['error', 'warn'],
    });
    // No alert is due before the last test makes them due.
    await app
      .get(Settings)
      .change({ actorId: null, key: 'alerts.reply_delay_seconds', site: null, value: 600, reason: '' });
    api = await buildApiFixture(app);
    [author, follower, stranger] = [
      await app.reader('Secret Author'),
      await app.reader('Fol Lower'),
      await app.reader('Stran Ger'),
    ];
    await follower.put(`/readers/${author.accountId}/follow`);
    for (const reader of [follower, api.ann])
      await reader.post('/push/subscriptions', pushService.newBrowser(['breaking', 'replies']).subscription);
    removedIds = await removeComments();
    sockets = [await follower.live(), await stranger.live(), await app.anonymous().connect()];
    for (const it of sockets) {
      await it.join(api.key);
      await it.op({ op: 'feed' });
    }
    heldIds = await holdTexts();
  });
  afterAll(async () => {
    for (const it of spies) it.mockRestore();
    await app.stop();
    await pushService.stop();
  });

  /** Publishes and removes the first texts, before anybody listens. */
  async function removeComments(): Promise<string[]> {
    const ids: string[] = [];
    for (let n = 0; n < REMOVED; n += 1) {
      const { id } = await author.comment(api.key, `Removed ${MARK}${n} text`, n % 2 ? api.root.id : undefined);
      await api.mod.post(`/moderation/comments/${id}/decisions`, { action: 'remove', reason: 'abuse' });
      ids.push(id);
    }
    return ids;
  }

  /** Has texts held by the rule, and adds many more in every state. */
  async function holdTexts(): Promise<string[]> {
    await setHolding('everyone');
    const ids: string[] = [];
    for (let n = REMOVED; n < REMOVED + BY_API; n += 1) {
      const parentId = n % 2 ? api.root.id : undefined;
      const body = { body: `Waiting ${MARK}${n} text`, ...(parentId ? { parentId } : {}) };
      const answer = await author.post<Schemas['HeldComment']>(`/articles/${api.key}/comments`, body);
      expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
      ids.push(answer.body.id);
      if (n % 3 === 0)
        await api.mod.post(`/moderation/held/${answer.body.id}/decisions`, { action: 'reject', reason: 'abuse' });
      if (n % 3 === 1) await author.delete(`/held-comments/${answer.body.id}`);
    }
    await setHolding('off');
    await app.sql(
      `insert into held_comments (article_id, parent_id, author_id, body, rule, reason, state, created_at, decided_at)
       select a.id, case when n % 2 = 0 then $2::bigint end, $3, 'A text ' || $4 || n, 'held.everyone', 'Wait.', s.state,
         now(), case when s.state <> 'held' then now() end
       from articles a, generate_series($5::integer, $6::integer) n,
         lateral (select (array['held', 'rejected', 'withdrawn'])[1 + n % 3] as state) s where a.key = $1`,
      [api.key, api.root.id, author.rowId, MARK, REMOVED + BY_API, REMOVED + BY_API + BY_SQL - 1],
    );
    return ids;
  }

  const setHolding = (value: 'everyone' | 'off') =>
    app.get(Settings).change({ actorId: null, key: preModeration.key, site: null, value, reason: '' });

  /** Returns every path of a template, with each thing of the fixture in the place of its parameter. */
  function pathsOf(template: string): string[] {
    const path = template.replace('/api/v1', '');
    const ids = [api.root.id, removedIds[0], removedIds[1], heldIds[0], heldIds[1], heldIds[2]];
    const things = path.includes('/readers/')
      ? [author.accountId, api.ann.accountId]
      : path.includes('/articles/')
        ? [api.key]
        : path.includes('{key}')
          ? [preModeration.key]
          : path.includes('{name}')
            ? ['reported']
            : [...ids, api.subscriptionId, api.alertId];
    return path.includes('{') ? things.map((it) => path.replace(/\{\w+\}/, String(it))) : [path];
  }

  it('are in no answer of any GET route for anybody else', async () => {
    const routes = operationsOf(await fetchOpenApi(app.url)).filter((it) => it.method === 'GET');
    expect(routes.length).toBeGreaterThan(35);
    const readers: [Actor, Record<string, string>?][] = [
      [app.anonymous()],
      [stranger],
      [follower],
      [api.ann],
      [api.nobody, api.publisher],
    ];
    const leaks: string[] = [];
    const read = new Set<string>();
    for (const { path } of routes)
      for (const filled of pathsOf(path)) {
        const answers = await Promise.all(readers.map(([reader, headers]) => reader.get(filled, headers)));
        for (const answer of answers) {
          if (answer.status === 200) read.add(path);
          const found = marked(whole(answer));
          if (found.length) leaks.push(`${filled}: ${found.length}`);
        }
      }
    expect(leaks).toEqual([]);
    expect([...read]).toEqual(
      expect.arrayContaining(
        ['/articles/{key}/comments', '/articles/{key}/mine', '/articles/{key}/events', '/readers/{id}/comments'].map(
          (it) => `/api/v1${it}`,
        ),
      ),
    );
    // The search finds them where they may be.
    expect(marked((await author.get(`/articles/${api.key}/mine`)).text).length).toBeGreaterThan(600);
    expect(marked((await api.mod.get('/moderation/held?limit=100')).text).length).toBeGreaterThan(50);
  });

  it('are in no list of another order or page, no count and no answer to a write', async () => {
    const key = randomUUID();
    const body = { body: `Mine ${MARK}5000 text` };
    await setHolding('everyone');
    const own = await author.post(`/articles/${api.key}/comments`, body, { 'idempotency-key': key });
    expect(own.status).toBe(202);
    const others = await stranger.post(
      `/articles/${api.key}/comments`,
      { body: 'Not the same.' },
      { 'idempotency-key': key },
    );
    await setHolding('off');
    const ids = [...heldIds, ...removedIds];
    const answers = [
      others,
      ...(await Promise.all([
        ...['newest', 'oldest', 'top', 'replies', 'reactions'].map((it) =>
          stranger.get(`/articles/${api.key}/comments?sort=${it}&limit=100`),
        ),
        stranger.get(`/articles/${api.key}/events?after=0`),
        stranger.get(`/comments/${api.root.id}/replies?sort=newest&limit=100`),
        follower.get('/me/following/comments?limit=100'),
        stranger.post('/comment-counts', { keys: [api.key] }),
        ...ids.flatMap((id) => [
          stranger.delete(`/held-comments/${id}`),
          stranger.patch(`/comments/${id}`, { body: 'Mine now.' }),
          stranger.post(`/comments/${id}/reports`, { reason: 'spam' }),
          stranger.put(`/comments/${id}/reactions/like`),
          stranger.post(`/moderation/held/${id}/decisions`, { action: 'approve' }),
        ]),
      ])),
    ];
    expect(answers.flatMap((it) => marked(whole(it)))).toEqual([]);
    const { body: thread } = await stranger.get<Schemas['Thread']>(`/articles/${api.key}/comments`);
    expect(thread.article.commentCount).toBe(2);
  });

  it('cause no push, while a public reply does, and are in no metric', async () => {
    const reply = await api.ben.comment(api.key, 'A public reply.', api.root.id);
    await until('the alert of the public reply', async () => {
      await app.get(ReplyFollower).follow();
      const jobs = await app.sql(`select 1 from graphile_worker._private_jobs where payload->>'replyId' = $1`, [
        reply.id,
      ]);
      return jobs.length > 0;
    });
    await app.sql('update graphile_worker._private_jobs set run_at = now() where locked_at is null');
    await app.sql(`select graphile_worker.add_job('deliver-alert', '{"batchId":"0"}')`); // wakes the workers
    await until('an empty queue', async () => {
      const [left] = await app.sql<{ n: number }>('select count(*)::int as n from graphile_worker._private_jobs');
      return left!.n === 0;
    });
    const shown = pushService.deliveries.map((it) => pushService.decrypt(it).notification);
    expect(shown.map((it) => it.data.id)).toContain(reply.id);
    expect(marked(JSON.stringify(shown))).toEqual([]);
    expect(shown.filter((it) => it.title.includes('Secret Author'))).toEqual([]);
    const metrics = await fetch(`${app.url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
    expect(metrics.status).toBe(200);
    expect(marked(await metrics.text())).toEqual([]);
  });

  it('are in no frame, no mail, no line of the log and no other table', async () => {
    const last = 'The last public word.';
    await api.ben.comment(api.key, last);
    for (const socket of sockets) await until('the last frame', () => JSON.stringify(socket.frames).includes(last));
    for (const { frames, sessions, events } of sockets) {
      expect(marked(JSON.stringify([frames, sessions, events]))).toEqual([]);
      expect(JSON.stringify(frames)).not.toContain('wqz');
    }
    expect(marked(log.join(''))).toEqual([]);
    const tables = await app.sql<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname in ('public', 'graphile_worker') and tablename <> all($1)`,
      [KEEPERS],
    );
    expect(tables.length).toBeGreaterThan(20);
    const kept: string[] = [];
    for (const { name } of tables) {
      const rows = await app.sql(`select 1 from ${name} t where t::text ilike $1 limit 1`, [`%${MARK}%`]);
      if (rows.length) kept.push(name);
    }
    expect(kept).toEqual([]);
  });
});
