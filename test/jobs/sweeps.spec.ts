import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JobRegistry } from '../../src/jobs/job-registry.js';
import { definedPurges } from '../../src/jobs/purge.js';
import type { Actor } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { until } from '../support/until.js';

/** The tests enqueue the scheduled jobs, and the app's own runner runs them. */
describe('scheduled jobs', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());

  async function run(name: string): Promise<void> {
    await app.sql(`select graphile_worker.add_job($1, payload => '{}'::json)`, [name]);
    await until(`${name} to be done`, async () => {
      const jobs = await app.sql<{ error: string | null }>(
        'select last_error as error from graphile_worker.jobs where task_identifier = $1',
        [name],
      );
      if (jobs[0]?.error) throw new Error(jobs[0].error);
      return jobs.length === 0;
    });
  }
  const left = async (table: string, column: string): Promise<unknown[]> =>
    (await app.sql(`select ${column} as it from ${table} order by 1`)).map((row) => row.it);

  it('are scheduled under their names', async () => {
    const purges = definedPurges().map((it) => it.name);
    expect(purges).toContain('purge-reply-alerts');
    expect(await left('graphile_worker._private_known_crontabs', 'identifier')).toEqual(
      [
        ...purges,
        'list-stripe-events',
        'reconcile-with-stripe',
        'sweep-stripe-events',
        'sweep-supporter-badges',
        'train-learner',
      ].sort(),
    );
  });

  it.each(definedPurges().map((it) => it.name))('runs the declared purge %s without an error', async (name) => {
    const { entries } = app.get(JobRegistry);
    expect(entries.map((it) => it.job.name)).toContain(name);
    await run(name);
  });

  it('removes links a day after they expired, tickets at once, sessions after a month, and no others', async () => {
    const ann = await app.reader('Ann Reader');
    const [session] = await app.sql<{ id: string }>('select id::text as id from sessions where account_id = $1', [
      ann.rowId,
    ]);
    await app.sql('delete from sign_in_links');
    await app.sql(
      `insert into sign_in_links (email, purpose, created_at, expires_at) values
         ('kept-open@example.test', 'sign-in', now(), now() + interval '5 minutes'),
         ('kept-expired@example.test', 'sign-in', now(), now() - interval '23 hours'),
         ('swept@example.test', 'sign-in', now(), now() - interval '25 hours')`,
    );
    await app.sql(
      `insert into socket_tickets (ticket_hash, session_id, expires_at) values
         ('kept', $1, now() + interval '20 seconds'), ('swept', $1, now() - interval '1 second')`,
      [session!.id],
    );
    const made = async (name: string, expires: string, ended: string | null) =>
      app.sql(
        `insert into sessions (token_hash, account_id, user_agent, created_at, seen_at, expires_at, ended_at)
         values (sha256(convert_to($2, 'utf8')), $1, $2, now(), now(), now() + $3::interval, now() + $4::interval)`,
        [ann.rowId, name, expires, ended],
      );
    await made('kept live', '1 day', null);
    await made('kept ended', '90 days', '-29 days');
    await made('kept expired', '-29 days', null);
    await made('swept ended', '90 days', '-31 days');
    await made('swept expired', '-31 days', null);
    await made('swept both', '-31 days', '-32 days');
    await run('purge-sign-ins');
    expect(await left('sign_in_links', 'email')).toEqual(['kept-expired@example.test', 'kept-open@example.test']);
    expect(await left('socket_tickets', `convert_from(ticket_hash, 'utf8')`)).toEqual(['kept']);
    expect((await left('sessions', 'user_agent')).filter((it) => /kept|swept/.test(String(it)))).toEqual([
      'kept ended',
      'kept expired',
      'kept live',
    ]);
    expect((await ann.get('/me')).status).toBe(200);
  });

  it('removes idempotency keys after a day, and counters whose window is over', async () => {
    await app.sql(
      `insert into idempotency_keys (scope, key, request_hash, created_at) values
         ('kept', gen_random_uuid(), 'x', now() - interval '23 hours'),
         ('swept', gen_random_uuid(), 'x', now() - interval '25 hours')`,
    );
    await app.sql(
      `insert into rate_limits (key, points, expire) values
         ('kept', 1, extract(epoch from now() + interval '1 minute') * 1000),
         ('swept', 1, extract(epoch from now() - interval '1 second') * 1000)`,
    );
    await run('purge-request-keys');
    expect(await left('idempotency_keys', 'scope')).toEqual(['kept']);
    expect((await left('rate_limits', 'key')).filter((it) => it === 'kept' || it === 'swept')).toEqual(['kept']);
  });

  it('erases texts that were deleted a month ago, and no published or removed ones', async () => {
    const ann = await app.reader('Ann Reader');
    const mod = await app.reader('Mo Derates', 'moderator');
    const key = await app.article();
    const ids: Record<string, string> = {};
    for (const name of ['old', 'fresh', 'published', 'removed']) {
      ids[name] = (await ann.comment(key, `The ${name} one.`)).id;
      await ann.patch(`/comments/${ids[name]}`, { body: `The ${name} one, edited.` });
    }
    const report = (actor: Actor, name: string) => actor.post(`/comments/${ids[name]}/reports`, { reason: 'spam' });
    await report(mod, 'old');
    await mod.post(`/moderation/comments/${ids.old}/decisions`, { action: 'keep', reason: 'other' });
    for (const name of ['old', 'fresh', 'published', 'removed']) await report(app.anonymous(), name);
    for (const name of ['old', 'fresh']) await ann.delete(`/comments/${ids[name]}`);
    await mod.post(`/moderation/comments/${ids.removed}/decisions`, { action: 'remove', reason: 'spam' });
    await app.sql(`update comments set deleted_at = now() - interval '31 days' where id = $1`, [ids.old]);
    await app.sql(`update comments set deleted_at = now() - interval '29 days' where id = $1`, [ids.fresh]);
    await run('purge-deleted-comments');
    const bodies = await app.sql<{ id: string; body: string; kept: number }>(
      `select id::text as id, body, (select count(*)::int from comment_revisions where comment_id = c.id) as kept
       from comments c where article_id = (select id from articles where key = $1)`,
      [key],
    );
    const of = (name: string) => bodies.find((it) => it.id === ids[name]);
    expect(of('old')).toMatchObject({ body: '', kept: 0 });
    for (const name of ['fresh', 'published', 'removed'])
      expect(of(name)).toMatchObject({ body: `The ${name} one, edited.`, kept: 1 });
    // An undecided report is deleted with the text.
    await run('purge-reports');
    const reports = await app.sql<{ id: string; decided: boolean }>(
      'select comment_id::text as id, decision_id is not null as decided from reports order by id',
    );
    expect(reports).toEqual([
      { id: ids.old, decided: true },
      { id: ids.fresh, decided: false },
      { id: ids.published, decided: false },
      { id: ids.removed, decided: true },
    ]);
  });

  it('removes subscriptions unseen for half a year, and those that ended a month ago', async () => {
    const made = (name: string, state: string, seen: string, changed: string) =>
      app.sql(
        `insert into push_subscriptions (public_id, endpoint, endpoint_hash, p256dh, auth, key_id, time_zone, state,
           created_at, seen_at, changed_at)
         select $1, $1, sha256(convert_to($1, 'utf8')), '', '', id, 'UTC', $2, now(), now() - $3::interval,
           now() - $4::interval from push_keys`,
        [name, state, seen, changed],
      );
    await made('kept active', 'active', '179 days', '179 days');
    await made('kept gone', 'gone', '29 days', '29 days');
    await made('swept unseen', 'active', '181 days', '1 day');
    await made('swept gone', 'gone', '31 days', '31 days');
    await made('swept mismatch', 'key_mismatch', '31 days', '31 days');
    await app.sql(`insert into push_subscription_topics select 'breaking', id from push_subscriptions`);
    await run('purge-push-subscriptions');
    expect(await left('push_subscriptions', 'public_id')).toEqual(['kept active', 'kept gone']);
    expect((await left('push_subscription_topics', 'subscription_id')).length).toBe(2);
  });

  it('removes the record of alerted replies after two days', async () => {
    const ann = await app.reader('Ann Reader');
    const key = await app.article();
    const [old, fresh] = [await ann.comment(key, 'Old.'), await ann.comment(key, 'Fresh.')];
    await app.sql(
      `insert into reply_alerts (comment_id, created_at)
       values ($1, now() - interval '49 hours'), ($2, now() - interval '47 hours')`,
      [old.id, fresh.id],
    );
    await run('purge-reply-alerts');
    expect(await left('reply_alerts', 'comment_id::text')).toEqual([fresh.id]);
  });
});
