import { Injectable } from '@nestjs/common';
import { FollowsService } from '../accounts/readers/follows.service.js';
import { SessionsService } from '../accounts/sessions/sessions.service.js';
import { atLeast, sessionAccount, type Viewer } from '../accounts/sessions/viewer.js';
import { Clock } from '../clock/clock.js';
import type { LiveServer, LiveSocket } from './live.types.js';

/**
 * Who sits behind a socket. A socket begins anonymous, is upgraded in place by a ticket, and loses its account without
 * losing its connection: reading goes on. Rooms carry the names of the audiences that hints speak to.
 */
@Injectable()
export class SocketSessions {
  /** Counts the looks at the truth, so that an older one does not overwrite a newer one. */
  private turn = 0;

  constructor(
    private readonly sessions: SessionsService,
    private readonly follows: FollowsService,
    private readonly clock: Clock,
  ) {}

  /** Upgrades a socket. @returns the viewer, or undefined where the ticket is wrong, used or expired */
  async authenticate(socket: LiveSocket, ticket: string): Promise<Viewer | undefined> {
    const viewer = await this.sessions.redeemTicket(ticket);
    if (!viewer) return undefined;
    socket.data.announced = JSON.stringify(sessionAccount(viewer)); // the acknowledgement says it
    await this.become(socket, viewer);
    return viewer;
  }

  /** Compares sockets with the truth and tells each what changed for it: signed in, signed out, another role or name. */
  async reconsider(sockets: LiveSocket[]): Promise<void> {
    if (!sockets.length) return;
    const turn = (this.turn += 1);
    const before = sockets.map((it) => it.data.viewer);
    const browsers = [...new Set(sockets.flatMap((it) => it.data.browser ?? []))];
    const held = [...new Set(sockets.flatMap((it) => it.data.viewer?.sessionId ?? []))];
    const [byBrowser, bySession] = await Promise.all([this.sessions.byBrowsers(browsers), this.sessions.byIds(held)]);
    for (const [index, socket] of sockets.entries()) {
      // It signed in while we read, or a later look was quicker: what we hold may be older. The next poll looks again.
      if (socket.data.viewer !== before[index] || (socket.data.looked ?? 0) > turn) continue;
      socket.data.looked = turn;
      const holder = socket.data.viewer && bySession.get(socket.data.viewer.sessionId);
      if (socket.data.viewer && !holder) {
        this.demote(socket);
        delete socket.data.announced; // even the same account, signed in anew, needs a new ticket
      } else if (holder && holder.role !== socket.data.viewer?.role) await this.become(socket, holder);
      else if (holder && socket.data.viewer) socket.data.viewer.expiresAt = holder.expiresAt; // use has moved it on
      this.announce(socket, holder ?? (socket.data.browser ? byBrowser.get(socket.data.browser) : undefined));
    }
  }

  /**
   * The poll that makes up for lost hints: sessions and accounts that changed within the last ten seconds. And what no
   * hint ever tells: a session whose time is over.
   */
  async poll(server: LiveServer): Promise<void> {
    const changes = await this.sessions.changedLately();
    const rooms = changes.flatMap(({ sessionId, browser }) => [
      `session:${sessionId}`,
      ...(browser ? [`browser:${browser}`] : []),
    ]);
    const changed = localSockets(server, rooms);
    const now = this.clock.now();
    const due = [...server.sockets.sockets.values()].filter((it) => it.data.viewer && it.data.viewer.expiresAt <= now);
    await this.reconsider([...new Set([...changed, ...due])]);
    await this.refollow(changed);
  }

  /** Everybody who is signed in, against whatever else was missed: also whom they follow by now. */
  async sweep(server: LiveServer): Promise<void> {
    const held = [...server.sockets.sockets.values()].filter((it) => it.data.viewer);
    await this.reconsider(held);
    await this.refollow(held);
  }

  /** Whom each of the sockets' viewers follows by now. It reads its feed again where that has changed. */
  async refollow(sockets: LiveSocket[]): Promise<void> {
    const held = sockets.flatMap((it) => (it.data.viewer ? [[it, it.data.viewer] as const] : []));
    if (!held.length) return;
    const authors = await this.follows.followedByEach([...new Set(held.map(([, viewer]) => viewer.accountId))]);
    for (const [socket, viewer] of held)
      if (this.hearAuthors(socket, viewer, authors.get(viewer.accountId) ?? [])) socket.emit('feed');
  }

  /** Whom the viewer follows decides which authors' news reaches the socket. */
  private async followAuthors(socket: LiveSocket): Promise<void> {
    const { viewer } = socket.data;
    if (!viewer) return;
    this.hearAuthors(socket, viewer, await this.follows.followedBy(viewer.accountId));
  }

  /** @returns whether this changed what the socket hears */
  private hearAuthors(socket: LiveSocket, viewer: Viewer, authors: string[]): boolean {
    if (socket.data.viewer !== viewer || !socket.connected) return false; // somebody else by now, or nobody
    const wanted = new Set(authors.map((it) => `author:${it}`));
    const leaving = [...socket.rooms].filter((it) => it.startsWith('author:') && !wanted.has(it));
    const joining = [...wanted].filter((it) => !socket.rooms.has(it));
    for (const room of leaving) void socket.leave(room);
    void socket.join(joining);
    return leaving.length + joining.length > 0;
  }

  private async become(socket: LiveSocket, viewer: Viewer): Promise<void> {
    this.demote(socket);
    if (!socket.connected) return; // joining a room now would leave its name there for ever
    socket.data.viewer = viewer;
    await socket.join([`session:${viewer.sessionId}`, `account:${viewer.accountId}`]);
    if (atLeast(viewer.role, 'moderator')) await socket.join('staff');
    await this.followAuthors(socket);
  }

  private demote(socket: LiveSocket): void {
    socket.data.viewer = undefined;
    for (const room of socket.rooms) if (/^(session|account|author):|^staff$/.test(room)) void socket.leave(room);
  }

  private announce(socket: LiveSocket, viewer: Viewer | undefined): void {
    const account = viewer ? sessionAccount(viewer) : null;
    const text = JSON.stringify(account);
    if (socket.data.announced === text) return;
    socket.data.announced = text;
    socket.emit('session', { account });
  }
}

/** The sockets of this node in any of the rooms. */
export function localSockets(server: LiveServer, rooms: string[]): LiveSocket[] {
  const { adapter, sockets } = server.sockets;
  const ids = new Set(rooms.flatMap((it) => [...(adapter.rooms.get(it) ?? [])]));
  return [...ids].flatMap((id) => sockets.get(id) ?? []);
}
