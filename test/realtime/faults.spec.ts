import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { LiveSource } from '../../src/realtime/live-source.js';
import { Budget } from '../../src/realtime/budget.js';
import type { Actor } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { until } from '../support/until.js';

describe('faults: realtime', () => {
  let app: TestApp;
  let ann: Actor;

  beforeAll(async () => {
    app = await TestApp.start({ env: { ROLE: 'web' } });
    ann = await app.reader('Ann Reader');
  });
  afterAll(() => app.stop());
  afterEach(() => void jest.restoreAllMocks());

  it('sends frames at once when the clock was set back by an hour', async () => {
    const key = await app.article();
    const live = await app.anonymous().connect();
    await live.join(key, 0);
    await ann.comment(key, 'Before.');
    await until('the first frame', async () => live.frames.at(-1)?.to === 1);
    const real = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => real() - 3_600_000);
    for (let n = 2; n <= 4; n += 1) {
      await ann.comment(key, `After ${n}.`);
      await until(`frame ${n}`, async () => live.frames.at(-1)?.to === n);
    }
    expect(await live.join('nothing')).toEqual({ ok: false, code: 'article.not_found' });
  });

  it('fills a budget by elapsed time only', () => {
    let now = 5_000;
    const budget = new Budget(2, 1, () => now);
    expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false]);
    now += 1_500;
    expect([budget.take(), budget.take(), budget.isFull]).toEqual([true, false, false]);
    now += 60_000;
    expect([budget.isFull, budget.take(2), budget.take()]).toEqual([true, true, false]);
  });

  it('reads the log once for all sockets that come back with the same position', async () => {
    const key = await app.article();
    for (let n = 0; n < 5; n += 1) await ann.comment(key, `Missed ${n}.`);
    const sockets = await Promise.all(Array.from({ length: 40 }, () => app.anonymous().connect()));
    const events = jest.spyOn(app.get(LiveSource).get(), 'events');
    await Promise.all(sockets.map((it) => it.join(key, 0)));
    for (const it of sockets) await until('what was missed', async () => it.frames.at(-1)?.to === 5);
    expect(events.mock.calls.length).toBeLessThan(10);
    for (const it of sockets) {
      expect(it.frames.map((frame) => [frame.from, frame.to])).toEqual([[0, 5]]);
      it.close();
    }
  });

  it('asks a socket to read /events when it missed more than it may catch up', async () => {
    const key = await app.article();
    const text = 'A long thought. '.repeat(300).trim();
    for (let n = 0; n < 12; n += 1) await ann.comment(key, `${n}: ${text}`);
    const greedy = await app.anonymous().connect();
    const frames = () => greedy.events.filter((it) => it === 'frame').length;
    let joins = 0;
    await until('the reset', async () => {
      await greedy.join(key, 0);
      joins += 1;
      await greedy.op({ op: 'leave', article: key });
      return greedy.events.includes('reset');
    });
    // About 60 kB each time, and a mebibyte a minute.
    expect(joins).toBeGreaterThan(10);
    expect(frames()).toBeLessThan(30);
    // It follows from now on.
    const before = frames();
    await greedy.join(key);
    await ann.comment(key, 'Something new.');
    await until('the next frame', async () => frames() > before && greedy.frames.at(-1)?.to === 13);
    const modest = await app.anonymous().connect();
    await modest.join(key, 0);
    await until('what it missed', async () => modest.frames.at(-1)?.to === 13);
  });

  it('asks a socket to read /events when it missed more than 500 entries', async () => {
    const key = await app.article();
    await ann.comment(key, 'The first.');
    await app.sql(
      'update articles set seq = seq + 600 where id = (select article_id from comments order by id desc limit 1)',
    );
    const late = await app.anonymous().connect();
    await late.join(key, 0);
    await until('the reset', async () => late.events.includes('reset'));
    expect(late.frames).toEqual([]);
  });
});
