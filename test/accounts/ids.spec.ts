import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';
import { until } from '../support/until.js';

/** The keys of accounts begin here, so that one is recognised in any answer. */
const FIRST_KEY = 7_000_000_001;
const KEY = /70000000\d\d/;

describe('ids', () => {
  let app: TestApp;
  let ann: Actor;
  let ben: Actor;
  let mod: Actor;
  let admin: Actor;
  let key: string;
  beforeAll(async () => {
    app = await TestApp.start();
    await app.sql(`alter table accounts alter column id restart with ${FIRST_KEY}`);
    ann = await app.reader('Ann Reader');
    ben = await app.reader('Ben Other');
    mod = await app.reader('Mo Derator', 'moderator');
    admin = await app.reader('Ada Min', 'admin');
    key = await app.article();
  });
  afterAll(() => app.stop());

  it('of readers are random, and their keys and neighbours lead nowhere', async () => {
    const ids = [ann, ben, mod, admin].map((it) => it.accountId);
    for (const it of ids) expect(it).toMatch(/^[0-9a-f]{20}$/);
    expect(new Set(ids.map((it) => it.slice(0, 8))).size).toBe(4);
    await ann.comment(key, 'I wrote something.');
    const nobody = app.anonymous();
    const next = (BigInt(`0x${ann.accountId}`) + 1n).toString(16).padStart(20, '0');
    const guesses = [
      ann.rowId,
      '1',
      '2',
      next,
      ann.accountId.toUpperCase(),
      `${ann.accountId} `,
      `0${ann.accountId}`,
      "'",
    ];
    for (const guess of guesses.map(encodeURIComponent)) {
      for (const path of [`/readers/${guess}`, `/readers/${guess}/comments`])
        expect([path, (await nobody.get(path)).body.code]).toEqual([path, 'reader.not_found']);
      expect((await ben.put(`/readers/${guess}/follow`)).body.code).toBe('reader.not_found');
      expect((await ben.delete(`/readers/${guess}/follow`)).body.code).toBe('reader.not_found');
      expect((await mod.put(`/readers/${guess}/ban`, { reason: 'x' })).body.code).toBe('reader.not_found');
      expect((await admin.put(`/readers/${guess}/role`, { role: 'editor' })).body.code).toBe('reader.not_found');
    }
  });

  it('lead to a reader only while something public of theirs exists', async () => {
    const cat = await app.reader('Cat Latter');
    const nobody = app.anonymous();
    const answers = async () =>
      Promise.all(['', '/comments'].map(async (it) => (await nobody.get(`/readers/${cat.accountId}${it}`)).status));
    expect(await answers()).toEqual([404, 404]);
    const { id } = await cat.comment(key, 'For a while.');
    expect(await answers()).toEqual([200, 200]);
    await mod.post(`/moderation/comments/${id}/decisions`, { action: 'remove', reason: 'other' });
    expect(await answers()).toEqual([404, 404]);
    await mod.post(`/moderation/comments/${id}/decisions`, { action: 'restore', reason: 'other' });
    expect(await answers()).toEqual([200, 200]);
    await cat.delete(`/comments/${id}`);
    expect(await answers()).toEqual([404, 404]);
  });

  it('are the only ones in answers, frames and acknowledgements', async () => {
    const tab = await ben.live();
    await tab.join(key);
    await ben.put(`/readers/${ann.accountId}/follow`);
    const root = await ann.comment(key, 'A root.');
    const reply = await ben.comment(key, 'A reply.', root.id);
    await ann.comment(key, 'An answer.', reply.id);
    await ben.post(`/comments/${root.id}/reports`, { reason: 'spam', note: 'look' });
    await mod.post(`/comments/${reply.id}/reports`, { reason: 'spam' });
    await mod.post(`/moderation/comments/${reply.id}/decisions`, { action: 'keep', reason: 'other' });
    await ann.patch('/me', { displayName: 'Ann Renamed' });
    await until('the new name', () => tab.frames.some((it) => JSON.stringify(it).includes('Ann Renamed')));
    const alert = { topic: 'breaking', title: 'News', body: 'Read it.', url: `${SITE}/news` };
    const { body: draft } = await admin.post<Schemas['Alert']>('/alerts', alert);
    const reads: [Actor, string][] = [
      [ann, '/me'],
      [ann, '/session'],
      [ben, '/me/following'],
      [ben, '/me/following/comments'],
      [ben, `/articles/${key}/mine`],
      [ben, `/readers/${ann.accountId}`],
      [ben, `/readers/${ann.accountId}/comments`],
      [ben, `/articles/${key}/comments`],
      [ben, `/articles/${key}/events?after=0`],
      [ben, `/comments/${root.id}`],
      [ben, `/comments/${root.id}/replies`],
      [ben, `/comments/${reply.id}/context`],
      [mod, '/moderation/queues/reported'],
      [mod, `/moderation/comments/${root.id}`],
      [mod, '/moderation/decisions'],
      [admin, '/alerts'],
      [admin, `/alerts/${draft.id}`],
    ];
    let seen = '';
    for (const [actor, path] of reads) {
      const { status, text } = await actor.get(path);
      expect([path, status]).toEqual([path, 200]);
      expect([path, KEY.exec(text)]).toEqual([path, null]);
      seen += text;
    }
    expect(JSON.stringify([tab.frames, tab.sessions])).not.toMatch(KEY);
    for (const it of [ann, ben, mod, admin]) expect(seen).toContain(it.accountId);
  });
});
