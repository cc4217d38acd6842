import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { Comment, CommentsPage, Frame, FrameItem, Page } from '../../web/shared/contract.js';
import { FrameLog } from '../../web/shared/page/frame-log.js';
import { shown } from '../../web/embed/comments/thread-list.js';
import { ThreadStore } from '../../web/embed/comments/thread-store.js';

/** Models the server's conversation as the contract describes it: a log of positions, joined at reading. */
class Server {
  rows: Comment[] = [];
  log: { kind: 'comment' | 'reactions'; id: string }[] = [];

  act([verb, a, b]: readonly [number, number, number]): void {
    const target = this.rows[a % Math.max(1, this.rows.length)];
    if (verb < 5 || !target) {
      const parent = b % 2 && target ? target : undefined;
      const id = `c${this.rows.length + 1}`;
      this.rows.push({
        id,
        articleKey: 'k',
        parentId: parent?.id ?? null,
        depth: (parent?.depth ?? -1) + 1,
        author: { id: 'somebody', displayName: 'Somebody', badges: [] },
        body: id,
        createdAt: new Date(this.rows.length * 60_000).toISOString(),
        editedAt: null,
        state: 'published',
        reactions: {},
        replyCount: 0,
      });
      this.log.push({ kind: 'comment', id });
    } else if (verb === 5) {
      target.reactions = { like: (target.reactions.like ?? 0) + 1 };
      this.log.push({ kind: 'reactions', id: target.id });
    } else {
      if (verb === 6 && target.state === 'published') target.body += '!';
      else target.state = target.state === 'removed' ? 'published' : 'removed';
      this.log.push({ kind: 'comment', id: target.id });
    }
  }

  private view(row: Comment, preview: number): Comment {
    const children = this.rows.filter((it) => it.parentId === row.id);
    return {
      ...row,
      body: row.state === 'published' ? row.body : null,
      reactions: { ...row.reactions },
      replyCount: children.filter((it) => it.state === 'published').length,
      ...(preview && children.length ? { replies: this.replies(row.id, null, preview) } : {}),
    };
  }

  replies(id: string, after: string | null, limit: number): Page<Comment> {
    return this.slice(
      this.rows.filter((it) => it.parentId === id),
      after,
      limit,
    );
  }

  roots(after: string | null, limit: number): CommentsPage {
    const slice = this.slice(this.rows.filter((it) => it.parentId === null).toReversed(), after, limit);
    const article = { key: 'k', state: 'open', commentCount: this.count() } as const;
    return { ...slice, article, position: this.log.length };
  }

  private slice(rows: Comment[], after: string | null, limit: number): Page<Comment> {
    const start = after ? rows.findIndex((it) => it.id === after) + 1 : 0;
    const items = rows.slice(start, start + limit);
    const next = start + limit < rows.length ? items.at(-1)!.id : null;
    return { items: items.map((it) => this.view(it, 2)), next };
  }

  events(from: number, to = this.log.length): Frame {
    const last = new Map<string, number>();
    for (let position = from + 1; position <= to; position += 1) {
      const { kind, id } = this.log[position - 1]!;
      last.set(`${kind} ${id}`, position);
    }
    const items = [...last].map(([what, position]): FrameItem => {
      const [kind, id] = what.split(' ');
      const row = this.rows.find((it) => it.id === id)!;
      if (kind === 'reactions') return { kind, position, counts: [{ id: row.id, reactions: { ...row.reactions } }] };
      const parent = this.rows.find((it) => it.id === row.parentId);
      const count = parent && { id: parent.id, replyCount: this.view(parent, 0).replyCount };
      return { kind: 'comment', position, comment: this.view(row, 0), ...(count ? { parent: count } : {}) };
    });
    return { from, to, commentCount: this.count(), items: items.sort((a, b) => a.position - b.position) };
  }

  private count() {
    return this.rows.filter((it) => it.state === 'published').length;
  }
}

class Reader {
  store = new ThreadStore();
  log: FrameLog;

  constructor(private readonly server: Server) {
    const page = structuredClone(server.roots(null, 3));
    this.store.load(page, 'newest');
    this.log = new FrameLog(page.position);
  }

  hear(frame: Frame): void {
    const { ready, gap } = this.log.accept(frame);
    for (const it of ready) this.store.apply(it);
    if (gap) this.hear(structuredClone(this.server.events(this.log.position)));
  }

  readOn(): void {
    const { roots } = this.store;
    if (roots.more) this.store.append(structuredClone(this.server.roots(roots.after, 3)));
    for (const { comment, replies } of this.store.nodes.values()) {
      if (replies.more)
        this.store.appendReplies(comment.id, structuredClone(this.server.replies(comment.id, replies.after, 3)));
    }
  }

  finish(): unknown {
    const more = () => this.store.roots.more || [...this.store.nodes.values()].some((it) => it.replies.more);
    while (more()) this.readOn();
    this.store.reveal(null);
    for (const id of this.store.nodes.keys()) this.store.reveal(id);
    const draw = (ids: string[]): unknown =>
      ids.toSorted().map((id) => {
        const { comment, replies } = this.store.nodes.get(id)!;
        const { body, state, reactions, replyCount } = comment;
        return { id, body: body ?? null, state, reactions, replyCount, replies: draw(shown(replies)) };
      });
    return { commentCount: this.store.article?.commentCount, threads: draw(shown(this.store.roots)) };
  }
}

const act = fc.tuple(fc.nat(8), fc.nat(), fc.nat());
const delivery = fc.constantFrom('at once', 'lost', 'late', 'twice', 'read on');

describe('a page that hears frames late, twice, out of order or not at all', () => {
  it('ends equal to a fresh load', () => {
    fc.assert(
      fc.property(
        fc.array(act, { maxLength: 12 }),
        fc.array(fc.tuple(act, delivery), { maxLength: 40 }),
        (before, live) => {
          const server = new Server();
          for (const it of before) server.act(it);
          const reader = new Reader(server);
          let sent = server.log.length;
          const late: Frame[] = [];
          for (const [it, how] of live) {
            server.act(it);
            if (how === 'read on') reader.readOn();
            const frame = structuredClone(server.events(sent));
            sent = frame.to;
            if (how === 'late') late.unshift(frame);
            if (how === 'at once' || how === 'twice') reader.hear(frame);
            if (how === 'twice') reader.hear(frame);
          }
          for (const frame of late) reader.hear(frame);
          reader.hear(structuredClone(server.events(reader.log.position)));
          assert.deepEqual(reader.finish(), new Reader(server).finish());
        },
      ),
      {
        numRuns: Number(process.env.RUNS ?? 400),
        examples: [
          // This edits a reply that was not read yet and that has a reply of its own.
          [
            [
              [0, 0, 0],
              [0, 0, 1],
              [0, 0, 1],
              [0, 0, 1],
              [0, 3, 1],
            ],
            [[[6, 3, 0], 'at once']],
          ],
        ],
      },
    );
  });
});
