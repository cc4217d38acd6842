import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { buildIfNeeded } from '../../tools/start/build.mjs';
import { topicOf } from '../../src/notifications/push/push-payload.js';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';
import { launch, type Running } from '../support/processes.js';
import { until } from '../support/until.js';
import { FakePushService } from '../support/fake-push-service.js';

const AUDIENCE = 2_000;
/** Two batches of an alert are under way at once, with fifty requests each. */
const SLOTS = 50;
const ANSWERED = 550;

describe('a crash in the middle of an alert', () => {
  let pushService: FakePushService;
  let app: TestApp;
  let ed: Actor;
  const workers: Running[] = [];

  beforeAll(async () => {
    await buildIfNeeded(() => undefined, AbortSignal.timeout(230_000));
    pushService = await FakePushService.start();
    app = await TestApp.start({ env: { ROLE: 'web', PUSH_STAND_IN_URL: pushService.url } });
    ed = await app.reader('Ed Itor', 'editor');
  }, 240_000);
  afterAll(async () => {
    for (const worker of workers) worker.signal('SIGKILL');
    await Promise.all(workers.map((it) => it.exited));
    await app?.stop();
    await pushService?.stop();
  });

  /** Starts the real process as an operator does. */
  const work = (): Running => {
    const worker = launch(process.execPath, ['dist/src/main.js'], {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
      env: {
        NODE_ENV: 'test',
        ROLE: 'worker',
        DATABASE_URL: app.database.url,
        PUBLIC_URL: 'http://localhost:4000',
        ALLOWED_ORIGINS: SITE,
        PUSH_STAND_IN_URL: pushService.url,
        LOG_LEVEL: 'warn',
      },
    });
    workers.push(worker);
    return worker;
  };
  const lives = async (): Promise<number> =>
    (
      await app.sql<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity
         where application_name = 'rostra worker life' and datname = current_database()`,
      )
    )[0]!.n;

  it('repeats only the messages that were under way, and leaves nobody out', async () => {
    const tokens = await pushService.subscribeMany(app, AUDIENCE);
    const first = work(); // this worker runs alone, so that it has the whole alert
    await until('the worker', async () => (await lives()) === 1, 60_000);
    // The service stops answering after these, so both batches fill up with unanswered messages.
    pushService.hold(() => pushService.deliveries.length > ANSWERED);
    const { id } = (
      await ed.post<Schemas['Alert']>('/alerts', {
        topic: 'breaking',
        title: 'The bridge is closed',
        body: 'Since six this morning.',
        url: `${SITE}/bridge`,
      })
    ).body;
    expect((await ed.post(`/alerts/${id}/send`)).status).toBe(202);

    const unanswered = () => pushService.deliveries.filter((it) => !it.answered);
    // Near its end a batch has fewer messages left than slots.
    const places = async (): Promise<number> => {
      const batches = await app.sql<{ left: number }>(
        'select cardinality(pending) as left from alert_batches where alert_id = $1 and begun',
        [id],
      );
      return batches.length === 2 ? batches.reduce((sum, { left }) => sum + Math.min(SLOTS, left), 0) : 0;
    };
    await until('all places taken', async () => {
      const taken = unanswered().length;
      return taken > 0 && taken === (await places());
    });
    const inFlight = unanswered();
    const before = pushService.deliveries.length;
    first.signal('SIGKILL');
    await first.exited;
    await until('its connections to end', () => inFlight.every((it) => it.socket.destroyed));
    pushService.release();
    // The reaper frees the jobs of a dead worker five seconds after they were taken.
    await app.sql(
      `update graphile_worker._private_jobs set locked_at = locked_at - interval '5 seconds' where locked_at is not null`,
    );
    const second = work();

    interface Report {
      state: string;
      finishedAt: string | null;
      counts: Record<string, number>;
    }
    const report = await until(
      `the alert to finish\n${second.output()}`,
      async () => {
        const { body } = await ed.get<Report>(`/alerts/${id}`);
        return body.finishedAt ? body : undefined;
      },
      60_000,
    );
    expect(report).toMatchObject({
      state: 'sent',
      counts: { targeted: AUDIENCE, accepted: AUDIENCE, gone: 0, failed: 0, expired: 0, cancelled: 0 },
    });

    const copies = new Map<string, number>();
    for (const { token } of pushService.deliveries) copies.set(token, (copies.get(token) ?? 0) + 1);
    expect(new Set(copies.keys())).toEqual(new Set(tokens));
    const repeated = [...copies].filter(([, n]) => n > 1);
    expect(new Set(repeated.map(([token]) => token))).toEqual(new Set(inFlight.map((it) => it.token)));
    expect(repeated.every(([, n]) => n === 2)).toBe(true);
    expect(inFlight.length).toBeLessThanOrEqual(2 * SLOTS);
    expect(before).toBeLessThan(AUDIENCE);

    // A repeated message replaces the first, by its Topic while it waits and by its tag when it is shown.
    const topic = topicOf(`alert:${id}`);
    for (const delivery of pushService.deliveries) expect(delivery.topic).toBe(topic);
    for (const [token] of repeated)
      for (const delivery of pushService.deliveriesTo(token)) {
        const { tag, data } = pushService.decrypt(delivery).notification;
        expect([tag, data.id]).toEqual([topic, id]);
      }
  }, 120_000);
});
