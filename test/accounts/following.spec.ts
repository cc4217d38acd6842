import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { until } from '../support/until.js';

describe('following a reader', () => {
  let app: TestApp;
  let ann: Actor;
  let ben: Actor;

  beforeAll(async () => {
    app = await TestApp.start();
    ann = await app.reader('Ann Reader');
    ben = await app.reader('Ben Other');
  });
  afterAll(() => app.stop());

  const followed = async (actor: Actor): Promise<string[]> =>
    (await actor.get<Schemas['Following']>('/me/following')).body.items.map((it) => it.id);

  it('changes nothing when it is repeated, and neither does unfollowing', async () => {
    const puts = await Promise.all(Array.from({ length: 10 }, () => ann.put(`/readers/${ben.accountId}/follow`)));
    expect(new Set(puts.map((it) => it.status))).toEqual(new Set([204]));
    expect(await followed(ann)).toEqual([ben.accountId]);
    const key = await app.article();
    await ben.comment(key, 'Follow me.');
    expect((await ann.get(`/articles/${key}/mine`)).body.following).toEqual([ben.accountId]);
    expect(await followed(ben)).toEqual([]);
    for (let i = 0; i < 3; i += 1) expect((await ann.delete(`/readers/${ben.accountId}/follow`)).status).toBe(204);
    expect(await followed(ann)).toEqual([]);
  });

  it('is refused for oneself, for unknown readers and without a session', async () => {
    const self = await ann.put(`/readers/${ann.accountId}/follow`);
    expect([self.status, self.body.code]).toEqual([409, 'follow.self']);
    for (const id of [
      '0',
      '-1',
      '1e3',
      '999999999',
      '9223372036854775808',
      'abc',
      '%27',
      '1%00',
      '01',
      ben.accountId + ' ',
    ])
      for (const method of ['PUT', 'DELETE']) {
        const { status, body } = await ann.send<{ code: string }>(method, `/readers/${id}/follow`);
        expect([method, id, status, body.code]).toEqual([method, id, 404, 'reader.not_found']);
      }
    const nobody = await app.anonymous().put(`/readers/${ben.accountId}/follow`);
    expect([nobody.status, nobody.body.code]).toEqual([401, 'session.required']);
    expect(await followed(ann)).toEqual([]);
  });

  it('sends feed events to all open tabs of the follower until they unfollow', async () => {
    const cat = await app.reader('Cat Follower');
    const tabs = [await cat.live(), await cat.live()];
    const key = await app.article();
    const feeds = (): number[] => tabs.map((it) => it.events.filter((event) => event === 'feed').length);
    await cat.put(`/readers/${ben.accountId}/follow`);
    await until('the feed event of the change', () => feeds().every((it) => it === 1));
    await ben.comment(key, 'One.');
    await until('the feed event of the comment', () => feeds().every((it) => it === 2));
    await cat.delete(`/readers/${ben.accountId}/follow`);
    await until('the feed event of the change', () => feeds().every((it) => it === 3));
    const other = await app.reader('Oth Er');
    await other.put(`/readers/${ben.accountId}/follow`);
    const otherTab = await other.live();
    await ben.comment(key, 'Two.');
    await until('the other follower', () => otherTab.events.includes('feed'));
    expect(feeds()).toEqual([3, 3]);
  });

  it('is not shown to others', async () => {
    await ann.put(`/readers/${ben.accountId}/follow`);
    await ann.comment(await app.article(), 'I am here.');
    const { body } = await app.anonymous().get(`/readers/${ann.accountId}`);
    expect(Object.keys(body).sort()).toEqual(['badges', 'commentCount', 'displayName', 'id', 'joinedAt']);
    expect((await app.anonymous().get('/me/following')).status).toBe(401);
    expect((await app.anonymous().get('/me/following/comments')).status).toBe(401);
  });
});

describe('the reader’s own profile', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ env: { LIMIT_POSTS_PER_MINUTE: '5' } });
  });
  afterAll(() => app.stop());

  it('carries a new name into every conversation and every tab', async () => {
    const ann = await app.reader('Ann Reader');
    const key = await app.article();
    const comment = await ann.comment(key, 'By any other name.');
    const tab = await ann.live();
    await tab.join(key);
    const { status, body } = await ann.patch('/me', { displayName: '  Ann   Renamed ' });
    expect([status, body.displayName]).toEqual([200, 'Ann Renamed']);
    expect(body).toEqual((await ann.get('/me')).body);
    await until('the tab', () => tab.sessions.at(-1)?.account?.displayName === 'Ann Renamed');
    await until('the page', () =>
      tab.frames.some((frame) =>
        frame.items.some((it) => it.kind === 'author' && JSON.stringify(it).includes('Ann Renamed')),
      ),
    );
    const read = await app.anonymous().get<Schemas['Comment']>(`/comments/${comment.id}`);
    expect(read.body.author!.displayName).toBe('Ann Renamed');
  });

  it('enqueues no job when the name stays, and limits how often it changes', async () => {
    const ann = await app.reader('Ann Reader');
    const jobs = () => app.sql(`select 1 from graphile_worker.jobs where task_identifier = 'author-changed'`);
    const key = await app.article();
    await ann.comment(key, 'Here.');
    expect((await ann.patch('/me', { displayName: 'Ann Reader' })).status).toBe(200);
    expect(await jobs()).toEqual([]);
    const names = ['Ann Two', 'Ann Three', 'Ann Four', 'Ann Five', 'Ann Six', 'Ann Seven'];
    const answers = [];
    for (const displayName of names) answers.push((await ann.patch('/me', { displayName })).status);
    expect(answers.at(-1)).toBe(429);
  });

  it('refuses changes of other fields and invalid names', async () => {
    const ann = await app.reader('Ann Reader');
    const before = (await ann.get('/me')).body;
    for (const body of [
      {},
      { displayName: 'Ann New', role: 'admin' },
      { displayName: 'Ann New', id: '1' },
      { displayName: 'Ann New', emailVerified: true },
      { displayName: ['Ann New'] },
      { displayName: null },
      { displayName: '1' },
      { email: 'else@example.test' },
    ]) {
      const answer = await ann.patch('/me', body);
      expect([JSON.stringify(body), answer.status, answer.body.code]).toEqual([
        JSON.stringify(body),
        400,
        'request.invalid',
      ]);
    }
    expect((await ann.get('/me')).body).toEqual(before);
  });
});
