import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { ConversationSource, LogRange } from './live-source.js';
import { backlogOf, type Frame, type LiveServer, type LiveSocket } from './live.types.js';

/** One emit to 10,000 sockets blocks the loop for 145 ms; to 300, for four. */
const ROOM_SIZE = 300;
const QUIET_MS = 50;
const BUSIEST_MS = 250;
const CATCH_UP_BACKLOG = 4;
/** How often a socket may find that the others have moved on meanwhile, before they wait for it. */
const ROUNDS = 5;

/**
 * One article's readers on this node. Reads the log from where the last frame ended and sends what is new, gathered:
 * at once when the article was quiet, else every 50 to 250 ms, growing with the audience.
 */
export class ArticleStream {
  private readonly rooms: { name: string; size: number }[] = [];
  /** Joins and frames take turns, so nobody joins in the middle of a frame. */
  private turn: Promise<void> = Promise.resolve();
  private scheduled = false;
  private joining = 0;
  private readonly reading = new Map<number, Promise<LogRange | undefined>>();
  private lastFrame = 0;

  /** @param emitted the position up to which frames were sent */
  constructor(
    readonly id: string,
    public key: string,
    public emitted: number,
    private readonly source: ConversationSource,
    private readonly server: LiveServer,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Whether nobody reads it here, nor is about to. */
  get idle(): boolean {
    return this.audience === 0 && this.joining === 0;
  }

  get audience(): number {
    return this.rooms.reduce((sum, it) => sum + it.size, 0);
  }

  /**
   * Adds a socket, which first gets the frames that it lacks since `after`.
   * @returns the position from which it follows, before the first of those frames leaves
   */
  async join(socket: LiveSocket, after: number | undefined): Promise<number> {
    this.joining += 1;
    try {
      // A page that was read over HTTP may be ahead of the frames, which are gathered for a moment.
      if (after !== undefined && after > this.emitted) await this.inTurn(() => this.advance());
    } catch (error) {
      this.joining -= 1;
      throw error;
    }
    const from = Math.min(after ?? this.emitted, this.emitted);
    if (socket.data.wanted.has(this.id)) {
      this.joining -= 1; // it follows already, or is about to
      return this.emitted;
    }
    socket.data.wanted.add(this.id);
    void nextTurn() // the acknowledgement goes out first
      .then(() => this.follow(socket, from))
      .catch((error: unknown) => {
        this.failed(error);
        socket.conn.close(true); // it connects and joins again from where it is
      })
      .finally(() => (this.joining -= 1));
    return from;
  }

  /** Takes its turn, so that who joins and leaves at once is gone in the end. */
  leave(socket: LiveSocket): Promise<void> {
    socket.data.wanted.delete(this.id);
    return this.inTurn(async () => this.remove(socket));
  }

  /** A socket that is gone already, or leaves in its turn. */
  remove(socket: LiveSocket): void {
    const name = socket.data.articles.get(this.id);
    const room = this.rooms.find((it) => it.name === name);
    if (!name || !room) return;
    room.size -= 1;
    socket.data.articles.delete(this.id);
    void socket.leave(name);
  }

  /** Something may be new. */
  notice(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    const window = Math.min(BUSIEST_MS, QUIET_MS + this.audience / 50);
    const pause = this.lastFrame + window - Date.now();
    void (pause > 0 ? wait(pause) : Promise.resolve())
      .then(() => {
        this.scheduled = false;
        return this.inTurn(() => this.advance());
      })
      .catch(this.failed); // the next poll tries again
  }

  /** Catches up outside the turn, so that who was away for long holds up nobody; then enters where all stand. */
  private async follow(socket: LiveSocket, from: number): Promise<void> {
    let position = from;
    for (let rounds = 1; this.awaits(socket); rounds += 1) {
      if (rounds <= ROUNDS) position = await this.catchUp(socket, position);
      const entered = await this.inTurn(async () => {
        // A read may be ahead of what the others were sent: bring them level, so that all share the next frame.
        if (position > this.emitted) await this.advance();
        if (rounds > ROUNDS) position = await this.catchUp(socket, position);
        if (position < this.emitted) return false;
        if (this.awaits(socket)) this.enter(socket);
        return true;
      });
      if (entered) return;
    }
  }

  /** @returns the position up to which the socket now was told everything */
  private async catchUp(socket: LiveSocket, from: number): Promise<number> {
    let position = from;
    while (position < this.emitted && this.awaits(socket)) {
      await drained(socket);
      const stretch = await this.read(position);
      if (!stretch || 'reset' in stretch) return this.emitted; // it sees the gap, and asks `/events`
      socket.emit('frame', this.frameOf(stretch));
      position = stretch.to;
    }
    return position;
  }

  /** After a restart all come back with the same position: they share one read. */
  private read(position: number): Promise<LogRange | undefined> {
    const known = this.reading.get(position);
    if (known) return known;
    const reading = this.source.events(this.key, position).finally(() => this.reading.delete(position));
    this.reading.set(position, reading);
    return reading;
  }

  /** Whether it is still there, and has not left again. */
  private awaits(socket: LiveSocket): boolean {
    return socket.connected && socket.data.wanted.has(this.id);
  }

  private enter(socket: LiveSocket): void {
    if (socket.data.articles.has(this.id)) return;
    let room = this.rooms.find((it) => it.size < ROOM_SIZE);
    if (!room) this.rooms.push((room = { name: `article:${this.id}:${this.rooms.length}`, size: 0 }));
    room.size += 1;
    socket.data.articles.set(this.id, room.name);
    void socket.join(room.name);
  }

  private async advance(): Promise<void> {
    for (;;) {
      const stretch = await this.source.events(this.key, this.emitted);
      if (!stretch) return;
      if ('reset' in stretch) {
        // The log is behind us (a restored backup): go on from there; clients see the gap and ask `/events`.
        this.emitted = (await this.source.position(this.key))?.seq ?? 0;
        return;
      }
      if (stretch.to === this.emitted) return;
      this.emitted = stretch.to;
      this.lastFrame = Date.now();
      const frame = this.frameOf(stretch);
      for (const [index, { name }] of this.rooms.entries()) {
        if (index) await nextTurn();
        this.server.to(name).emit('frame', frame);
      }
      // A renamed article: this frame still went out under the key that its readers know.
      for (const it of stretch.items) if (it.kind === 'article' && it.article) this.key = it.article.key;
      if (!stretch.more) return;
    }
  }

  private frameOf({ from, to, commentCount, items }: Omit<Frame, 'article'>): Frame {
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

/** Who is behind by much gets it at the pace at which it reads, so that its backlog lies in Postgres, not in memory. */
async function drained(socket: LiveSocket): Promise<void> {
  while (socket.connected && backlogOf(socket) > CATCH_UP_BACKLOG) await wait(20);
}
