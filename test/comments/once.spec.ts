import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { Idempotency } from '../../src/http/idempotency.js';
import { Actor, type CommentView } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { until } from '../support/until.js';

describe('posting with an Idempotency-Key', () => {
  let here: TestApp;
  let there: TestApp;
  let ann: Actor;
  let annThere: Actor;
  let ben: Actor;
  let mod: Actor;

  beforeAll(async () => {
    here = await TestApp.start({ logger: false });
    there = await TestApp.start({ database: here.database, clock: here.clock, logger: false });
    [ann, ben, mod] = await Promise.all([
      here.reader('Ann Reader'),
      here.reader('Ben Other'),
      here.reader('Mo Derator', 'moderator'),
    ]);
    annThere = new Actor(there.url, ann.origin);
    for (const [name, value] of ann.cookies) annThere.cookies.set(name, value);
  });
  afterAll(async () => {
    await there.stop();
    await here.stop();
  });

  const post = (actor: Actor, article: string, key: string, body = 'Said once.') =>
    actor.post<CommentView & { code: string }>(`/articles/${article}/comments`, { body }, { 'idempotency-key': key });
  const written = async (article: string): Promise<number> => {
    const [{ n }] = (await here.sql<{ n: number }>(
      'select count(*)::int as n from comments c join articles a on a.id = c.article_id where a.key = $1',
      [article],
    )) as [{ n: number }];
    return n;
  };
  const keysLeft = (key: string) => here.sql('select 1 from idempotency_keys where key = $1', [key]);
  /** Holds the key in a transaction of its own, as another request does. */
  const holdKey = async (actor: Actor, key: string): Promise<pg.Client> => {
    const holder = new pg.Client({ connectionString: here.database.url });
    await holder.connect();
    await holder.query('begin');
    await holder.query('insert into idempotency_keys (scope, key, request_hash) values ($1, $2, $3)', [
      `account:${actor.rowId}`,
      key,
      Buffer.alloc(32),
    ]);
    return holder;
  };

  it.each([
    ['one node', () => [ann]],
    ['two nodes', () => [ann, annThere]],
  ])('makes one comment and 20 equal answers for 20 parallel requests on %s', async (_nodes, actors) => {
    const article = await here.article();
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => post(actors()[i % actors().length]!, article, key)),
    );
    expect(new Set(answers.map((it) => `${it.status} ${it.text}`)).size).toBe(1);
    expect(answers[0]!.status).toBe(201);
    expect(await written(article)).toBe(1);
    // A later repeat with the key in capitals, after the comment has changed, gets the first answer.
    await ann.patch(`/comments/${answers[0]!.body.id}`, { body: 'Said better.' });
    const later = await post(ann, article, key.toUpperCase());
    expect(later.text).toBe(answers[0]!.text);
    expect(await written(article)).toBe(1);
  });

  it('refuses another body with the same key, also while the first request runs', async () => {
    const article = await here.article();
    const key = randomUUID();
    const [first, second] = await Promise.all([post(ann, article, key), post(ann, article, key, 'Something else.')]);
    expect(new Set([first.status, second.status])).toEqual(new Set([201, 422]));
    const third = await post(annThere, article, key, 'And else again.');
    expect([third.status, third.body.code]).toEqual([422, 'idempotency.key_reused']);
    const elsewhere = await post(ann, await here.article(), key);
    expect(elsewhere.status).toBe(422);
    expect(await written(article)).toBe(1);
  });

  it('keeps the keys of two accounts apart, and refuses a key that is no UUID', async () => {
    const article = await here.article();
    const key = randomUUID();
    const [mine, theirs] = await Promise.all([post(ann, article, key), post(ben, article, key)]);
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(mine.body.id).not.toBe(theirs.body.id);
    const { status, body } = await post(ann, article, 'once');
    expect([status, body.code]).toEqual([400, 'request.invalid']);
  });

  it('frees the key of a request that was refused', async () => {
    const article = await here.article();
    const parent = await ann.comment(article, 'Soon away.');
    await mod.post(`/moderation/comments/${parent.id}/decisions`, { action: 'remove', reason: 'spam' });
    const key = { 'idempotency-key': randomUUID() };
    const reply = () => ben.post(`/articles/${article}/comments`, { body: 'An answer.', parentId: parent.id }, key);
    expect((await reply()).body.code).toBe('comment.parent_gone');
    await mod.post(`/moderation/comments/${parent.id}/decisions`, { action: 'restore', reason: 'other' });
    expect((await reply()).status).toBe(201);
  });

  it('does not count a repeat against the limit', async () => {
    const strict = await TestApp.start({ env: { LIMIT_POSTS_PER_MINUTE: '2' } });
    try {
      const cat = await strict.reader('Cat Writer');
      const article = await strict.article();
      const key = randomUUID();
      const answers = [];
      for (let i = 0; i < 6; i += 1) answers.push(await post(cat, article, key));
      expect(answers.map((it) => it.status)).toEqual(Array.from({ length: 6 }, () => 201));
      expect((await post(cat, article, randomUUID())).status).toBe(201);
      const over = await post(cat, article, randomUUID());
      expect([over.status, over.body.code]).toEqual([429, 'rate.limited']);
      expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await post(cat, article, key)).status).toBe(201);
    } finally {
      await strict.stop();
    }
  });

  const setPatience = (ms: number): void => {
    for (const app of [here, there]) jest.replaceProperty(app.get(Idempotency), 'patienceMs', ms);
  };

  it('keeps nobody else waiting while requests wait for the holder of their key', async () => {
    setPatience(120_000);
    const article = await here.article();
    const key = randomUUID();
    const holder = await holdKey(ann, key);
    try {
      let answered = 0;
      const waiting = [post(ann, article, key), post(ann, article, key), post(annThere, article, key)];
      for (const it of waiting) void it.then(() => (answered += 1));
      await until('the wait in the database', async () => {
        const found = await here.sql(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return found.length === 2; // each node sends one
      });
      for (let i = 0; i < 5; i += 1) await ben.comment(article, 'Meanwhile.');
      expect(answered).toBe(0);
      await holder.query('rollback');
      expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([201, 201, 201]);
    } finally {
      jest.restoreAllMocks();
      await holder.end();
    }
    expect(await written(article)).toBe(6);
  });

  it('is refused when the holder of the key outlasts the patience, and works when it has gone', async () => {
    setPatience(200);
    const article = await here.article();
    const key = randomUUID();
    const holder = await holdKey(ann, key);
    try {
      for (const { status, body, headers } of await Promise.all([
        post(ann, article, key),
        post(annThere, article, key),
      ])) {
        expect([status, body.code]).toEqual([409, 'idempotency.in_progress']);
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      }
    } finally {
      jest.restoreAllMocks();
      await holder.query('rollback');
      await holder.end();
    }
    expect((await post(ann, article, key)).status).toBe(201);
    expect(await written(article)).toBe(1);
  });

  it('continues when the request that held the key fails', async () => {
    const article = await here.article();
    const key = randomUUID();
    const holder = await holdKey(ann, key);
    const waiting = post(ann, article, key);
    await until('the wait in the database', () =>
      here
        .sql(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
        .then((it) => it.length),
    );
    await holder.query('rollback');
    await holder.end();
    expect((await waiting).status).toBe(201);
  });

  it('leaves neither comment nor key when its connection ends in the transaction', async () => {
    const article = await here.article();
    const key = randomUUID();
    const holder = new pg.Client({ connectionString: here.database.url });
    await holder.connect();
    try {
      // The article's row is locked, so the post has claimed its key and waits.
      await holder.query('begin');
      await holder.query('select from articles where key = $1 for update', [article]);
      const dying = post(ann, article, key);
      let answered = false;
      void dying.then(() => (answered = true));
      // Jobs may wait for the row as well, so all that wait are ended until the post has its answer.
      await until('the answer to the post', async () => {
        await here.sql(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock' and query like '%from articles%update%'`,
        );
        return answered;
      });
      // It is not tried again, because nobody knows whether it was committed.
      const answer = await dying;
      await holder.query('rollback');
      expect([answer.status, answer.body.code]).toEqual([503, 'service.unavailable']);
      expect(answer.headers.get('retry-after')).not.toBeNull();
      expect(await written(article)).toBe(0);
      expect(await keysLeft(key)).toEqual([]);
    } finally {
      await holder.end();
    }
    const again = await post(ann, article, key);
    expect(again.status).toBe(201);
    expect((await post(annThere, article, key)).text).toBe(again.text);
    expect(await written(article)).toBe(1);
  });
});
