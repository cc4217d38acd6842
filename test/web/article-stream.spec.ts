import { describe, expect, it } from '@jest/globals';
import { FakePage } from './embed-page.js';

const page = new FakePage().install();
const { ArticleStream } = await import('../../web/shared/page/article-stream.js');
const { Conversation } = await import('../../web/embed/comments/conversation.js');
const { ConversationWrites } = await import('../../web/embed/comments/conversation-writes.js');

const frame = (from: number, to: number) => ({ from, to, commentCount: to, items: [] });
const settled = () => new Promise((done) => setImmediate(done));

describe("an article's stream", () => {
  it('reads a gap at once, and does not retry earlier when frames come after a failure', async () => {
    const applied: number[] = [];
    const stream = new ArticleStream('ferries', { apply: ({ to }) => applied.push(to), reset: () => undefined });
    stream.receive(frame(2, 3));
    (await page.request(/events/)).lose();
    await settled();
    stream.receive(frame(4, 5));
    await new Promise((done) => setTimeout(done, 0).ref());
    expect(page.asked.filter(({ path }) => path.includes('events'))).toEqual([]);
    const caughtUp = stream.catchUp();
    (await page.request(/events/)).answer(200, { ...frame(0, 5), more: false });
    await caughtUp;
    expect(applied).toEqual([5]);
    stream.close();
  });

  it('reads no further once it is closed', async () => {
    const stream = new ArticleStream('ferries', { apply: () => undefined, reset: () => undefined });
    const caughtUp = stream.catchUp();
    const first = await page.request(/events/);
    stream.close();
    first.answer(200, { ...frame(0, 5), more: true });
    await caughtUp;
    expect(page.asked.filter(({ path }) => path.includes('events'))).toEqual([]);
  });
});

describe('a like', () => {
  it('is sent once when it is pressed again before the answer', async () => {
    const talk = new Conversation(() => undefined);
    const writes = new ConversationWrites(talk, () => undefined);
    const first = writes.like('c1');
    await writes.like('c1');
    const sent = await page.request(/reactions\/like/);
    expect(page.asked.filter(({ path }) => path.includes('like'))).toEqual([]);
    sent.answer(200, { reactions: { like: 1 } });
    await first;
    expect([...talk.liked]).toEqual(['c1']);
    const second = writes.like('c1');
    const back = await page.request(/reactions\/like/);
    expect(back.method).toBe('DELETE');
    back.answer(200, { reactions: { like: 0 } });
    await second;
    expect(talk.liked.size).toBe(0);
  });
});
