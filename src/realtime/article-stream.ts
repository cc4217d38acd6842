import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { ConversationSource, LogRange } from './live-source.js';
import { backlogPackets, type LiveServer, type LiveSocket, type SentFrame } from './live.types.js';

/**
 * The most sockets in one socket.io room: one emit to 10,000 sockets blocks the event loop for 145 ms, to 300 for 4.
 */
const ROOM_CAPACITY = 300;
const MIN_WINDOW_MS = 50;
const MAX_WINDOW_MS = 250;
/** The most packets that may wait for a client while it catches up. */
const CATCH_UP_BACKLOG = 4;
/** The most entries of the log that a socket catches up here; `/events` answers as many at once. */
const MOST_MISSED = 500;
/** The number of rounds in which a socket may find new frames of the others, before the others wait for it. */
const UNLOCKED_ROUNDS = 5;

/**
 * Sends one article's frames to its readers on this node. It reads the log from the end of the last frame and gathers
 * what is new: it sends at once when the article was quiet, and otherwise every 50 to 250 ms, longer for more readers.
 */
export class ArticleStream {
  private readonly rooms: { name: string; size: number }[] = [];
  /** Serialises joins and frames, so that no socket joins in the middle of a frame. */
  private turn: Promise<void> = Promise.resolve();
  private scheduled = false;
  private joining = 0;
  private readonly catchUps = new Map<number, SharedCatchUp>();
  private lastFrame = -Infinity;

  /** @param emitted the position up to which frames were sent */
  constructor(
    readonly id: string,
    public key: string,
    public emitted: number,
    private readonly source: ConversationSource,
    private readonly server: LiveServer,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Whether the article has no reader on this node, and none is joining. */
  get idle(): boolean {
    return this.audience === 0 && this.joining === 0;
  }

  get audience(): number {
    return this.rooms.reduce((sum, it) => sum + it.size, 0);
  }

  /**
   * Adds a socket, which first gets the frames that it lacks since `after`.
   * @returns the position from which it follows; it resolves before the first of those frames is sent
   */
  async join(socket: LiveSocket, after: number | undefined): Promise<number> {
    this.joining += 1;
    try {
      // A page that was read over HTTP may be ahead of the frames, because frames are gathered for a moment.
      if (after !== undefined && after > this.emitted) await this.inTurn(() => this.advance());
    } catch (error) {
      this.joining -= 1;
      throw error;
    }
    const from = Math.min(after ?? this.emitted, this.emitted);
    if (socket.data.joinedArticles.has(this.id)) {
      this.joining -= 1; // it follows the article already, or is joining it
      return this.emitted;
    }
    socket.data.joinedArticles.add(this.id);
    void nextTurn() // the acknowledgement is sent first
      .then(() => this.follow(socket, from))
      .catch((error: unknown) => {
        this.onFailure(error);
        socket.conn.close(true); // the client connects and joins again from its position
      })
      .finally(() => (this.joining -= 1));
    return from;
  }

  /** Removes a socket after the joins before it, so that a socket which joins and leaves at once ends outside. */
  leave(socket: LiveSocket): Promise<void> {
    socket.data.joinedArticles.delete(this.id);
    return this.inTurn(async () => this.remove(socket));
  }

  /** Removes a socket at once: it has disconnected, or its turn to leave has come. */
  remove(socket: LiveSocket): void {
    const name = socket.data.roomsByArticle.get(this.id);
    const room = this.rooms.find((it) => it.name === name);
    if (!name || !room) return;
    room.size -= 1;
    socket.data.roomsByArticle.delete(this.id);
    void socket.leave(name);
  }

  /** Sends what is new at the next allowed moment. Further calls until then change nothing. */
  advanceSoon(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    const window = Math.min(MAX_WINDOW_MS, MIN_WINDOW_MS + this.audience / 50);
    const pause = this.lastFrame + window - performance.now();
    void (pause > 0 ? wait(pause) : Promise.resolve())
      .then(() => {
        this.scheduled = false;
        return this.inTurn(() => this.advance());
      })
      .catch(this.onFailure); // the next poll tries again
  }

  /**
   * Brings the socket to the common position and then into a room. It catches up outside the turn, so that a socket
   * that was away for long delays no other.
   */
  private async follow(socket: LiveSocket, from: number): Promise<void> {
    let position = from;
    for (let rounds = 1; this.isFollowing(socket); rounds += 1) {
      if (rounds <= UNLOCKED_ROUNDS) position = await this.catchUp(socket, position);
      const entered = await this.inTurn(async () => {
        // The read may be ahead of the frames: send these first, so that all sockets share the next frame.
        if (position > this.emitted) await this.advance();
        if (rounds > UNLOCKED_ROUNDS) position = await this.catchUp(socket, position);
        if (position < this.emitted) return false;
        if (this.isFollowing(socket)) this.enter(socket);
        return true;
      });
      if (entered) return;
    }
  }

  /** @returns the position up to which everything was sent to the socket */
  private async catchUp(socket: LiveSocket, from: number): Promise<number> {
    let position = from;
    while (position < this.emitted && this.isFollowing(socket)) {
      await backlogDrained(socket);
      const range = this.emitted - from > MOST_MISSED ? undefined : await this.readFor(socket, position);
      if (!range || 'reset' in range) {
        socket.emit('reset', { article: this.key });
        return this.emitted;
      }
      position = range.to;
    }
    return position;
  }

  /**
   * Reads the log and sends the range. Sockets that come back with the same position, as after a restart, share one read
   * and one encoded frame.
   * @returns undefined when the range would be more than the socket may get
   */
  private async readFor(socket: LiveSocket, position: number): Promise<LogRange | undefined> {
    let shared = this.catchUps.get(position);
    if (!shared) {
      shared = { sockets: new Set(), range: this.sendTogether(position) };
      this.catchUps.set(position, shared);
    }
    const { sockets, range } = shared;
    sockets.add(socket);
    const read = await range;
    return sockets.has(socket) ? read : undefined;
  }

  /** Removes from the set the sockets that the range is too much for. */
  private async sendTogether(position: number): Promise<LogRange | undefined> {
    try {
      await nextTurn(); // others come in the same turn
      const range = await this.source.events(this.key, position);
      if (!range || 'reset' in range) return range;
      const sockets = this.catchUps.get(position)!.sockets;
      for (const it of sockets) if (!it.data.catchUp.take(range.size)) sockets.delete(it);
      const present = [...sockets].filter((it) => this.isFollowing(it));
      if (present.length) this.server.to(present.map((it) => it.id)).emit('frame', this.frameOf(range));
      return range;
    } finally {
      this.catchUps.delete(position);
    }
  }

  /** Whether the socket is connected and has not left the article. */
  private isFollowing(socket: LiveSocket): boolean {
    return socket.connected && socket.data.joinedArticles.has(this.id);
  }

  private enter(socket: LiveSocket): void {
    if (socket.data.roomsByArticle.has(this.id)) return;
    let room = this.rooms.find((it) => it.size < ROOM_CAPACITY);
    if (!room) this.rooms.push((room = { name: `article:${this.id}:${this.rooms.length}`, size: 0 }));
    room.size += 1;
    socket.data.roomsByArticle.set(this.id, room.name);
    void socket.join(room.name);
  }

  private async advance(): Promise<void> {
    for (;;) {
      const range = await this.source.events(this.key, this.emitted);
      if (!range) return;
      if ('reset' in range) {
        // The log is behind the stream after a backup was restored. Clients see the gap and read `/events`.
        this.emitted = (await this.source.position(this.key))?.seq ?? 0;
        return;
      }
      if (range.to === this.emitted) return;
      this.emitted = range.to;
      this.lastFrame = performance.now();
      const frame = this.frameOf(range);
      for (const [index, { name }] of this.rooms.entries()) {
        if (index) await nextTurn();
        this.server.to(name).emit('frame', frame);
      }
      // The frame of a renaming carries the key that the readers know; the next ones carry the new key.
      for (const it of range.items) if (it.kind === 'article' && it.article) this.key = it.article.key;
      if (!range.more) return;
    }
  }

  private frameOf({ from, to, commentCount, items }: Omit<SentFrame, 'article'>): SentFrame {
    return { article: this.key, from, to, commentCount, items };
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.then(
      () => {},
      () => {},
    );
    return result;
  }
}

interface SharedCatchUp {
  sockets: Set<LiveSocket>;
  range: Promise<LogRange | undefined>;
}

/** Waits until the client has read most of its packets, so that a long backlog stays in Postgres and not in memory. */
async function backlogDrained(socket: LiveSocket): Promise<void> {
  while (socket.connected && backlogPackets(socket) > CATCH_UP_BACKLOG) await wait(20);
}
