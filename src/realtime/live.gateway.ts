import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
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
import { Metrics } from '../metrics/metrics.js';
import { ArticleStreams } from './article-streams.js';
import { Budget } from './budget.js';
import { FeedNotifier } from './feed-notifier.js';
import { FloodGuard } from './flood-guard.js';
import { type Ack, backlogPackets, backlogCharacters, type LiveServer, type LiveSocket, Op } from './live.types.js';
import { CoalescedPoll } from './coalesced-poll.js';
import { localSockets, SocketSessions } from './socket-sessions.js';
import { StaffChangeTokens } from './staff-change-tokens.js';

const OPS_PER_SECOND = 40;
/** The most packets that may wait for a client. */
const LONGEST_QUEUE = 500;
/** The most characters that may wait for a client, because a few packets may be large. */
const LARGEST_QUEUE = 1024 * 1024;
const MOST_ARTICLES = 50;
/** The most characters that a socket gets a minute to catch up; beyond that it reads `/events`, which caches share. */
const CATCH_UP_CHARACTERS = 1024 * 1024;

/** Accepts sockets, performs the operations that they send, and turns events and polls into messages to them. */
@WebSocketGateway()
export class LiveGateway
  implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect, OnApplicationBootstrap, OnApplicationShutdown
{
  @WebSocketServer() private readonly server: LiveServer;
  private readonly log = new Logger('Live');
  private readonly stops: (() => Promise<void>)[] = [];
  private readonly feedPoll = new CoalescedPoll(
    () => this.feeds.sendChanges(this.server),
    (error) => this.logFailure(error),
  );
  private readonly staffPoll = new CoalescedPoll(
    () => this.tokens.sendChanges(this.server),
    (error) => this.logFailure(error),
  );
  /** The events without a token that wait for the timer. */
  private readonly pendingStaffEvents = new Set<StaffEvent>();
  private staffEventTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly streams: ArticleStreams,
    private readonly sessions: SocketSessions,
    private readonly feeds: FeedNotifier,
    private readonly tokens: StaffChangeTokens,
    private readonly events: EventBus,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role === 'worker') return; // a worker has no sockets
    this.events.onEvent((event) => void this.handleEvent(event).catch(this.logFailure));
    this.stops.push(
      this.clock.every(1_000, () => this.streams.poll(), this.logFailure),
      this.clock.every(1_000, () => this.feedPoll.runNow(), this.logFailure),
      this.clock.every(1_000, () => this.staffPoll.runNow(), this.logFailure),
      this.clock.every(500, () => this.sessions.poll(this.server), this.logFailure),
      this.clock.every(60_000, () => this.sessions.sweep(this.server), this.logFailure),
      this.clock.every(5_000, async () => this.closeSlowReaders(), this.logFailure),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.staffEventTimer);
    await Promise.all(this.stops.map((stop) => stop()));
    await Promise.all([this.feedPoll.stop(), this.staffPoll.stop()]);
  }

  afterInit(server: LiveServer): void {
    new FloodGuard().watch(server);
    this.metrics.gauge('rostra_sockets', 'Open sockets of this process.', () => server.engine.clientsCount);
  }

  handleConnection(socket: LiveSocket): void {
    socket.data.roomsByArticle = new Map();
    socket.data.joinedArticles = new Set();
    socket.data.operations = new Budget(OPS_PER_SECOND, OPS_PER_SECOND);
    socket.data.catchUp = new Budget(CATCH_UP_CHARACTERS, CATCH_UP_CHARACTERS / 60);
    socket.data.lastOperation = Promise.resolve();
    socket.data.browser = browserOfHandshake(socket.handshake.headers.cookie);
    if (socket.data.browser) void socket.join(`browser:${socket.data.browser}`);
    socket.onAny((event: string, ...values: unknown[]) => {
      const answer = values.at(-1);
      if (event !== 'op' && typeof answer === 'function') answer({ ok: false, code: 'request.invalid' } satisfies Ack);
    });
  }

  handleDisconnect(socket: LiveSocket): void {
    this.streams.leaveAll(socket);
  }

  @SubscribeMessage('op')
  async op(@ConnectedSocket() socket: LiveSocket, @MessageBody() message: unknown): Promise<Ack> {
    if (!socket.data.operations.take()) return { ok: false, code: 'rate.limited' };
    const parsed = Op.safeParse(message);
    if (!parsed.success) return { ok: false, code: 'request.invalid' };
    // Operations of one socket run in order, so that a socket which joins and then leaves ends outside.
    const acknowledgement = socket.data.lastOperation.then(() => this.perform(socket, parsed.data));
    socket.data.lastOperation = acknowledgement.catch(() => {});
    try {
      return await acknowledgement;
    } catch (error) {
      this.logFailure(error);
      return { ok: false, code: 'service.unavailable' };
    }
  }

  private async perform(socket: LiveSocket, op: Op): Promise<Ack> {
    switch (op.op) {
      case 'join': {
        if (socket.data.joinedArticles.size >= MOST_ARTICLES) return { ok: false, code: 'join.too_many' };
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
        return this.streams.advanceSoon(audience.slice('article:'.length));
      case 'feed':
        return this.feedPoll.runSoon();
      case 'follows':
        return this.sessions.refreshFollows(localSockets(this.server, [audience]));
      case 'session':
        return this.sessions.refreshSessions(localSockets(this.server, [audience]));
      default:
        return this.notifyStaff(kind);
    }
  }

  /** Passes on an event without a token after 50 ms, each kind once for all that come until then. */
  private notifyStaff(event: StaffEvent): void {
    if (this.tokens.has(event)) return this.staffPoll.runSoon();
    this.pendingStaffEvents.add(event);
    this.staffEventTimer ??= setTimeout(() => {
      this.staffEventTimer = undefined;
      for (const pending of this.pendingStaffEvents) this.server.to('staff').emit(pending);
      this.pendingStaffEvents.clear();
    }, 50);
  }

  /** Closes sockets that read too slowly before their backlog fills the memory. They catch up by position. */
  private closeSlowReaders(): void {
    for (const socket of this.server.sockets.sockets.values()) {
      if (backlogPackets(socket) > LONGEST_QUEUE || backlogCharacters(socket) > LARGEST_QUEUE) socket.conn.close(true);
    }
  }

  private readonly logFailure = (error: unknown): void => {
    this.log.warn((error as Error).message);
  };
}
