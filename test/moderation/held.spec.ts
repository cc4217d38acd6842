import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AuditService } from '../../src/audit/audit.service.js';
import { ArticleJoins } from '../../src/articles/article-joins.service.js';
import { purgeHeldComments } from '../../src/comments/writing/purge-held-comments.job.js';
import {
  holdLinks,
  newcomerComments,
  preModeratedSections,
  preModeration,
} from '../../src/screening/pre-moderation.settings.js';
import type { Setting } from '../../src/settings/setting.js';
import { Settings } from '../../src/settings/settings.service.js';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor, CommentView } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { expectProblem } from '../support/problems.js';
import { until } from '../support/until.js';

type Held = Schemas['HeldComment'];
type HeldCase = Schemas['HeldCase'];

describe('a comment that waits for a moderator', () => {
  let app: TestApp;
  let ann: Actor;
  let ben: Actor;
  let mod: Actor;
  let key: string;

  beforeAll(async () => {
    app = await TestApp.start();
    [ann, ben] = [await app.reader('Ann Reader'), await app.reader('Ben Other')];
    mod = await app.reader('Mo Derates', 'moderator');
  });
  afterAll(() => app.stop());
  beforeEach(async () => {
    key = await app.article();
    await set(preModeration, 'everyone');
  });

  const set = <T>(setting: Setting<T>, value: T) =>
    app.get(Settings).change({ actorId: null, key: setting.key, site: null, value, reason: '' });
  const send = <T = Held>(actor: Actor, body: string, more: object = {}, headers = {}) =>
    actor.post<T>(`/articles/${key}/comments`, { body, ...more }, headers);
  const held = async (actor: Actor, body: string, more: object = {}): Promise<Held> => {
    const answer = await send(actor, body, more);
    expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
    return answer.body;
  };
  /** Writes a comment that is public at once. */
  const published = async (actor: Actor, body: string, parentId?: string): Promise<CommentView> => {
    await set(preModeration, 'off');
    const comment = await actor.comment(key, body, parentId);
    await set(preModeration, 'everyone');
    return comment;
  };
  const decide = (actor: Actor, id: string, decision: object, headers = {}) =>
    actor.post<HeldCase & { case?: HeldCase; code?: string }>(`/moderation/held/${id}/decisions`, decision, headers);
  const approve = { action: 'approve' };
  const reject = { action: 'reject', reason: 'abuse' };
  const mine = async (actor: Actor) => (await actor.get<Schemas['Mine']>(`/articles/${key}/mine`)).body.held;
  const thread = async (actor: Actor = app.anonymous()) =>
    (await actor.get<Schemas['Thread']>(`/articles/${key}/comments`)).body;
  const queue = async () => (await mod.get<Schemas['HeldQueue']>('/moderation/held?limit=100')).body;

  it('is answered with 202 and shown to its author only, once for each repeat', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const first = await send(ann, ' My first word. ', {}, headers);
    expect([first.status, first.body]).toEqual([
      202,
      {
        id: expect.any(String),
        articleKey: key,
        parentId: null,
        body: 'My first word.',
        createdAt: expect.any(String),
        state: 'held',
        reason: 'Here a moderator reads each comment before it is public.',
      },
    ]);
    expect((await send(ann, ' My first word. ', {}, headers)).text).toBe(first.text);
    expect(await mine(ann)).toEqual([first.body]);
    expect(await mine(ben)).toEqual([]);
    expect(await thread()).toMatchObject({ items: [], article: { commentCount: 0 } });
    expect((await queue()).items.filter((it) => it.article.key === key)).toMatchObject([
      {
        id: first.body.id,
        body: 'My first word.',
        rule: 'held.everyone',
        author: { id: ann.accountId },
        decision: null,
      },
    ]);
    for (const other of [ben, app.anonymous()])
      expect((await other.get(`/moderation/held/${first.body.id}`)).status).toBeGreaterThanOrEqual(401);
  });

  it('becomes a comment of the moment when a moderator approves it', async () => {
    const root = await published(ben, 'A root.');
    const text = await held(ann, 'A reply that waits.', { parentId: root.id });
    const later = await published(ben, 'Written later, public earlier.', root.id);
    const reader = await ben.connect();
    await reader.join(key);
    const answer = await decide(mod, text.id, { ...approve, note: 'Fine.' });
    expect([answer.status, answer.body]).toEqual([
      201,
      expect.objectContaining({
        id: text.id,
        state: 'approved',
        body: '',
        commentId: expect.any(String),
        ancestors: [expect.objectContaining({ id: root.id })],
        decision: expect.objectContaining({ action: 'approve', reason: null, note: 'Fine.' }),
      }),
    ]);
    const { commentId } = answer.body;
    await until('the frame', () => reader.frames.some((it) => JSON.stringify(it).includes('A reply that waits.')));
    const { body: replies } = await ben.get<Schemas['Comments']>(`/comments/${root.id}/replies`);
    expect(replies.items.map((it) => [it.id, it.body])).toEqual([
      [later.id, later.body],
      [commentId, 'A reply that waits.'],
    ]);
    expect((await thread()).article.commentCount).toBe(3);
    expect(await mine(ann)).toEqual([]);
    const { body: log } = await mod.get<Schemas['Decisions']>('/moderation/decisions?action=approve&limit=1');
    expect(log.items).toMatchObject([
      { commentId, heldId: text.id, state: 'published', excerpt: 'A reply that waits.' },
    ]);
    const audit = await app.sql(
      `select action, detail from audit_log where subject_type = 'held' and subject_id = $1`,
      [text.id],
    );
    expect(audit).toEqual([{ action: 'held.approve', detail: { decisionId: log.items[0]!.id, commentId } }]);
  });

  it('is seen by its author alone with the outcome when a moderator rejects it, and erased after thirty days', async () => {
    const text = await held(ann, 'An insult.');
    expect((await decide(mod, text.id, reject)).body).toMatchObject({
      state: 'rejected',
      commentId: null,
      decision: { action: 'reject', reason: 'abuse' },
    });
    expect(await mine(ann)).toMatchObject([{ id: text.id, state: 'rejected', body: 'An insult.' }]);
    expect((await thread(ann)).items).toEqual([]);
    expectProblem(await ann.delete(`/held-comments/${text.id}`), 409, 'comment.decided');
    const { body: log } = await mod.get<Schemas['Decisions']>('/moderation/decisions?limit=1');
    expect(log.items).toMatchObject([{ commentId: null, heldId: text.id, state: 'rejected', excerpt: 'An insult.' }]);
    for (const [days, body] of [
      [29, 'An insult.'],
      [31, ''],
    ] as const) {
      await app.sql('update held_comments set decided_at = $2 where id = $1', [
        text.id,
        new Date(app.clock.now().getTime() - days * 86_400_000),
      ]);
      const since = new Date(app.clock.now().getTime() - 30 * 86_400_000);
      await app.sql(purgeHeldComments.steps[0]!.sql, [since]);
      expect((await mod.get<HeldCase>(`/moderation/held/${text.id}`)).body.body).toBe(body);
    }
    expect(await mine(ann)).toEqual([]);
  });

  it('can be taken back by its author and by nobody else', async () => {
    const text = await held(ann, 'On second thought.');
    for (const id of [text.id, '999999999', 'x'])
      expectProblem(await ben.delete(`/held-comments/${id}`), 404, 'comment.not_found');
    expect((await app.anonymous().delete(`/held-comments/${text.id}`)).status).toBe(401);
    for (let again = 0; again < 2; again += 1) expect((await ann.delete(`/held-comments/${text.id}`)).status).toBe(204);
    expect(await mine(ann)).toEqual([]);
    const refused = await decide(mod, text.id, approve);
    expectProblem(refused, 409, 'moderation.already_decided');
    expect(refused.body.case).toMatchObject({ state: 'withdrawn', body: '', decision: null });
  });

  it('is decided on once when ten moderators decide at the same moment', async () => {
    const crowd = await Promise.all(Array.from({ length: 10 }, (_, n) => app.reader(`Mo ${n}`, 'moderator')));
    const texts = await Promise.all(['one', 'two', 'three'].map((it) => held(ann, `Text ${it} for the crowd.`)));
    const answers = await Promise.all(
      texts.flatMap(({ id }) => crowd.map((it, n) => decide(it, id, n % 2 ? approve : reject))),
    );
    const won = answers.filter((it) => it.status === 201);
    expect(won.map((it) => it.body.id).sort()).toEqual(texts.map((it) => it.id).sort());
    for (const it of answers.filter((answer) => answer.status !== 201)) {
      expectProblem(it, 409, 'moderation.already_decided');
      expect(it.body.case!.decision).toEqual(won.find(({ body }) => body.id === it.body.case!.id)!.body.decision);
    }
    const approved = won.filter((it) => it.body.state === 'approved').length;
    expect((await thread()).article.commentCount).toBe(approved);
    expect((await queue()).items.filter((it) => it.article.key === key)).toEqual([]);
  });

  it('gives a repeated decision the first answer, and refuses a reader, a malformed one and an unknown text', async () => {
    const text = await held(ann, 'Decide me.');
    const headers = { 'idempotency-key': randomUUID() };
    expectProblem(await decide(ann, text.id, approve), 403, 'role.required');
    for (const wrong of [
      { action: 'reject' },
      { action: 'remove', reason: 'abuse' },
      { ...approve, reason: 'abuse' },
      {},
    ])
      expectProblem(await decide(mod, text.id, wrong), 400, 'request.invalid');
    for (const id of ['999999999', 'x', '1e3']) expectProblem(await decide(mod, id, approve), 404, 'comment.not_found');
    const first = await decide(mod, text.id, approve, headers);
    expect((await decide(mod, text.id, approve, headers)).text).toBe(first.text);
    expectProblem(await decide(mod, text.id, reject, headers), 422, 'idempotency.key_reused');
  });

  it('stays when the decision fails in the middle', async () => {
    const text = await held(ann, 'Half decided.');
    const record = jest.spyOn(app.get(AuditService), 'record').mockRejectedValueOnce(new Error('The disk is full.'));
    expect((await decide(mod, text.id, approve)).status).toBe(500);
    record.mockRestore();
    expect(await thread()).toMatchObject({ items: [], article: { commentCount: 0 } });
    expect((await mod.get<HeldCase>(`/moderation/held/${text.id}`)).body).toMatchObject({
      state: 'held',
      decision: null,
    });
    expect((await decide(mod, text.id, approve)).status).toBe(201);
  });

  it('needs an open conversation and the comment that it answers', async () => {
    const root = await published(ben, 'Soon gone.');
    const text = await held(ann, 'An answer.', { parentId: root.id });
    expectProblem(await send(ann, 'To nobody.', { parentId: '999999999' }), 404, 'comment.not_found');
    await mod.post(`/moderation/comments/${root.id}/decisions`, { action: 'remove', reason: 'spam' });
    expectProblem(await send(ann, 'Another answer.', { parentId: root.id }), 409, 'comment.parent_gone');
    expectProblem(await decide(mod, text.id, approve), 409, 'held.parent_gone');
    const early = await held(ann, 'Before the end.');
    await app.sql(`update articles set state = 'closed' where key = $1`, [key]);
    expectProblem(await send(ann, 'Too late.'), 409, 'article.closed');
    expect((await decide(mod, early.id, approve)).status).toBe(201);
  });

  it('does not become public when its author was banned meanwhile', async () => {
    const banned = await app.reader('Bad Egg');
    const text = await held(banned, 'The last word of a banned reader.');
    const ban = `/readers/${banned.accountId}/ban`;
    await mod.put(ban, { reason: 'Threats.' });
    expectProblem(await decide(mod, text.id, approve), 409, 'held.author_banned');
    expect((await mod.get<HeldCase>(`/moderation/held/${text.id}`)).body).toMatchObject({
      state: 'held',
      decision: null,
    });
    expect((await thread()).items).toEqual([]);
    await mod.delete(ban, { reason: 'A mistake.' });
    expect((await decide(mod, text.id, approve)).status).toBe(201);
  });

  it('moves with its conversation when the operator joins it with another one', async () => {
    const text = await held(ann, 'Written under the old address.');
    const target = await app.article();
    await app.get(ArticleJoins).join(key, target);
    key = target;
    expect(await mine(ann)).toMatchObject([{ id: text.id, articleKey: target }]);
    expect((await decide(mod, text.id, approve)).status).toBe(201);
    expect((await thread()).items.map((it) => it.body)).toEqual(['Written under the old address.']);
  });

  it('is what a change of a public comment cannot become', async () => {
    const comment = await published(ann, 'As it is.');
    const refused = await ann.patch<{ detail: string }>(`/comments/${comment.id}`, { body: 'As it was.' });
    expectProblem(refused, 422, 'comment.edit_held');
    expect((await thread()).items[0]!.body).toBe('As it is.');
  });

  it.each(['newcomers', 'sections', 'links'])(
    'is chosen by the rule for %s, and never one of the staff',
    async (rule) => {
      const fresh = await app.reader('New Comer');
      await set(preModeration, rule === 'newcomers' ? 'newcomers' : 'off');
      if (rule === 'sections') {
        await set(preModeratedSections, ['courts']);
        await app.sql(`update articles set section = 'Courts' where key = $1`, [key]);
      }
      if (rule === 'links') await set(holdLinks, true);
      try {
        // An account posts no links in its first day, so the link is that of an older one.
        await app.sql(`update accounts set created_at = created_at - interval '2 days' where id = $1`, [fresh.rowId]);
        const link = 'https://news.example/a';
        const body = {
          newcomers: `The council met about ${link} on Monday.`,
          sections: `Nobody was heard by the judge in ${link}, sadly.`,
          links: `More about tides and boats stands in ${link}.`,
        }[rule]!;
        const text = await held(fresh, body);
        expect((await mod.get<HeldCase>(`/moderation/held/${text.id}`)).body.rule).toBe(
          `held.${rule.replace(/s$/, '')}`,
        );
        expect((await send(mod, `${randomUUID()} ${link}`)).status).toBe(201);
        if (rule !== 'newcomers') return;
        await set(newcomerComments, 1);
        expect((await send(fresh, 'A second one, still new.')).status).toBe(202);
        await decide(mod, text.id, approve);
        expect((await send(fresh, 'A third one, known by now.')).status).toBe(201);
      } finally {
        await set(preModeratedSections, []);
        await set(holdLinks, false);
        await set(newcomerComments, 2);
      }
    },
  );
});
