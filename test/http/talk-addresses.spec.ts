import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { DataSource } from 'typeorm';
import { NormaliseAddresses1764000016000 } from '../../migrations/1764000016000-normalise-addresses.js';
import { normalAddress } from '../../src/articles/article-url.js';
import { runCli } from '../../src/cli.js';
import { derivedKey, withoutFragment } from '../../web/embed/common/article-key.js';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';

const keyOf = (url: string) => `u-${createHash('sha256').update(url).digest('base64url').slice(0, 22)}`;

describe('talk: the address of an article', () => {
  let app: TestApp;
  let ann: Actor;
  let ben: Actor;
  beforeAll(async () => {
    app = await TestApp.start();
    [ann, ben] = [await app.reader('Ann'), await app.reader('Ben')];
  });
  afterAll(() => app.stop());

  const meet = async (url: string) => (await ann.post<Schemas['ArticleKey']>('/articles', { url })).body.key;
  const thread = async (key: string) =>
    (await ann.get<Schemas['Thread']>(`/articles/${key}/comments?sort=oldest`)).body;
  const texts = async (key: string) => (await thread(key)).items.map((it) => it.body);

  it.each([
    ['/%d1%82%d0%b5%d1%81%d1%82', '/%D1%82%D0%B5%D1%81%D1%82', '/тест', '/%d1%82%D0%b5%d1%81%D1%82#talk'],
    ['/~ann/a-b_c.html', '/%7Eann/%61%2Db%5Fc%2ehtml', '/%7eann/a-b_c.html'],
    ['/a/b', '/x/../a/./b', '/x/%2E%2e/a/b', '/a/%62'],
    ['/q?a=%2Fb&c=%7e', '/q?a=%2fb&c=~'],
    ['/pipe|caret^{x}', '/pipe%7Ccaret%5E%7Bx%7D', '/pipe%7ccaret%5e%7bx%7d'],
  ])('is one conversation in each form that the standard calls equal: %s', async (...paths) => {
    const urls = paths.map((it) => SITE + it);
    urls.push(urls[0]!.replace('http://site.localhost', 'HTTP://SITE.localhost'));
    const keys: string[] = [];
    for (const url of urls) keys.push(await meet(url), await derivedKey(url));
    expect(new Set(keys).size).toBe(1);
  });

  it.each([
    ['/a%2Fb', '/a/b'],
    ['/a?b', '/a%3Fb'],
    ['/a', '/A'],
    ['/a', '/a/'],
    ['/50%25', '/50%2525'],
  ])('keeps %s and %s apart', (one, other) => {
    expect(normalAddress(SITE + one)).not.toBe(normalAddress(SITE + other));
    expect(withoutFragment(SITE + one)).not.toBe(withoutFragment(SITE + other));
  });

  it.each([
    'https://bücher.example:443/ü?ü#ü',
    'http://[::1]:80/%zz%',
    "https://a.example/it's?it's=1%27",
    'https://a.example?',
  ])('is written alike by server and embed: %s', (url) => expect(withoutFragment(url)).toBe(normalAddress(url)));

  it('gets its normal form by the migration, and is found by the keys of both', async () => {
    const [old, unique, taken] = ['/m/%d1', '/m/%d2', '/m/%d3'].map((it) => SITE + it) as [string, string, string];
    for (const url of [old, taken, taken.replace('d3', 'D3')])
      await app.sql('insert into articles (key, url, title) values ($1, $2, $3)', [keyOf(url), url, '']);
    await app.sql('insert into articles (key, url, title) values ($1, $2, $3)', ['by-cms', unique, '']);
    const db = app.get(DataSource).createQueryRunner();
    await new NormaliseAddresses1764000016000().up(db);
    await db.release();
    const urls = await app.sql<{ url: string }>(`select url from articles where url like '%/m/%' order by id`);
    expect(urls.map((it) => it.url.slice(SITE.length))).toEqual(['/m/%D1', '/m/%d3', '/m/%D3', '/m/%D2']);
    for (const url of [old, old.toUpperCase().replace(SITE.toUpperCase(), SITE).replace('/M/', '/m/')])
      expect((await ann.get<Schemas['Article']>(`/articles/${keyOf(url)}`)).body.key).toBe(keyOf(old));
    expect(await meet(unique)).toBe('by-cms');
  });

  describe('of two conversations that the operator joins', () => {
    let kept: string;
    let other: string;
    const urls = { kept: `${SITE}/join/kept`, other: `${SITE}/join/other` };
    let positions: { kept: number; other: number };

    beforeAll(async () => {
      [kept, other] = [await meet(urls.kept), await meet(urls.other)];
      const root = await ann.comment(kept, 'Kept root');
      await ben.comment(kept, 'Kept reply', root.id);
      for (let n = 0; n < 4; n += 1) await ben.comment(other, `Other ${n}`);
      const gone = await ben.comment(other, 'Deleted');
      await ben.delete(`/comments/${gone.id}`);
      await ann.put(`/comments/${(await thread(other)).items[0]!.id}/reactions/like`);
      await app.sql(`insert into reply_cursors (article_id, seq) select id, seq from articles where key = $1`, [other]);
      positions = { kept: (await thread(kept)).position, other: (await thread(other)).position };
      const before = { DATABASE_URL: process.env.DATABASE_URL };
      process.env.DATABASE_URL = app.database.url;
      try {
        expect(await runCli(['join-articles', urls.other, kept])).toBe(0);
        expect(await runCli(['join-articles', urls.other, kept])).toBe(1); // they are one already
        expect(await runCli(['join-articles', 'unknown', kept])).toBe(1);
        expect(await runCli(['join-articles', kept])).toBe(1);
      } finally {
        Object.assign(process.env, before);
        if (before.DATABASE_URL === undefined) delete process.env.DATABASE_URL;
      }
    }, 60_000);

    it('shows all comments and one count under every key and address', async () => {
      const all = ['Kept root', 'Other 0', 'Other 1', 'Other 2', 'Other 3'];
      for (const key of [kept, other]) expect(await texts(key)).toEqual(all);
      expect((await thread(other)).article).toEqual({ key: kept, state: 'open', commentCount: 6 });
      expect(await meet(urls.other)).toBe(kept);
      const { body } = await ann.post<{ counts: Record<string, number> }>('/comment-counts', { keys: [kept, other] });
      expect(body.counts).toEqual({ [kept]: 6, [other]: 6 });
    });

    it('gives an open page of either one the comments of the other from its own position', async () => {
      for (const [key, position] of [
        [kept, positions.kept],
        [other, positions.other],
      ] as const) {
        const { body } = await ann.get<{ items: { kind: string; comment?: { body: string } }[]; commentCount: number }>(
          `/articles/${key}/events?after=${position}`,
        );
        const said = body.items.flatMap((it) => (it.kind === 'comment' ? [it.comment!.body] : []));
        expect(said).toEqual(expect.arrayContaining(['Kept root', 'Kept reply', 'Other 0', 'Other 3']));
        expect(body.commentCount).toBe(6);
      }
      const seqs = await app.sql<{ gapless: boolean }>(
        `select count(*) = max(l.seq) and max(l.seq) = max(a.seq) as gapless
         from conversation_log l join articles a on a.id = l.article_id where a.key = $1`,
        [kept],
      );
      expect(seqs).toEqual([{ gapless: true }]);
    });

    it('takes new comments, replies, likes and repeats under the old key', async () => {
      const [root] = (await thread(kept)).items.filter((it) => it.body === 'Other 0');
      await ann.comment(other, 'A reply after the join', root!.id);
      expect((await ben.get<Schemas['Thread']>(`/articles/${kept}/comments`)).body.article.commentCount).toBe(7);
      expect((await ann.get<Schemas['Mine']>(`/articles/${other}/mine`)).body.reactions).toEqual({
        [root!.id]: ['like'],
      });
      const audit = await app.sql(`select action, detail from audit_log where action = 'article.join'`);
      expect(audit).toEqual([{ action: 'article.join', detail: { key: other, url: urls.other } }]);
    });

    it('changes nothing when it fails on its way', async () => {
      const [from, to] = [await meet(`${SITE}/join/c`), await meet(`${SITE}/join/d`)];
      await ann.comment(from, 'Still here');
      const { ArticleJoins } = await import('../../src/articles/article-joins.service.js');
      const joins = app.get(ArticleJoins);
      let fail = true;
      joins.onJoin(async () => {
        if (fail) throw new Error('The machine stopped.');
      });
      await expect(joins.join(from, to)).rejects.toThrow('The machine stopped.');
      expect([await texts(from), await texts(to)]).toEqual([['Still here'], []]);
      fail = false;
      await joins.join(from, to);
      expect([await texts(from), await texts(to)]).toEqual([['Still here'], ['Still here']]);
    });
  });
});
