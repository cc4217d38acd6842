import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
} from '@nestjs/websockets';
import { browserOfHandshake } from '../accounts/sessions/cookies.js';
import { sessionAccount } from '../accounts/sessions/viewer.js';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { EventBus } from '../events/event-bus.js';
import type { AppEvent, StaffEvent } from '../events/event-map.js';
import { ArticleStreams } from './article-streams.js';
import { Feeds } from './feeds.js';
import { type Ack, backlogOf, backlogSize, type LiveServer, type LiveSocket, Op } from './live.types.js';
import { CoalescedPoll } from './coalesced-poll.js';
import { localSockets, SocketSessions } from './socket-sessions.js';
import { StaffChangeTokens } from './staff-change-tokens.js';

const OPS_PER_SECOND = 40;
/** Packets. */
const LONGEST_QUEUE = 500;
/** Characters: few packets may be large. */
const LARGEST_QUEUE = 1024 * 1024;
const MOST_ARTICLES = 50;

/** The door of the sockets: who comes in, the one operation message, and what hints and polls lead to. */
@WebSocketGateway()
export class LiveGateway
  implements OnGatewayConnection, OnGatewayDisconnect, OnApplicationBootstrap, OnApplicationShutdown
{
  @WebSocketServer() private readonly server: LiveServer;
  private readonly log = new Logger('Live');
  private readonly stops: (() => Promise<void>)[] = [];
  private readonly feedLook = new CoalescedPoll(
    () => this.feeds.look(this.server),
    (error) => this.failed(error),
  );
  private readonly staffLook = new CoalescedPoll(
    () => this.tokens.compare(this.server),
    (error) => this.failed(error),
  );
  private alerting: NodeJS.Timeout | undefined;

  constructor(
    private readonly streams: ArticleStreams,
    private readonly sessions: SocketSessions,
    private readonly feeds: Feeds,
    private readonly tokens: StaffChangeTokens,
    private readonly events: EventBus,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role === 'worker') return; // a worker has no sockets
    this.events.onEvent((event) => void this.handleEvent(event).catch(this.failed));
    this.stops.push(
      this.clock.every(1_000, () => this.streams.poll(), this.failed),
      this.clock.every(1_000, () => this.feedLook.runNow(), this.failed),
      this.clock.every(1_000, () => this.staffLook.runNow(), this.failed),
      this.clock.every(500, () => this.sessions.poll(this.server), this.failed),
      this.clock.every(60_000, () => this.sessions.sweep(this.server), this.failed),
      this.clock.every(5_000, async () => this.closeSlowReaders(), this.failed),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.alerting);
    await Promise.all(this.stops.map((stop) => stop()));
    await Promise.all([this.feedLook.stop(), this.staffLook.stop()]);
  }

  handleConnection(socket: LiveSocket): void {
    socket.data.articles = new Map();
    socket.data.wanted = new Set();
    socket.data.budget = { second: 0, used: 0 };
    socket.data.turn = Promise.resolve();
    socket.data.browser = browserOfHandshake(socket.handshake.headers.cookie);
    if (socket.data.browser) void socket.join(`browser:${socket.data.browser}`);
  }

  handleDisconnect(socket: LiveSocket): void {
    this.streams.leaveAll(socket);
  }

  @SubscribeMessage('op')
  async op(@ConnectedSocket() socket: LiveSocket, @MessageBody() message: unknown): Promise<Ack> {
    if (!this.withinBudget(socket)) return { ok: false, code: 'rate.limited' };
    const parsed = Op.safeParse(message);
    if (!parsed.success) return { ok: false, code: 'request.invalid' };
    // In the order in which they came: who joins and then leaves is gone in the end.
    const acknowledgement = socket.data.turn.then(() => this.perform(socket, parsed.data));
    socket.data.turn = acknowledgement.catch(() => {});
    try {
      return await acknowledgement;
    } catch (error) {
      this.failed(error);
      return { ok: false, code: 'service.unavailable' };
    }
  }

  private async perform(socket: LiveSocket, op: Op): Promise<Ack> {
    switch (op.op) {
      case 'join': {
        if (socket.data.wanted.size >= MOST_ARTICLES) return { ok: false, code: 'join.too_many' };
        const joined = await this.streams.join(this.server, socket, op.article, op.after);
        return joined ? { ok: true, ...joined } : { ok: false, code: 'article.not_found' };
      }
      case 'leave':
        await this.streams.leave(socket, op.article);
        return { ok: true };
      case 'auth': {
        const viewer = await this.sessions.authenticate(socket, op.ticket);
        return viewer ? { ok: true, account: sessionAccount(viewer) } : { ok: false, code: 'ticket.invalid' };
      }
    }
  }

  private async handleEvent({ kind, audience }: AppEvent): Promise<void> {
    switch (kind) {
      case 'log':
        return this.streams.notice(audience.slice('article:'.length));
      case 'feed':
        return this.feedLook.runSoon();
      case 'follows':
        return this.sessions.refollow(localSockets(this.server, [audience]));
      case 'session':
        return this.sessions.reconsider(localSockets(this.server, [audience]));
      default:
        return this.notifyStaff(kind);
    }
  }

  /** An event without a token is passed on after 50 ms, once for all that come until then. */
  private notifyStaff(event: StaffEvent): void {
    if (this.tokens.has(event)) return this.staffLook.runSoon();
    this.alerting ??= setTimeout(() => {
      this.alerting = undefined;
      this.server.to('staff').emit(event);
    }, 50);
  }

  /** Who does not read fast enough is cut off before its backlog fills our memory, and catches up by position. */
  private closeSlowReaders(): void {
    for (const socket of this.server.sockets.sockets.values()) {
      if (backlogOf(socket) > LONGEST_QUEUE || backlogSize(socket) > LARGEST_QUEUE) socket.conn.close(true);
    }
  }

  private withinBudget({ data: { budget } }: LiveSocket): boolean {
    const second = Math.floor(Date.now() / 1000);
    if (budget.second !== second) Object.assign(budget, { second, used: 0 });
    budget.used += 1;
    return budget.used <= OPS_PER_SECOND;
  }

  private readonly failed = (error: unknown): void => {
    this.log.warn((error as Error).message);
  };
}
