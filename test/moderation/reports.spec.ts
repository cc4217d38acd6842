import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { until } from '../support/until.js';

type Case = Schemas['Case'];
type Queue = Schemas['Queue'];

describe('a report', () => {
  let app: TestApp;
  let ann: Actor;
  let ben: Actor;
  let mod: Actor;
  let key: string;

  beforeAll(async () => {
    app = await TestApp.start({ env: { TRUST_PROXY: '1' } });
    ann = await app.reader('Ann Reader');
    ben = await app.reader('Ben Other');
    mod = await app.reader('Mo Derates', 'moderator');
    key = await app.article();
  });
  afterAll(() => app.stop());

  const caseOf = async (id: string): Promise<Case> => (await mod.get<Case>(`/moderation/comments/${id}`)).body;
  const report = (actor: Actor, id: string, body: object = { reason: 'spam' }, headers = {}) =>
    actor.post(`/comments/${id}/reports`, body, headers);

  it('counts once per account and revision when it is sent many times at once', async () => {
    const { id } = await ann.comment(key, 'Buy pills.');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => report(ben, id, { reason: 'spam', note: ' ad ' })),
    );
    for (const { status, body } of answers) expect([status, body]).toEqual([201, { reported: true }]);
    expect((await caseOf(id)).reports).toMatchObject([
      { reason: 'spam', note: 'ad', revision: 1, reporter: { id: ben.accountId } },
    ]);
    // Another browser of the same account is the same reporter; another account is not.
    const { status } = await report(ben, id, { reason: 'abuse' }, { 'x-forwarded-for': '203.0.113.9' });
    expect(status).toBe(201);
    await report(mod, id);
    expect((await caseOf(id)).reports.map((it) => it.reporter?.id)).toEqual([ben.accountId, mod.accountId]);
    // A changed text can be reported again.
    await ann.patch(`/comments/${id}`, { body: 'Buy better pills.' });
    await report(ben, id);
    expect((await caseOf(id)).reports.map((it) => it.revision)).toEqual([1, 1, 2]);
  });

  it('counts once per browser, or once per address without a browser id', async () => {
    const { id } = await ann.comment(key, 'Report me without an account.');
    const one = app.anonymous();
    await one.get('/session');
    const two = app.anonymous();
    await two.get('/session');
    const bare = () => app.anonymous();
    await report(one, id);
    // another address of the same browser
    await report(one, id, { reason: 'spam' }, { 'x-forwarded-for': '203.0.113.1' });
    await report(two, id);
    await report(bare(), id, { reason: 'spam' }, { 'x-forwarded-for': '203.0.113.2' });
    await report(bare(), id, { reason: 'spam' }, { 'x-forwarded-for': '203.0.113.2' });
    await report(bare(), id, { reason: 'spam' }, { 'x-forwarded-for': '2001:db8:1:2::1' });
    // an address of the same household
    await report(bare(), id, { reason: 'spam' }, { 'x-forwarded-for': '2001:db8:1:2:ffff::9' });
    // a forged address in front
    await report(bare(), id, { reason: 'spam' }, { 'x-forwarded-for': '198.51.100.7, 203.0.113.2' });
    const { reports } = await caseOf(id);
    expect(reports.map((it) => it.reporter)).toEqual([null, null, null, null]);
    expect(JSON.stringify(await app.sql('select * from reports'))).not.toContain('203.0.113');
  });

  it('counts once per Idempotency-Key, which belongs to the account or else the browser', async () => {
    const { id } = await ann.comment(key, 'Repeat me.');
    const claim = { 'idempotency-key': randomUUID() };
    const visitor = app.anonymous();
    await visitor.get('/session');
    for (const actor of [ben, visitor, mod]) {
      const answers = await Promise.all(Array.from({ length: 5 }, () => report(actor, id, { reason: 'spam' }, claim)));
      for (const { status, body } of answers) expect([status, body]).toEqual([201, { reported: true }]);
      for (const [which, body] of [
        [id, { reason: 'abuse' }],
        [(await ann.comment(key, 'Another.')).id, { reason: 'spam' }],
      ] as const) {
        const other = await report(actor, which, body, claim);
        expect([other.status, other.body.code]).toEqual([422, 'idempotency.key_reused']);
      }
    }
    expect((await caseOf(id)).reports).toHaveLength(3);
    // A refused report leaves its key unused. The first answer stays valid after the comment is deleted.
    const fresh = { 'idempotency-key': randomUUID() };
    expect((await report(ben, '999999999', { reason: 'spam' }, fresh)).status).toBe(404);
    expect((await report(ben, id, { reason: 'other' }, fresh)).status).toBe(201);
    await ann.delete(`/comments/${id}`);
    expect((await report(ben, id, { reason: 'spam' }, claim)).status).toBe(201);
  });

  it('is refused for comments that are not published', async () => {
    const gone = await ann.comment(key, 'Soon gone.');
    await ann.delete(`/comments/${gone.id}`);
    const removed = await ann.comment(key, 'Soon removed.');
    await mod.post(`/moderation/comments/${removed.id}/decisions`, { action: 'remove', reason: 'abuse' });
    for (const id of [gone.id, removed.id, '999999999', '0', 'abc', '9223372036854775808']) {
      const { status, body } = await report(ben, id);
      expect([id, status, body.code]).toEqual([id, 404, 'comment.not_found']);
    }
  });

  it('is limited by the hour', async () => {
    const small = await TestApp.start({ env: { LIMIT_REPORTS_PER_HOUR: '2' }, database: app.database });
    await app.sql('delete from rate_limits');
    try {
      const { id } = await ann.comment(key, 'Often reported.');
      const fresh = await app.reader('Fresh Reader');
      const eager = small.anonymous();
      eager.cookies.set('__Host-rostra', fresh.cookies.get('__Host-rostra')!);
      const claim = { 'idempotency-key': randomUUID() };
      const repeat = () => report(eager, id, { reason: 'spam' }, claim); // counts once
      const answers = [
        await repeat(),
        await repeat(),
        await repeat(),
        await report(eager, id),
        await report(eager, id),
      ];
      expect(answers.map((it) => it.status)).toEqual([201, 201, 201, 201, 429]);
      expect((await repeat()).status).toBe(201);
    } finally {
      await small.stop();
    }
  });

  it('fills a queue that lists each comment once, the longest waiting first, with a total', async () => {
    const other = await TestApp.start();
    try {
      const [writer, reporter, staff] = [
        await other.reader('Wri Ter'),
        await other.reader('Re Porter'),
        await other.reader('Mo Derates', 'moderator'),
      ];
      const article = await other.article();
      const ids: string[] = [];
      for (let i = 0; i < 7; i += 1) ids.push((await writer.comment(article, `Comment ${i}`)).id);
      const order = [3, 0, 6, 1, 5, 2, 4].map((i) => ids[i]!);
      for (const id of order) await report(reporter, id);
      await report(staff, order[0]!); // a second report does not change its place
      await report(other.anonymous(), order[6]!);
      const walk = async (limit: number): Promise<string[]> => {
        const seen: string[] = [];
        for (let next: string | null = ''; next !== null;) {
          const { status, body }: { status: number; body: Queue } = await staff.get<Queue>(
            `/moderation/queues/reported?limit=${limit}${next && `&after=${encodeURIComponent(next)}`}`,
          );
          expect([status, body.total]).toEqual([200, 7]);
          expect(body.items.length).toBeLessThanOrEqual(limit);
          seen.push(...body.items.map((it) => it.comment.id));
          next = body.next;
        }
        return seen;
      };
      expect(await walk(2)).toEqual(order);
      expect(await walk(7)).toEqual(order);
      expect(await walk(100)).toEqual(order);

      // Decided and deleted comments leave the queue. A restored comment comes back only with a new report.
      const first = (await staff.get<Queue>('/moderation/queues/reported?limit=2')).body;
      await staff.post(`/moderation/comments/${order[0]}/decisions`, { action: 'keep', reason: 'other' });
      await staff.post(`/moderation/comments/${order[1]}/decisions`, { action: 'remove', reason: 'spam' });
      await writer.delete(`/comments/${order[2]}`);
      const rest = (await staff.get<Queue>(`/moderation/queues/reported?after=${first.next}`)).body;
      expect([rest.total, rest.items.map((it) => it.comment.id)]).toEqual([4, order.slice(3)]);
      await staff.post(`/moderation/comments/${order[1]}/decisions`, { action: 'restore', reason: 'other' });
      expect((await staff.get<Queue>('/moderation/queues/reported')).body.total).toBe(4);
      await report(staff, order[1]!);
      const again = (await staff.get<Queue>('/moderation/queues/reported')).body;
      expect([again.total, again.items.at(-1)?.comment.id]).toEqual([5, order[1]]);

      for (const bad of [
        'limit=0',
        'limit=101',
        'limit=1e2',
        'limit=',
        'after=x',
        'after=id:0:0',
        'after=5',
        'limit=1&limit=2',
        'page=2',
      ])
        expect([bad, (await staff.get(`/moderation/queues/reported?${bad}`)).status]).toEqual([bad, 400]);
      expect((await staff.get('/moderation/queues/unknown')).status).toBe(404);
    } finally {
      await other.stop();
    }
  });

  it('makes a case with the comment, its ancestors, author, reports and decisions', async () => {
    const root = await ann.comment(key, 'Root.');
    const middle = await ben.comment(key, 'Middle.', root.id);
    const leaf = await ann.comment(key, 'Leaf.', middle.id);
    await report(ben, leaf.id, { reason: 'off-topic', note: 'Not about this.' });
    await mod.post(`/moderation/comments/${leaf.id}/decisions`, {
      action: 'remove',
      reason: 'off-topic',
      note: 'Indeed.',
    });
    const found = await caseOf(leaf.id);
    expect(found).toMatchObject({
      comment: {
        id: leaf.id,
        body: 'Leaf.',
        state: 'removed',
        removal: { reason: 'off-topic' },
        revision: 1,
        depth: 2,
      },
      article: { key },
      reports: [],
      author: { id: ann.accountId, displayName: 'Ann Reader', bannedAt: null },
      decisions: [{ action: 'remove', moderator: { id: mod.accountId } }],
    });
    expect(found.ancestors.map((it) => it.id)).toEqual([root.id, middle.id]);
    expect(found.author.removedCount).toBeGreaterThan(0);
    for (const id of ['999999999', 'abc', '0']) expect((await mod.get(`/moderation/comments/${id}`)).status).toBe(404);
  });

  it('is visible to staff only, like everything of the desk', async () => {
    const { id } = await ann.comment(key, 'Between us.');
    await report(ben, id, { reason: 'abuse', note: 'A secret note.' });
    await mod.post(`/moderation/comments/${id}/decisions`, { action: 'keep', reason: 'other', note: 'A quiet word.' });
    const deskPaths = ['/moderation/queues/reported', `/moderation/comments/${id}`, '/moderation/decisions'];
    for (const actor of [ann, ben])
      for (const path of deskPaths) expect([path, (await actor.get(path)).body.code]).toEqual([path, 'role.required']);
    for (const path of deskPaths) expect([path, (await app.anonymous().get(path)).status]).toEqual([path, 401]);
    for (const actor of [ann, app.anonymous()]) {
      const { status } = await actor.post(`/moderation/comments/${id}/decisions`, { action: 'remove', reason: 'spam' });
      expect([401, 403]).toContain(status);
    }
    for (const path of [
      `/articles/${key}/comments`,
      `/comments/${id}`,
      `/comments/${id}/context`,
      `/articles/${key}/events?after=0`,
      `/readers/${ann.accountId}/comments`,
    ]) {
      const { status, text } = await ben.get(path);
      expect([path, status]).toEqual([path, 200]);
      expect(text).not.toMatch(/secret note|quiet word|reports|decision|revision|moderator/i);
    }
  });

  it('sends a queue event to the desk at once, and to no reader', async () => {
    const desk = await mod.live();
    const reader = await ben.live();
    const { id } = await ann.comment(key, 'Listen.');
    await report(ben, id);
    await until('the queue', () => desk.events.filter((it) => it === 'queue').length === 1);
    await report(ben, id); // a repeat sends no event
    const second = await app.reader('Mo Second', 'moderator');
    await second.post(`/moderation/comments/${id}/decisions`, { action: 'keep', reason: 'other' });
    await until('the decision of a colleague', () => desk.events.filter((it) => it === 'queue').length >= 2);
    expect(reader.events).not.toContain('queue');
  });
});
