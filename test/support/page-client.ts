import { setTimeout as wait } from 'node:timers/promises';
import { FrameLog } from '../../web/shared/page/frame-log.js';
import { ThreadStore } from '../../web/embed/comments/thread-store.js';
import type { ArticleFrame, Frame, FrameItem, LogEvents } from '../../web/shared/contract.js';
import type { Socket } from 'socket.io-client';
import type { Actor, LooseAck } from './actor.js';
import { type Flat, flat } from './fresh-load.js';

/**
 * A long-lived page. It merges frames into the conversation, closes gaps by `/events`, and continues from its position
 * after every reconnection. Without a socket it polls. It begins with an empty conversation at position 0, and passes
 * its frames to the embed's log and store, which must have the same result.
 */
export class PageClient {
  readonly comments = new Map<string, Flat>();
  /** The same conversation in the embed's own code. */
  readonly embed = { log: new FrameLog(), store: new ThreadStore() };
  position = 0;
  count = 0;
  /** Faults that no client may see. The test asserts that the list stays empty. */
  readonly violations: string[] = [];
  /** Counts of reconnections and gaps, which prove that the test caused them. */
  readonly happened = { frames: 0, cuts: 0, gaps: 0, joins: 0, polls: 0 };
  private socket: Socket | undefined;
  private catching: Promise<void> | undefined;
  private closed = false;
  /** The end of a frame that was dropped because it came too early. Catching up continues until this position. */
  private targetPosition = 0;
  /** The end of the last frame of this connection, where the next one must begin. */
  private lastTo: number | undefined;

  constructor(
    private readonly actor: Actor,
    private readonly key: string,
  ) {
    this.embed.store.load(
      { article: { key, state: 'open', commentCount: 0 }, items: [], next: null, position: 0 },
      'oldest',
    );
  }

  /** Follows the conversation by a socket. */
  async goLive(): Promise<void> {
    const { socket } = await this.actor.connect({ reconnectionDelay: 20, reconnectionDelayMax: 200 });
    this.socket = socket;
    socket.on('frame', (frame: ArticleFrame) => this.receive(frame));
    socket.on('connect', () => void this.join());
    await this.join();
  }

  /** Follows the conversation by polling. */
  async poll(): Promise<void> {
    while (!this.closed) {
      await this.catchUp();
      this.happened.polls += 1;
      await wait(50);
    }
  }

  /** Cuts the network connection without closing the socket properly. */
  cut(): void {
    if (!this.socket?.connected) return;
    this.happened.cuts += 1;
    this.socket.io.engine.close();
  }

  close(): void {
    this.closed = true;
    this.socket?.close();
  }

  /** Reads the events since its position. The next call repeats a failed one. */
  catchUp(): Promise<void> {
    this.catching ??= this.readOn()
      .catch(() => undefined)
      .finally(() => (this.catching = undefined));
    return this.catching;
  }

  private async join(): Promise<void> {
    this.lastTo = undefined;
    const { position } = this;
    const ack = (await this.socket!.timeout(30_000)
      .emitWithAck('op', { op: 'join', article: this.key, after: position })
      .catch(() => undefined)) as LooseAck | undefined;
    if (!ack) return; // it was cut off again, and the next connection joins
    this.happened.joins += 1;
    if (!ack.ok) {
      // The database is away for a moment while the server starts.
      if (ack.code !== 'service.unavailable') this.violations.push(`join answered ${ack.code}`);
      await wait(100);
      if (this.socket!.connected) await this.join();
    } else if (ack.position! < position) this.violations.push(`joined at ${position}, put back to ${ack.position}`);
  }

  private receive(frame: ArticleFrame): void {
    this.happened.frames += 1;
    if (frame.to <= frame.from) this.violations.push(`a frame from ${frame.from} to ${frame.to}`);
    if (this.lastTo !== undefined && frame.from !== this.lastTo)
      this.violations.push(`after ${this.lastTo} came a frame from ${frame.from}`);
    this.lastTo = frame.to;
    // Some frames are dropped, so that the next one finds a gap.
    if (this.happened.frames % 10 === 0) setTimeout(() => this.take(frame), 400);
    else this.take(frame);
  }

  private take(frame: ArticleFrame): void {
    if (this.feedEmbed(frame)) void this.catchUp();
    if (frame.from > this.position) {
      this.happened.gaps += 1;
      this.targetPosition = frame.to;
      void this.catchUp();
    } else this.merge(frame);
  }

  private async readOn(): Promise<void> {
    for (let more = true; more || (this.position < this.targetPosition && !this.closed);) {
      const { status, body } = await this.actor.get<LogEvents>(`/articles/${this.key}/events?after=${this.position}`);
      if (status !== 200) {
        if (this.position >= this.targetPosition) return;
        await wait(100);
        continue;
      }
      if ('reset' in body) return void this.violations.push(`position ${this.position} was reset`);
      this.feedEmbed(body);
      this.merge(body);
      ({ more } = body);
    }
  }

  /** Passes a frame to the embed's log. @returns whether the log has a gap before it */
  private feedEmbed(frame: Frame): boolean {
    const { ready, gap } = this.embed.log.accept(frame);
    for (const it of ready) this.embed.store.apply(it);
    return gap;
  }

  private merge({ from, to, commentCount, items }: Frame): void {
    if (to <= this.position || from > this.position) return;
    for (const item of items) this.apply(item);
    this.position = to;
    this.count = commentCount;
  }

  private apply(item: FrameItem): void {
    if (item.kind === 'comment') this.comments.set(item.comment.id, flat(item.comment));
    if (item.kind === 'gone') this.comments.delete(item.id);
    if ((item.kind === 'comment' || item.kind === 'gone') && item.parent) {
      const { id, replyCount } = item.parent;
      this.change(id, () => ({ replyCount }));
    }
    if (item.kind === 'reactions') for (const { id, reactions } of item.counts) this.change(id, () => ({ reactions }));
    if (item.kind === 'author')
      for (const { id, author } of this.comments.values())
        if (author?.id === item.author.id) this.change(id, () => ({ author: item.author }));
  }

  private change(id: string, how: (known: Flat) => Partial<Flat>): void {
    const known = this.comments.get(id);
    if (known) this.comments.set(id, { ...known, ...how(known) });
  }
}
