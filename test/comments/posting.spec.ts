import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { until } from '../support/until.js';

describe('posting', () => {
  let app: TestApp;
  let ann: Actor;
  let ben: Actor;
  let mod: Actor;

  beforeAll(async () => {
    app = await TestApp.start();
    ann = await app.reader('Ann Reader');
    ben = await app.reader('Ben Other');
    mod = await app.reader('Mo Derator', 'moderator');
  });
  afterAll(() => app.stop());

  it('shows a comment and the reply to it on the first page', async () => {
    const key = await app.article();
    const root = await ann.comment(key, 'A first word.');
    const reply = await ben.comment(key, 'And a second.', root.id);
    const { body } = await app.anonymous().get<Schemas['Thread']>(`/articles/${key}/comments`);
    expect(body.article).toEqual({ key, state: 'open', commentCount: 2 });
    expect(body.position).toBe(2);
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({
      ...root,
      replyCount: 1,
      replies: { items: [{ id: reply.id, depth: 1 }], next: null },
    });
  });

  it('sends each change to an open page, in order and without a gap', async () => {
    const key = await app.article();
    const live = await ben.connect();
    expect(await live.join(key, 0)).toMatchObject({ ok: true, position: 0, article: key });
    const root = await ann.comment(key, 'Watch me.');
    const reply = await ben.comment(key, 'I do.', root.id);
    await ben.put(`/comments/${root.id}/reactions/like`);
    await ann.patch(`/comments/${root.id}`, { body: 'Watch me change.' });
    await mod.post(`/moderation/comments/${reply.id}/decisions`, { action: 'remove', reason: 'abuse' });
    await until('the removal', () => live.frames.at(-1)?.to === 5);
    let position = 0;
    for (const frame of live.frames) {
      expect(frame.from).toBe(position);
      position = frame.to;
    }
    const items = live.frames.flatMap((it) => it.items);
    expect(items).toContainEqual(
      expect.objectContaining({
        kind: 'comment',
        comment: expect.objectContaining({ id: root.id, body: 'Watch me change.' }),
      }),
    );
    expect(items).toContainEqual(
      expect.objectContaining({ kind: 'reactions', counts: [{ id: root.id, reactions: { like: 1 } }] }),
    );
    expect(items.filter((it) => it.kind === 'comment').at(-1)).toMatchObject({
      comment: { id: reply.id, body: null, author: null, removal: { reason: 'abuse' } },
    });
    expect(live.frames.at(-1)?.commentCount).toBe(1);
  });

  it('sends a follower an event when the feed changes, and shows replies to followed readers', async () => {
    const key = await app.article();
    const cat = await app.reader('Cat Follower');
    await cat.put(`/readers/${ann.accountId}/follow`);
    const live = await cat.live();
    const root = await ann.comment(key, 'For my followers.');
    await until('the feed event', () => live.events.includes('feed'));
    const reply = await ben.comment(key, 'From a stranger.', root.id);
    const { body } = await cat.get<Schemas['Feed']>('/me/following/comments');
    expect(body.items.slice(0, 2).map((it) => [it.comment.id, it.because])).toEqual([
      [reply.id, 'reply'],
      [root.id, 'followed'],
    ]);
  });
});
