import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { PushKeys } from '../../src/notifications/push/push-keys.service.js';
import { topicOf } from '../../src/notifications/push/push-payload.js';
import { expectProblem } from '../support/problems.js';
import type { Actor } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';
import { cloneDatabase } from '../support/database.js';
import { until } from '../support/until.js';
import { FakePushService } from '../support/fake-push-service.js';
import { alertTopics } from '../../src/notifications/push/topics.settings.js';
import type { Schemas } from '../../web/shared/contract.js';

type Alert = Schemas['Alert'];

const NONE: Alert['counts'] = { targeted: 0, accepted: 0, gone: 0, failed: 0, expired: 0, cancelled: 0 };

describe('alerts', () => {
  let pushService: FakePushService;
  let app: TestApp;
  let ed: Actor;

  beforeAll(async () => {
    pushService = await FakePushService.start();
    app = await TestApp.start({ env: { PUSH_STAND_IN_URL: pushService.url } });
    ed = await app.reader('Ed Itor', 'editor');
  });
  afterEach(async () => {
    pushService.clear();
    await app.sql('delete from push_subscriptions');
  });
  afterAll(async () => {
    await app.stop();
    await pushService.stop();
  });

  const newAlert = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
    topic: 'breaking',
    title: 'The bridge is closed',
    body: 'Since six this morning, in both directions.',
    url: `${SITE}/bridge`,
    ...over,
  });
  const draft = async (over: Record<string, unknown> = {}): Promise<Alert> => {
    const answer = await ed.post<Alert>('/alerts', newAlert(over));
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    return answer.body;
  };
  const read = async (id: string): Promise<Alert> => (await ed.get<Alert>(`/alerts/${id}`)).body;
  const send = async (over: Record<string, unknown> = {}): Promise<string> => {
    const { id } = await draft(over);
    expect((await ed.post(`/alerts/${id}/send`)).status).toBe(202);
    return id;
  };
  const finished = (id: string): Promise<Alert> =>
    until(`alert ${id} to finish`, async () => {
      const alert = await read(id);
      return alert.finishedAt ? alert : undefined;
    });
  const subscribe = async (topics = ['breaking']): Promise<{ token: string; id: string }> => {
    const { token, subscription } = pushService.newBrowser(topics);
    const { body } = await app.anonymous().post<Schemas['PushSubscriptionMade']>('/push/subscriptions', subscription);
    return { token, id: body.id };
  };
  const stateOf = async (id: string) => (await app.anonymous().get(`/push/subscriptions/${id}`)).body.state;
  /** Makes all subscriptions older, because a service's first answer about a new one is doubted. */
  const age = () => app.sql(`update push_subscriptions set created_at = created_at - interval '1 hour'`);
  /** Counts the batches that no worker has begun. */
  const waiting = async (id: string): Promise<number> =>
    (
      await app.sql<{ n: number }>('select count(*)::int as n from alert_batches where alert_id = $1 and not begun', [
        id,
      ])
    )[0]!.n;
  /** Waits for a batch of this attempt, and makes the waiting batches due now. */
  const due = async (tries: number): Promise<void> => {
    await until('a batch that waits', async () => {
      const [waiting] = await app.sql<{ n: number }>(
        'select count(*)::int as n from alert_batches where not begun and attempt = $1',
        [tries],
      );
      return waiting!.n > 0;
    });
    await app.sql(
      `update graphile_worker._private_jobs set run_at = now() where locked_at is null and run_at > now()
         and task_id = (select id from graphile_worker._private_tasks where identifier = 'deliver-alert')`,
    );
    await app.sql(`select graphile_worker.add_job('deliver-alert', '{"batchId":"0"}')`); // wakes the workers
  };

  it('are refused to readers and moderators', async () => {
    const { id } = await draft();
    for (const [actor, status, code] of [
      [app.anonymous(), 401, 'session.required'],
      [await app.reader('Ann Reader'), 403, 'role.required'],
      [await app.reader('Mo Derator', 'moderator'), 403, 'role.required'],
    ] as const) {
      expectProblem(await actor.post('/alerts', newAlert()), status, code);
      expectProblem(await actor.get('/alerts'), status, code);
      expectProblem(await actor.get(`/alerts/${id}`), status, code);
      expectProblem(await actor.post(`/alerts/${id}/send`), status, code);
      expectProblem(await actor.post(`/alerts/${id}/cancel`), status, code);
    }
    expect((await read(id)).state).toBe('draft');
  });

  it('are stored once when an Idempotency-Key is repeated', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const before = (await ed.get<Schemas['Alerts']>('/alerts?limit=50')).body.items.length;
    const answers = await Promise.all(Array.from({ length: 10 }, () => ed.post<Alert>('/alerts', newAlert(), headers)));
    expect(new Set(answers.map((it) => `${it.status} ${JSON.stringify(it.body)}`)).size).toBe(1);
    expect(answers[0]!.status).toBe(201);
    expect((await ed.get<Schemas['Alerts']>('/alerts?limit=50')).body.items).toHaveLength(before + 1);
    expectProblem(await ed.post('/alerts', newAlert({ title: 'Another' }), headers), 422, 'idempotency.key_reused');
    expectProblem(await ed.post('/alerts', newAlert(), { 'idempotency-key': 'zzz' }), 400, 'request.invalid');
  });

  it('go to the topics that the newsroom sets, and a browser keeps one that was taken out', async () => {
    const sport = { id: 'sport', name: 'Sport', description: 'Each goal.' };
    const set = (value: object[]) => ed.put('/settings/alerts.topics', { value });
    const initial = alertTopics.initial as object[];
    const topics = async () => (await app.anonymous().get<Schemas['Topics']>('/topics')).body.items;
    expect((await topics()).map((it) => it.key)).toEqual(['breaking', 'replies']);
    expectProblem(await ed.post('/alerts', newAlert({ topic: 'sport' })), 400, 'request.invalid');
    expect((await set([sport, ...initial])).status).toBe(200);
    expect(await topics()).toMatchObject([{ key: 'sport', signedIn: false }, { key: 'breaking' }, { key: 'replies' }]);
    const { id } = await subscribe(['sport', 'replies']);
    const alert = await draft({ topic: 'sport' });
    expect(alert).toMatchObject({ topicName: 'Sport', audience: 1 });
    await set(initial);
    expect((await topics()).map((it) => it.key)).toEqual(['breaking', 'replies']);
    expectProblem(await ed.post('/alerts', newAlert({ topic: 'sport' })), 400, 'request.invalid');
    expectProblem(await ed.post('/alerts', newAlert({ topic: 'replies' })), 400, 'request.invalid');
    expect((await read(alert.id)).topicName).toBe('Sport');
    const kept = await app.anonymous().patch(`/push/subscriptions/${id}`, { topics: ['sport'] });
    expect(kept.body).toMatchObject({ topics: ['sport'] });
    for (const wrong of [
      [sport, sport],
      [{ ...sport, id: 'replies' }],
      [{ ...sport, name: '' }],
      [{ ...sport, id: '7' }],
    ])
      expectProblem(await set(wrong), 422, 'setting.invalid');
  });

  it('have the exact audience and the size in bytes while they are drafts', async () => {
    for (const topics of [['breaking'], ['breaking', 'replies'], ['replies'], []]) await subscribe(topics);
    const gone = await subscribe();
    await app.sql(`update push_subscriptions set state = 'gone' where public_id = $1`, [gone.id]);
    const alert = await draft({ title: 'Żółw', body: '🚢 '.repeat(10).trim() });
    expect(alert).toMatchObject({ state: 'draft', audience: 2, sentAt: null, finishedAt: null, counts: NONE });
    await subscribe();
    expect((await read(alert.id)).audience).toBe(3);
    const listed = (await ed.get<Schemas['Alerts']>('/alerts?limit=1')).body.items;
    expect(listed).toEqual([expect.objectContaining({ id: alert.id, audience: 3, bytes: alert.bytes })]);
    await ed.post(`/alerts/${alert.id}/send`);
    await finished(alert.id);
    expect(pushService.deliveries).toHaveLength(3);
    const { bytes, web_push, notification } = pushService.decrypt(pushService.deliveries[0]!);
    expect(web_push).toBe(8030);
    expect(bytes).toBe(1_024);
    expect(Buffer.byteLength(JSON.stringify({ web_push, mutable: true, notification }))).toBe(alert.bytes);
  });

  it('are refused with their size when they are too long for every browser', async () => {
    const { bytes } = await draft({ body: 'x' });
    const most = await ed.post<Alert>('/alerts', newAlert({ body: 'x' + '🚢'.repeat((2_000 - bytes) / 4) }));
    expect([most.status, most.body.bytes]).toEqual([201, expect.any(Number)]);
    expect(most.body.bytes).toBeGreaterThan(1_996);
    const answer = await ed.post('/alerts', newAlert({ body: 'xxxx' + '🚢'.repeat((2_000 - bytes) / 4) + 'x' }));
    expectProblem(answer, 400, 'alert.too_long');
    expect(answer.body).toMatchObject({ bytes: expect.any(Number), most: 2_000, errors: [{ path: 'body' }] });
    expect(answer.body.bytes).toBeGreaterThan(2_000);
  });

  it.each([
    'https://evil.example/bridge',
    SITE.replace('site.', 'site.evil.'),
    'http://localhost:3000/bridge',
    SITE.replace('http:', 'https:'),
    SITE.replace('4999', '4998'),
  ])('are refused when they lead to another site: %s', async (url) => {
    const answer = await ed.post('/alerts', newAlert({ url }));
    expectProblem(answer, 400, 'alert.foreign_url');
    expect(answer.body.errors).toEqual([{ path: 'url', message: expect.any(String) }]);
  });

  it('take author, state and counts from the server and never from the request', async () => {
    for (const forged of [
      { state: 'sent' },
      { author: { id: '1' } },
      { counts: { accepted: 9 } },
      { id: '7' },
      { audience: 1 },
    ])
      expectProblem(await ed.post('/alerts', newAlert(forged)), 400, 'request.invalid');
    const other = await app.reader('Otto Editor', 'editor');
    const { id } = (await other.post<Alert>('/alerts', newAlert())).body;
    expect((await ed.get<Alert>(`/alerts/${id}`)).body.author.id).toBe(other.accountId);
  });

  it('are sent once to each browser when many editors send at once', async () => {
    const tokens = [...(await pushService.subscribeMany(app, 250)), (await subscribe()).token];
    const { id } = await draft({ urgency: 'high', ttl: 900 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ed.post(`/alerts/${id}/send`)));
    expect(answers.filter((it) => it.status === 202)).toHaveLength(1);
    expect(answers.filter((it) => it.status === 409)).toHaveLength(19);
    const refused = answers.find((it) => it.status === 409)!;
    expectProblem(refused, 409, 'alert.already_sent');
    const alert = await finished(id);
    expect(alert).toMatchObject({
      state: 'sent',
      audience: 251,
      counts: { ...NONE, targeted: 251, accepted: 251 },
    });
    expect(pushService.deliveries.map((it) => it.token).sort()).toEqual(tokens.sort());
    const late = await ed.post(`/alerts/${id}/send`);
    expectProblem(late, 409, 'alert.already_sent');
    expect(late.body.state).toBe('sent');

    for (const delivery of pushService.deliveries) {
      expect(delivery).toMatchObject({ urgency: 'high', topic: topicOf(`alert:${id}`) });
      expect(delivery.ttl).toBeLessThanOrEqual(900);
      expect(delivery.ttl).toBeGreaterThan(880);
      expect(pushService.decrypt(delivery).notification).toEqual({
        title: 'The bridge is closed',
        body: 'Since six this morning, in both directions.',
        navigate: `${SITE}/bridge`,
        lang: 'en',
        dir: 'auto',
        tag: delivery.topic,
        mutable: true,
        data: { id, kind: 'alert' },
      });
    }
    expect(pushService.deliveries[0]!.topic).toMatch(/^[\w-]{32}$/);
  });

  it('go to the subscribers of the topic at the sending, and not to later or former ones', async () => {
    const [stayer, leaver, quitter] = [await subscribe(), await subscribe(), await subscribe()];
    const { id } = await draft();
    const unblock = await blockBatches();
    expect((await ed.post<Alert>(`/alerts/${id}/send`)).body.audience).toBe(3);
    const latecomer = await subscribe();
    await app.anonymous().delete(`/push/subscriptions/${leaver.id}`);
    await app.anonymous().patch(`/push/subscriptions/${quitter.id}`, { topics: ['replies'] });
    await unblock();
    const { counts } = await finished(id);
    expect(pushService.deliveries.map((it) => it.token)).toEqual([stayer.token]);
    expect(counts).toEqual({ ...NONE, targeted: 1 + counts.gone, accepted: 1, gone: counts.gone });
    expect(pushService.deliveriesTo(latecomer.token)).toEqual([]);
  });

  /** Takes the table of batches away from the workers. @returns a function that gives it back */
  async function blockBatches(): Promise<() => Promise<void>> {
    await app.sql(`alter table alert_batches rename to alert_batches_away`);
    return async () => {
      await app.sql(`alter table alert_batches_away rename to alert_batches`);
      await app.sql(`update graphile_worker._private_jobs set run_at = now() where locked_at is null`);
      await app.sql(`select graphile_worker.add_job('deliver-alert', '{"batchId":"0"}')`);
    };
  }

  it('count every outcome, and end a subscription that its service called gone', async () => {
    const [fine, gone, refused] = [await subscribe(), await subscribe(), await subscribe()];
    await age();
    pushService.answer = ({ token }) => ({ status: token === gone.token ? 410 : token === refused.token ? 413 : 201 });
    const warn = jest.spyOn(Logger.prototype, 'warn');
    const alert = await finished(await send());
    expect(alert.counts).toEqual({ ...NONE, targeted: 3, accepted: 1, gone: 1, failed: 1 });
    await until('the reason', () =>
      warn.mock.calls.some(([it]) => String(it).startsWith(`Alert ${alert.id} failed: 413`)),
    ).finally(() => warn.mockRestore());
    expect(alert.state).toBe('sent');
    expect([await stateOf(fine.id), await stateOf(gone.id), await stateOf(refused.id)]).toEqual([
      'active',
      'gone',
      'active',
    ]);
    expect((await finished(await send())).counts).toEqual({ ...NONE, targeted: 2, accepted: 1, failed: 1 });
    expect(pushService.deliveriesTo(gone.token)).toHaveLength(1);
  });

  it('are tried again with the remaining TTL when a service fails, and given up after four attempts', async () => {
    const [recovering, broken] = [await subscribe(), await subscribe()];
    pushService.answer = ({ token }) => ({
      status: token === broken.token || pushService.deliveriesTo(token).length < 2 ? 500 : 201,
    });
    const id = await send({ ttl: 3_600 });
    for (const tries of [2, 3, 4]) {
      await due(tries);
      await until(`try ${tries}`, () => pushService.deliveriesTo(broken.token).length === tries);
      await app.clock.advance(600_000);
    }
    const alert = await finished(id);
    expect(alert.counts).toEqual({ ...NONE, targeted: 2, accepted: 1, failed: 1 });
    expect(pushService.deliveriesTo(recovering.token)).toHaveLength(2);
    const [first, , third] = pushService.deliveriesTo(broken.token);
    expect(first!.ttl).toBeGreaterThan(3_580);
    expect(third!.ttl).toBeLessThanOrEqual(3_000);
    expect(third!.ttl).toBeGreaterThan(2_900);
    expect(new Set(pushService.deliveries.map((it) => it.topic)).size).toBe(1);
    expect(await stateOf(broken.id)).toBe('active');
  });

  it('end no subscription when a service returns from an outage and refuses all signatures', async () => {
    const tokens = await pushService.subscribeMany(app, 8);
    pushService.answer = ({ token }) => ({ status: pushService.deliveriesTo(token).length === 1 ? 500 : 403 });
    const id = await send();
    const pending = async (where: string): Promise<number> =>
      (
        await app.sql<{ n: number }>(
          `select coalesce(sum(cardinality(pending)), 0)::int as n from alert_batches
           where alert_id = $1 and not begun and ${where}`,
          [id],
        )
      )[0]!.n;
    await until('the first tries', async () => (await pending('attempt = 2')) === 8);
    await due(2);
    await until('the refusals', async () => pushService.deliveries.length > 8 && (await pending('true')) === 8);
    const states = await app.sql<{ state: string }>('select distinct state from push_subscriptions');
    expect(states).toEqual([{ state: 'active' }]);
    expect(await pending('doubted')).toBeGreaterThan(0);
    // One message after the pause closes the circuit again.
    await ed.post(`/alerts/${id}/cancel`);
    await app.sql('delete from push_subscriptions where endpoint not like $1', [`%${tokens[0]}`]);
    await app.clock.advance(6 * 60_000);
    pushService.answer = () => ({ status: 201 });
    expect((await finished(await send())).counts.accepted).toBe(1);
  });

  it('are not tried again after their TTL', async () => {
    const { token } = await subscribe();
    pushService.answer = () => ({ status: 500 });
    const id = await send({ ttl: 3_600 });
    await until('the first try', async () => pushService.deliveries.length === 1 && (await waiting(id)) === 1);
    await app.clock.advance(3_600_000);
    await due(2);
    expect((await finished(id)).counts).toEqual({ ...NONE, targeted: 1, expired: 1 });
    expect(pushService.deliveriesTo(token)).toHaveLength(1);
  });

  it('expire at once when a service asks for a longer pause than their TTL', async () => {
    await subscribe();
    pushService.answer = () => ({ status: 503, headers: { 'retry-after': '4000' } });
    expect((await finished(await send({ ttl: 3_600 }))).counts).toEqual({ ...NONE, targeted: 1, expired: 1 });
    expect(pushService.deliveries).toHaveLength(1);
    await app.clock.advance(4_000_000); // the origin's pause ends
  });

  it('do not count an attempt when the pause of a service holds a message back', async () => {
    await pushService.subscribeMany(app, 260);
    pushService.answer = () => ({ status: 429, headers: { 'retry-after': '60' } });
    const id = await send();
    const held = () =>
      app.sql<{ attempt: number; n: number }>(
        `select attempt, sum(cardinality(pending))::int as n from alert_batches where alert_id = $1 and not begun
         group by attempt order by attempt`,
        [id],
      );
    await until('all to wait', async () => {
      const [busy] = await app.sql<{ n: number }>(
        `select count(*)::int as n from graphile_worker.jobs
         where task_identifier in ('divide-alert-audience', 'deliver-alert') and run_at <= now()`,
      );
      return pushService.deliveries.length > 0 && busy!.n === 0;
    });
    const tried = pushService.deliveries.length;
    expect(tried).toBeLessThan(260);
    expect(await held()).toEqual([
      { attempt: 1, n: 260 - tried },
      { attempt: 2, n: tried },
    ]);
    await ed.post(`/alerts/${id}/cancel`);
    await app.clock.advance(61_000);
  });

  it('are tried again after an error of our own', async () => {
    const { token } = await subscribe();
    const lookUp = jest.spyOn(app.get(PushKeys), 'byId').mockRejectedValue(new Error('The database went away.'));
    const id = await send();
    await until('the first try', () => lookUp.mock.calls.length > 0).finally(() => lookUp.mockRestore());
    await due(2);
    expect((await finished(id)).counts).toEqual({ ...NONE, targeted: 1, accepted: 1 });
    expect(pushService.deliveriesTo(token)).toHaveLength(1);
  });

  it('stop when they are cancelled, also a batch that a dead worker had begun', async () => {
    await pushService.subscribeMany(app, 3);
    const { id } = await draft();
    const [left] = await app.sql<{ id: string }>(
      `with it as (update alerts set state = 'sending', sent_at = $2, divided = true, targeted = 3 where id = $1)
       insert into alert_batches (alert_id, pending, begun)
       select $1, array_agg(id), true from push_subscriptions returning id`,
      [id, app.clock.now()],
    );
    const answer = await ed.post<Alert>(`/alerts/${id}/cancel`);
    expect(answer.body).toMatchObject({ state: 'cancelled', finishedAt: null, counts: { ...NONE, targeted: 3 } });
    await app.sql(`select graphile_worker.add_job('deliver-alert', json_build_object('batchId', $1::text))`, [
      left!.id,
    ]);
    expect((await finished(id)).counts).toEqual({ ...NONE, targeted: 3, cancelled: 3 });
    expect(pushService.deliveries).toEqual([]);
  });

  it('stop when they are cancelled in the middle, and count every subscription', async () => {
    await pushService.subscribeMany(app, 600);
    pushService.hold();
    const id = await send();
    // Two batches of two hundred have fifty requests each under way, and the third waits.
    await until('requests under way', () => pushService.deliveries.length === 100);
    const answer = await ed.post<Alert>(`/alerts/${id}/cancel`);
    expect([answer.status, answer.body.state, answer.body.finishedAt]).toEqual([200, 'cancelled', null]);
    expect(answer.body.counts).toEqual({ ...NONE, targeted: 600, cancelled: 200 });
    pushService.release();
    const alert = await finished(id);
    expect(alert.state).toBe('cancelled');
    expect(alert.counts).toEqual({ ...NONE, targeted: 600, accepted: 100, cancelled: 500 });
    expect(pushService.deliveries).toHaveLength(100);
    expect((await ed.post<Alert>(`/alerts/${id}/cancel`)).body).toEqual(alert);
    expectProblem(await ed.post(`/alerts/${id}/send`), 409, 'alert.already_sent');
  });

  it('drop the waiting attempts when they are cancelled, and a cancelled draft is never sent', async () => {
    await subscribe();
    pushService.answer = () => ({ status: 500 });
    const id = await send();
    await until('the first try', async () => pushService.deliveries.length === 1 && (await waiting(id)) === 1);
    const { body } = await ed.post<Alert>(`/alerts/${id}/cancel`);
    expect(body).toMatchObject({ state: 'cancelled', finishedAt: expect.any(String) });
    expect(body.counts).toEqual({ ...NONE, targeted: 1, cancelled: 1 });

    const { id: other } = await draft();
    expect((await ed.post<Alert>(`/alerts/${other}/cancel`)).body).toMatchObject({ state: 'cancelled', counts: NONE });
    const refused = await ed.post(`/alerts/${other}/send`);
    expectProblem(refused, 409, 'alert.already_sent');
    expect(refused.body.state).toBe('cancelled');
    expect(pushService.deliveries).toHaveLength(1);
  });

  it('keep the unsent subscriptions of a batch when their worker stops in the middle', async () => {
    const database = await cloneDatabase();
    const leaving = await TestApp.start({ env: { PUSH_STAND_IN_URL: pushService.url }, database });
    const editor = await leaving.reader('Ed Leaver', 'editor');
    await pushService.subscribeMany(leaving, 3);
    pushService.hold();
    const { body } = await editor.post<Alert>('/alerts', newAlert());
    await editor.post(`/alerts/${body.id}/send`);
    await until('all to be under way', () => pushService.deliveries.length === 3);
    const stopped = leaving.stop();
    await until('the requests to be given up', () => pushService.deliveries.every((it) => it.socket.destroyed));
    await stopped;
    const left = new pg.Client({ connectionString: database.url });
    await left.connect();
    const { rows: jobs } = await left.query<{ errors: string[]; locked: string[] }>(
      `select coalesce(array_agg(last_error) filter (where last_error is not null), '{}') as errors,
         coalesce(array_agg(locked_by) filter (where locked_by is not null), '{}') as locked
       from graphile_worker._private_jobs`,
    );
    expect(jobs).toEqual([{ errors: [], locked: [] }]);
    const { rows: batches } = await left.query('select attempt, cardinality(pending) as n from alert_batches');
    expect(batches.reduce((sum, it: { n: number }) => sum + it.n, 0)).toBe(3);
    await left.end();
    await database.drop();
  });

  it('are finished at once when nobody subscribes to the topic', async () => {
    const alert = await finished(await send());
    expect(alert).toMatchObject({ state: 'sent', audience: 0, counts: NONE });
  });

  it('publish their progress to the desk and not to readers', async () => {
    const desk = await (await app.reader('Mo Second', 'moderator')).live();
    const reader = await (await app.reader('Ann Second')).live();
    await pushService.subscribeMany(app, 60);
    await finished(await send());
    await until('the event', () => desk.events.includes('alert'));
    expect(reader.events).not.toContain('alert');
    expect(desk.events).not.toContain('queue');
  });

  it('leave workers free for other jobs when a service is slow', async () => {
    await pushService.subscribeMany(app, 450);
    pushService.hold();
    const id = await send({ urgency: 'high' });
    await until('requests under way', () => pushService.deliveries.length === 100);
    await app.sql(`select graphile_worker.add_job('purge-request-keys', '{}')`);
    await until('a job behind it', async () => {
      const left = await app.sql(`select from graphile_worker.jobs where task_identifier = 'purge-request-keys'`);
      return left.length === 0;
    });
    expect(pushService.deliveries).toHaveLength(100);
    pushService.release();
    expect((await finished(id)).counts.accepted).toBe(450);
  });

  it('are listed newest first, page by page', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) ids.unshift((await draft()).id);
    const first = (await ed.get<Schemas['Alerts']>('/alerts?limit=2')).body;
    expect(first.items.map((it) => it.id)).toEqual(ids.slice(0, 2));
    const second = (await ed.get<Schemas['Alerts']>(`/alerts?limit=2&after=${first.next}`)).body;
    expect(second.items[0]!.id).toBe(ids[2]);
    expectProblem(await ed.get('/alerts?after=newest:0:1'), 400, 'request.invalid');
    expectProblem(await ed.get('/alerts/999999'), 404, 'alert.not_found');
  });
});
