import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Schemas } from '../../web/shared/contract.js';
import { moderationReasons, type Reason } from '../../src/comments/model/reasons.settings.js';
import { Settings } from '../../src/settings/settings.service.js';
import type { Actor, CommentView } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { expectProblem } from '../support/problems.js';

type Decided = Schemas['Decided'];
interface Problem {
  code: string;
  state?: string;
  revision?: number;
  decision?: Decided['decision'] | null;
}

describe('a decision', () => {
  let app: TestApp;
  let ann: Actor;
  let ben: Actor;
  let mod: Actor;
  let colleague: Actor;
  let key: string;

  beforeAll(async () => {
    app = await TestApp.start();
    ann = await app.reader('Ann Reader');
    ben = await app.reader('Ben Other');
    mod = await app.reader('Mo Derates', 'moderator');
    colleague = await app.reader('Col League', 'editor');
    key = await app.article();
  });
  afterAll(() => app.stop());

  const decide = <Body = Decided & Problem>(actor: Actor, id: string, decision: object, headers = {}) =>
    actor.post<Body>(`/moderation/comments/${id}/decisions`, { reason: 'abuse', ...decision }, headers);
  const counts = async () =>
    (await app.anonymous().get<Schemas['Thread']>(`/articles/${key}/comments`)).body.article.commentCount;
  const logOf = (id: string) =>
    app.sql(
      'select action, reason, state_before as before, state_after as after from decisions where comment_id = $1 order by id',
      [id],
    );

  it('removes and restores a comment and its counts', async () => {
    const root = await ann.comment(key, 'A root.');
    const reply = await ben.comment(key, 'A reply.', root.id);
    const before = await counts();
    const removed = await decide(mod, reply.id, { action: 'remove', reason: 'off-topic', note: ' Elsewhere. ' });
    expect(removed).toMatchObject({
      status: 201,
      body: {
        decision: { action: 'remove', reason: 'off-topic', note: 'Elsewhere.', moderator: { id: mod.accountId } },
        comment: { id: reply.id, state: 'removed', body: null, author: null, removal: { reason: 'off-topic' } },
      },
    });
    expect(await counts()).toBe(before - 1);
    expect((await ann.get<CommentView>(`/comments/${root.id}`)).body.replyCount).toBe(0);
    const restored = await decide(colleague, reply.id, { action: 'restore', reason: 'other' });
    expect(restored.body.comment).toMatchObject({
      state: 'published',
      body: 'A reply.',
      author: { id: ben.accountId },
    });
    expect(restored.body.comment.removal).toBeUndefined();
    expect(await counts()).toBe(before);
    expect((await ann.get<CommentView>(`/comments/${root.id}`)).body.replyCount).toBe(1);
    expect(await logOf(reply.id)).toEqual([
      { action: 'remove', reason: 'off-topic', before: 'published', after: 'removed' },
      { action: 'restore', reason: 'other', before: 'removed', after: 'published' },
    ]);
  });

  it('closes the reports and leaves the page unchanged when the comment is kept', async () => {
    const { id } = await ann.comment(key, 'Harmless.');
    await ben.post(`/comments/${id}/reports`, { reason: 'spam' });
    const position = async () => (await ann.get<Schemas['Thread']>(`/articles/${key}/comments`)).body.position;
    const before = await position();
    expect(await decide(mod, id, { action: 'keep', reason: 'other' })).toMatchObject({
      status: 201,
      body: { decision: { action: 'keep' }, comment: { id, state: 'published', body: 'Harmless.' } },
    });
    expect(await position()).toBe(before);
    expect((await mod.get<Schemas['Case']>(`/moderation/comments/${id}`)).body.reports).toEqual([]);
  });

  it('is refused with the earlier decision when a colleague was first', async () => {
    const { id } = await ann.comment(key, 'Decided twice.');
    await ben.post(`/comments/${id}/reports`, { reason: 'spam' });
    const first = await decide(mod, id, { action: 'remove' });
    for (const action of ['remove', 'keep']) {
      const { status, body } = await decide(colleague, id, { action });
      expect([status, body.code, body.state]).toEqual([409, 'moderation.already_decided', 'removed']);
      expect(body.decision).toEqual(first.body.decision);
    }
    await decide(mod, id, { action: 'restore' });
    const late = await decide(colleague, id, { action: 'restore' });
    expect(late).toMatchObject({ status: 409, body: { state: 'published', decision: { action: 'restore' } } });
    const never = await ann.comment(key, 'Never decided.');
    for (const action of ['restore', 'keep'])
      expect(await decide(mod, never.id, { action })).toMatchObject({
        status: 409,
        body: { code: 'moderation.already_decided', state: 'published', decision: null },
      });
    expect(await logOf(never.id)).toEqual([]);
  });

  it('is refused when the text changed since it was read', async () => {
    const { id } = await ann.comment(key, 'Rude words.');
    await ann.patch(`/comments/${id}`, { body: 'Kind words.' });
    const stale = await decide(mod, id, { action: 'remove', revision: 1 });
    expect(stale).toMatchObject({ status: 409, body: { code: 'moderation.edited', state: 'published', revision: 2 } });
    expect((await ann.get(`/comments/${id}`)).body.state).toBe('published');
    expect(await logOf(id)).toEqual([]);
    expect((await decide(mod, id, { action: 'remove', revision: 2 })).status).toBe(201);
  });

  it('answers 404 for deleted and unknown comments', async () => {
    const { id } = await ann.comment(key, 'Regretted.');
    await ben.post(`/comments/${id}/reports`, { reason: 'abuse' });
    await ann.delete(`/comments/${id}`);
    for (const action of ['remove', 'restore', 'keep'])
      expect(await decide(mod, id, { action })).toMatchObject({ status: 404, body: { code: 'comment.not_found' } });
    for (const unknown of ['999999999', 'abc', '9223372036854775808'])
      expect((await decide(mod, unknown, { action: 'remove' })).status).toBe(404);
    expect(await logOf(id)).toEqual([]);
  });

  describe('talk: when its author deletes the comment as well', () => {
    const reader = () => app.anonymous();
    const state = async (id: string) => {
      const { status, body } = await reader().get<CommentView>(`/comments/${id}`);
      return status === 200 ? body.state : status;
    };

    it('lets the author delete a removed comment, and leaves it deleted when it is restored', async () => {
      const root = await ann.comment(key, 'Said in anger.');
      await ben.comment(key, 'Calm down.', root.id);
      const before = await counts();
      const { body: author } = await mod.get<Schemas['Case']>(`/moderation/comments/${root.id}`);
      await decide(mod, root.id, { action: 'remove' });
      expect((await ben.delete(`/comments/${root.id}`)).status).toBe(404);
      for (let n = 0; n < 2; n += 1) expect((await ann.delete(`/comments/${root.id}`)).status).toBe(204);
      expect([await state(root.id), await counts()]).toEqual(['deleted', before - 1]);
      // Deleting hides no removal from the desk.
      const { body: after } = await mod.get<Schemas['Case']>(`/moderation/comments/${root.id}`);
      expect(after.author.removedCount).toBe(author.author.removedCount + 1);

      const restored = await decide(colleague, root.id, { action: 'restore' });
      expect(restored).toMatchObject({ status: 201, body: { comment: { state: 'deleted', body: null } } });
      expect([await state(root.id), await counts()]).toEqual(['deleted', before - 1]);
      expect(await logOf(root.id)).toMatchObject([
        { action: 'remove', before: 'published', after: 'removed' },
        { action: 'restore', before: 'deleted', after: 'deleted' },
      ]);
      for (const action of ['restore', 'remove', 'keep'])
        expect((await decide(mod, root.id, { action })).status).toBe(404);
      const { text } = await reader().get(`/articles/${key}/events?after=0`);
      expect(text).not.toContain('Said in anger.');
    });

    it('takes a removed reply without replies off the page, and counts it once', async () => {
      const root = await ann.comment(key, 'A root to answer.');
      const reply = await ben.comment(key, 'A leaf to regret.', root.id);
      const before = await counts();
      await decide(mod, reply.id, { action: 'remove' });
      await ben.delete(`/comments/${reply.id}`);
      expect([await state(reply.id), await counts()]).toEqual([404, before - 1]);
      expect((await reader().get<CommentView>(`/comments/${root.id}`)).body.replyCount).toBe(0);
      await decide(mod, reply.id, { action: 'restore' });
      expect([await state(reply.id), await counts()]).toEqual([404, before - 1]);
    });

    it('ends in one state when deleting, removing and restoring meet', async () => {
      const { id } = await ann.comment(key, 'Three at once.');
      const before = await counts();
      await Promise.all([
        decide(mod, id, { action: 'remove' }),
        ann.delete(`/comments/${id}`),
        decide(colleague, id, { action: 'restore' }),
      ]);
      expect([await state(id), await counts()]).toEqual([404, before - 1]);
    });

    it('refuses to edit after a removal, and takes back a like of what is gone', async () => {
      const { id } = await ann.comment(key, 'Liked and gone.');
      await ben.put(`/comments/${id}/reactions/like`);
      await decide(mod, id, { action: 'remove' });
      expect((await ann.patch(`/comments/${id}`, { body: 'Again.' })).status).toBe(409);
      const takeBack = () => ben.delete(`/comments/${id}/reactions/like`);
      expect(await takeBack()).toMatchObject({ status: 200, body: { reactions: {} } });
      await ann.delete(`/comments/${id}`);
      expect((await takeBack()).status).toBe(200);
      expect((await ben.put(`/comments/${id}/reactions/like`)).status).toBe(404);
      expect(await app.sql('select 1 from reactions where comment_id = $1', [id])).toEqual([]);
    });
  });

  it('is made once when many moderators decide at the same moment', async () => {
    for (const actions of [['remove'], ['keep'], ['remove', 'keep']]) {
      const { id } = await ann.comment(key, 'A race.');
      await ben.post(`/comments/${id}/reports`, { reason: 'spam' });
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, i) =>
          decide(i % 2 ? mod : colleague, id, { action: actions[i % actions.length] }),
        ),
      );
      const won = answers.filter((it) => it.status === 201);
      const lost = answers.filter((it) => it.status === 409);
      // A kept comment may still be removed by another moderator, which makes two rows in this order.
      const log = await logOf(id);
      expect(won.length + lost.length).toBe(8);
      expect(log).toHaveLength(won.length);
      expect([['remove'], ['keep'], ['keep', 'remove']]).toContainEqual(log.map((it) => it.action));
      expect(new Set(log.map((it) => it.action)).size).toBeLessThanOrEqual(actions.length);
      for (const { body } of lost)
        expect(body).toMatchObject({ code: 'moderation.already_decided', decision: { id: expect.any(String) } });
    }
  });

  it('gets the first answer for repeats of one key, at once and later', async () => {
    const { id } = await ann.comment(key, 'Pressed twice.');
    const before = await counts();
    const headers = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(Array.from({ length: 12 }, () => decide(mod, id, { action: 'remove' }, headers)));
    answers.push(await decide(mod, id, { action: 'remove' }, headers));
    expect(new Set(answers.map((it) => `${it.status} ${it.text}`)).size).toBe(1);
    expect(answers[0]!.status).toBe(201);
    expect(await logOf(id)).toHaveLength(1);
    expect(await counts()).toBe(before - 1);
    expect((await decide(mod, id, { action: 'restore' }, headers)).status).toBe(422);
    // The same key of a colleague is another request.
    expect((await decide(colleague, id, { action: 'remove' }, headers)).status).toBe(409);
    // A refused request leaves its key unused.
    const free = { 'idempotency-key': randomUUID() };
    expect((await decide(mod, id, { action: 'remove' }, free)).status).toBe(409);
    await decide(mod, id, { action: 'restore' });
    expect((await decide(mod, id, { action: 'remove' }, free)).status).toBe(201);
  });

  it('is written to a log that refuses changes and deletions', async () => {
    const rows = await app.sql('select * from decisions order by id');
    expect(rows.length).toBeGreaterThan(5);
    for (const sql of [
      `update decisions set note = 'rewritten'`,
      `update decisions set reason = reason where id = ${String(rows[0]!.id)}`,
      'delete from decisions',
      'delete from decisions where false',
      'truncate decisions cascade',
    ])
      await expect(app.sql(sql)).rejects.toThrow('append-only');
    expect(await app.sql('select * from decisions order by id')).toEqual(rows);
  });

  it('is listed newest first, page by page, also by action', async () => {
    const walk = async (query: string): Promise<string[]> => {
      const seen: string[] = [];
      for (let next: string | null = ''; next !== null;) {
        const { body }: { body: Schemas['Decisions'] } = await mod.get<Schemas['Decisions']>(
          `/moderation/decisions?limit=3${query}${next && `&after=${next}`}`,
        );
        seen.push(...body.items.map((it) => it.id));
        next = body.next;
      }
      return seen;
    };
    const all = await app.sql<{ id: string; action: string }>(
      'select id::text as id, action from decisions order by decisions.id desc',
    );
    expect(await walk('')).toEqual(all.map((it) => it.id));
    expect(await walk('&action=restore')).toEqual(all.filter((it) => it.action === 'restore').map((it) => it.id));
    expect((await mod.get('/moderation/decisions?action=burn')).status).toBe(400);
  });

  it('refuses unknown and invalid input', async () => {
    const { id } = await ann.comment(key, 'Input.');
    for (const body of [
      {},
      { action: 'remove' },
      { reason: 'spam' },
      { action: 'delete', reason: 'spam' },
      { action: 'remove', reason: 'Because' },
      { action: 'remove', reason: 'spam', revision: 0 },
      { action: 'remove', reason: 'spam', revision: '1' },
      { action: 'remove', reason: 'spam', note: 'x'.repeat(1_001) },
      { action: 'remove', reason: 'spam', moderatorId: '1' },
    ])
      expect([body, (await mod.post(`/moderation/comments/${id}/decisions`, body)).status]).toEqual([body, 400]);
    expect(await logOf(id)).toEqual([]);
  });

  describe('for the reasons that the newsroom sets', () => {
    const change = (value: Reason[] | undefined, site: string | null = null) =>
      app.get(Settings).change({ actorId: null, key: moderationReasons.key, site, value, reason: '' });
    const initial = moderationReasons.initial as Reason[];
    const rumour: Reason = {
      id: 'rumour',
      label: 'Not Verified',
      explanation: 'Say where it was published. See https://post.example/rules.',
      for: 'both',
    };
    const tombstone = async (id: string) => (await app.anonymous().get<CommentView>(`/comments/${id}`)).body.removal;

    it('takes those of the comment’s site only, and lists them when it refuses another one', async () => {
      await app.get(Settings).addSite(null, 'evening');
      await change([...initial, { ...rumour, for: 'reports' }, { ...rumour, id: 'legal', for: 'decisions' }]);
      const { id } = await ann.comment(key, 'They say that the harbour closes.');
      const report = (reason: string) => ben.post(`/comments/${id}/reports`, { reason });
      expectProblem(await report('legal'), 422, 'reason.unknown');
      const { body: problem } = await report('boredom');
      expect(problem).toMatchObject({ reasons: ['abuse', 'spam', 'off-topic', 'other', 'rumour'] });
      expect(problem.detail).toContain('Personal attack or abuse');
      expect((await report('rumour')).status).toBe(201);
      expectProblem(await decide(mod, id, { action: 'remove', reason: 'rumour' }), 422, 'reason.unknown');
      expect(await logOf(id)).toEqual([]);
      expect((await decide(mod, id, { action: 'remove', reason: 'legal' })).status).toBe(201);
      const offered = await app.anonymous().get<Schemas['ReportReasons']>(`/articles/${key}/reasons`);
      expect(offered.body.items.at(-1)).toEqual({ id: 'rumour', label: 'Not Verified' });
      await change([initial.at(-1)!], 'evening');
      const { sites } = (await mod.get<Schemas['DeskReasons']>('/moderation/reasons')).body;
      expect(sites.map((it) => [it.site, it.choices])).toEqual([
        [null, ['abuse', 'spam', 'off-topic', 'other', 'legal']],
        ['evening', ['other']],
      ]);
    });

    it('keeps the words of a reason that was taken out, for readers and at the desk', async () => {
      const { id } = await ann.comment(key, 'It closes tomorrow, a friend told me.');
      await change([...initial, rumour]);
      await decide(mod, id, { action: 'remove', reason: 'rumour' });
      expect(await tombstone(id)).toEqual({ reason: 'rumour', label: 'Not Verified' });
      await change(initial.map((it) => ({ ...it, label: `${it.label}!` })));
      expect(await tombstone(id)).toEqual({ reason: 'rumour', label: 'Not Verified' });
      const { sites } = (await mod.get<Schemas['DeskReasons']>('/moderation/reasons')).body;
      expect(sites[0]!.labels).toMatchObject({ rumour: 'Not Verified', spam: 'Spam or advertising!' });
      await decide(mod, id, { action: 'restore', reason: 'other' });
      await decide(mod, id, { action: 'remove', reason: 'other' });
      expect(await tombstone(id)).toEqual({ reason: 'other', label: null });
    });

    it('explains the reason to the author, and to nobody else', async () => {
      await change([...initial, rumour]);
      const { id } = await ann.comment(key, 'And the day after, too.');
      await decide(mod, id, { action: 'remove', reason: 'rumour' });
      const removals = async (actor: Actor) =>
        (await actor.get<Schemas['Mine']>(`/articles/${key}/mine`)).body.removals[id];
      expect(await removals(ann)).toBe(rumour.explanation);
      expect(await removals(ben)).toBeUndefined();
    });

    it('are refused when an id stands twice or “other” is missing', async () => {
      const admin = await app.reader('Ad Min', 'admin');
      for (const [value, words] of [
        [[...initial, rumour, rumour], 'stands twice'],
        [initial.slice(0, 2), 'must stay'],
        [[...initial, { ...rumour, id: 'Two words' }], 'small letters'],
        [[...initial, { ...rumour, label: ' ' }], 'must not be empty'],
      ] as const) {
        const refused = await admin.put('/settings/moderation.reasons', { value });
        expectProblem(refused, 422, 'setting.invalid');
        expect(refused.body.detail).toContain(words);
      }
    });
  });

  describe('sweep: the numbers of the desk', () => {
    const numbers = async () => (await mod.get<Schemas['Statistics']>('/moderation/statistics')).body;

    it('count comments, decided reports, subscribers and payments of the last seven days', async () => {
      const before = await numbers();
      const story = await app.article();
      const comments = [await ann.comment(story, 'Counted.'), await ann.comment(story, 'Counted, too.')];
      for (const { id } of comments) {
        expect((await ben.post(`/comments/${id}/reports`, { reason: 'spam' })).status).toBe(201);
        await decide(mod, id, { action: 'keep', reason: 'other' });
      }
      await app.sql(`update reports r set created_at = d.created_at - interval '90 seconds'
        from decisions d where d.id = r.decision_id`);
      await app.sql(
        `insert into push_subscriptions
           (public_id, endpoint, endpoint_hash, p256dh, auth, key_id, time_zone, state, created_at, seen_at, changed_at)
         select n, n, sha256(n::bytea), '', '', k.id, 'UTC', state, at, now(), now()
         from (values ('new', 'active', now()), ('old', 'active', now() - interval '8 days'), ('gone', 'gone', now()))
           s (n, state, at), (select min(id) as id from push_keys) k`,
      );
      await app.sql(
        `insert into donations (id, request_scope, request_hash, amount_minor, currency, recurrence, country, variant,
           visibility, return_url, created_at)
         values ('counted', 'x', '', 500, 'usd', 'once', 'US', 'a', 'anonymous', '', now())`,
      );
      await app.sql(
        `insert into ledger_entries
           (entry_key, donation_id, kind, payment_id, amount_minor, currency, drift, source, occurred_at)
         values ('p1', 'counted', 'payment', 'p1', 500, 'usd', false, 'x', now()),
           ('p2', 'counted', 'payment', 'p2', 700, 'usd', false, 'x', now() - interval '6 days'),
           ('r1', 'counted', 'refund', 'p1', -500, 'usd', false, 'x', now()),
           ('p3', 'counted', 'payment', 'p3', 900, 'usd', false, 'x', now() - interval '8 days')`,
      );
      const after = await numbers();
      expect(after.days).toBe(7);
      expect(after.comments.count - before.comments.count).toBe(2);
      expect(after.comments.lastDay - before.comments.lastDay).toBe(2);
      expect(after.decisions.count - before.decisions.count).toBe(2);
      expect(after.decisions.medianSecondsInQueue).toBe(90);
      expect(after.subscribers.active - before.subscribers.active).toBe(2);
      expect(after.subscribers.added - before.subscribers.added).toBe(1);
      expect(after.gifts).toEqual([{ currency: 'usd', count: 2, amount: 1_200 }]);
    });

    it('are refused to a reader and to somebody who is not signed in', async () => {
      expect((await ann.get('/moderation/statistics')).status).toBe(403);
      expect((await app.anonymous().get('/moderation/statistics')).status).toBe(401);
    });
  });
});
