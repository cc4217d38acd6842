import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../../src/config/env.js';
import { checkSettings } from '../../src/config/checks/check-settings.js';
import { MetricsServer } from '../../src/http/metrics-endpoint.js';
import { Mailer } from '../../src/mail/mailer.js';
import { TestApp } from '../support/app.js';
import { until } from '../support/until.js';

const TOKEN = 'token-of-the-tests-1234';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('what operators watch', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({
      env: { ROLE: 'web', METRICS_TOKEN: TOKEN, METRICS_PORT: '0', SMTP_URL: 'smtp://127.0.0.1:1' },
      logger: false,
    });
  });
  afterAll(() => app.stop());

  const ask = (headers: Record<string, string>, origin = app.url) => fetch(`${origin}/metrics`, { headers });
  /** Returns the value of each series by its name and labels. */
  const numbers = async (): Promise<Map<string, number>> => {
    const lines = (await (await ask(bearer(TOKEN))).text()).split('\n').filter((it) => it && !it.startsWith('#'));
    return new Map(lines.map((it) => [it.slice(0, it.lastIndexOf(' ')), Number(it.slice(it.lastIndexOf(' ') + 1))]));
  };

  describe('the metrics', () => {
    it('are answered only to those who have the token, on both ports', async () => {
      const own = `http://127.0.0.1:${app.get(MetricsServer).port}`;
      for (const origin of [app.url, own]) {
        const refused = [{}, bearer('another-token-12345'), { authorization: TOKEN }, bearer('')];
        for (const headers of refused) {
          const answer = await ask(headers as Record<string, string>, origin);
          expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
          expect(await answer.text()).not.toContain('rostra_');
        }
        const answer = await ask(bearer(TOKEN), origin);
        expect(answer.status).toBe(200);
        expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
        expect(await answer.text()).toContain('# TYPE rostra_http_request_duration_seconds histogram');
      }
      expect((await fetch(`${own}/health/live`)).status).toBe(404);
    });

    it('count requests by the pattern of their route, however many addresses there are', async () => {
      const key = await app.article();
      for (let n = 0; n < 3; n += 1) {
        expect((await app.anonymous().get(`/articles/${key}/comments?limit=${n + 1}`)).status).toBe(200);
        expect((await app.anonymous().get(`/comments/${n + 1}`)).status).toBe(404);
        expect((await app.anonymous().get(`/nowhere-${n}`)).status).toBe(404);
      }
      const found = await numbers();
      const count = (route: string, status: string) =>
        found.get(`rostra_http_request_duration_seconds_count{method="GET",route="${route}",status="${status}"}`);
      expect(count('/api/v1/articles/:key/comments', '2xx')).toBe(3);
      expect(count('/api/v1/comments/:id', '4xx')).toBe(3);
      expect(count('none', '4xx')).toBe(3);
      expect([...found.keys()].filter((it) => it.includes(key) || it.includes('nowhere'))).toEqual([]);
    });

    it('tell the jobs by their state, and how long the oldest waits', async () => {
      await app.sql('truncate graphile_worker._private_jobs'); // those of the articles of other tests
      await app.sql(`select graphile_worker.add_job('trial', run_at := now() + it) from unnest(array[
        interval '-90 seconds', '-10 seconds', '1 hour']) it`);
      await app.sql(`select graphile_worker.add_job('dead', max_attempts := 1)`);
      await app.sql(`update graphile_worker._private_jobs set attempts = 1 where max_attempts = 1`);
      const found = await numbers();
      const states = ['ready', 'scheduled', 'running', 'dead'].map((it) => found.get(`rostra_jobs{state="${it}"}`));
      expect(states).toEqual([2, 1, 0, 1]);
      const age = found.get('rostra_oldest_ready_job_age_seconds')!;
      expect([age >= 90, age < 150]).toEqual([true, true]);
      expect(found.has('rostra_worker_seen_age_seconds')).toBe(false); // no worker was ever seen
      await app.sql('truncate graphile_worker._private_jobs');
    });

    it('count mails by their outcome', async () => {
      const mail = { site: null, to: 'ann@example.test', subject: '', text: '', html: '', messageId: 'one' };
      await expect(app.get(Mailer).send(mail)).rejects.toThrow('ECONNREFUSED');
      expect((await numbers()).get('rostra_mails_total{outcome="failed"}')).toBe(1);
    });

    it('tell of sockets, connections, the event loop and the process', async () => {
      const socket = await app.anonymous().connect();
      await until('the socket', async () => (await numbers()).get('rostra_sockets') === 1);
      socket.close();
      await until('its end', async () => (await numbers()).get('rostra_sockets') === 0);
      const found = await numbers();
      for (const state of ['used', 'idle', 'waiting'])
        expect(found.get(`rostra_database_connections{state="${state}"}`)).toBeGreaterThanOrEqual(0);
      for (const name of ['nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes'])
        expect(found.get(name)).toBeGreaterThan(0);
    });

    it('are refused to other machines without a token by the check of the settings', () => {
      const wrong = (env: Record<string, string>) =>
        checkSettings(readEnvironment(env), {})
          .filter((it) => it.severity === 'error')
          .map((it) => it.setting);
      expect(wrong({ METRICS_PORT: '9464' })).toEqual([]);
      expect(wrong({ METRICS_PORT: '9464', METRICS_HOST: '0.0.0.0' })).toEqual(['METRICS_HOST']);
      expect(wrong({ METRICS_PORT: '9464', METRICS_HOST: '::', METRICS_TOKEN: TOKEN })).toEqual([]);
      expect(wrong({ METRICS_PORT: '3000', PORT: '3000' })).toEqual(['METRICS_PORT']);
      expect(() => readEnvironment({ METRICS_TOKEN: 'short' })).toThrow(/^METRICS_TOKEN: .*16/);
    });
  });

  it('is degraded and ready when no worker proved itself alive for a minute', async () => {
    const ready = async () => (await fetch(`${app.url}/health/ready`)).json();
    expect(await ready()).toEqual({ status: 'ok' }); // the processes may just be starting
    await app.clock.advance(61_000);
    expect(await ready()).toEqual({ status: 'degraded', degraded: ['no_worker'] });
    await app.sql(`insert into job_workers (pool_id, host, seen_at) values ('pool-any', 'a-host', clock_timestamp())`);
    expect(await ready()).toEqual({ status: 'ok' });
    await app.sql(`update job_workers set seen_at = seen_at - interval '61 seconds'`);
    expect(await ready()).toEqual({ status: 'degraded', degraded: ['no_worker'] });
  });
});
