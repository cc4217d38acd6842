import { Injectable } from '@nestjs/common';
import { FollowsService } from '../accounts/readers/follows.service.js';
import { SessionsService } from '../accounts/sessions/sessions.service.js';
import { atLeast, sessionAccount, type Viewer } from '../accounts/sessions/viewer.js';
import { Clock } from '../clock/clock.js';
import type { LiveServer, LiveSocket } from './live.types.js';

/**
 * Keeps the account of each socket. A socket starts anonymous, is upgraded in place by a ticket, and loses its account
 * without losing its connection, so that reading goes on. The socket.io rooms have the names of the events' audiences.
 */
@Injectable()
export class SocketSessions {
  /** Counts the comparisons with the database, so that an older one does not overwrite a newer one. */
  private comparisons = 0;

  constructor(
    private readonly sessions: SessionsService,
    private readonly follows: FollowsService,
    private readonly clock: Clock,
  ) {}

  /** Upgrades a socket. @returns the viewer; undefined when the ticket is wrong, used or expired */
  async authenticate(socket: LiveSocket, ticket: string): Promise<Viewer | undefined> {
    const viewer = await this.sessions.redeemTicket(ticket);
    if (!viewer) return undefined;
    socket.data.announced = JSON.stringify(sessionAccount(viewer)); // the acknowledgement carries it
    await this.become(socket, viewer);
    return viewer;
  }

  /** Compares sockets with the database and sends each its changes: signed in, signed out, another role or name. */
  async refreshSessions(sockets: LiveSocket[]): Promise<void> {
    if (!sockets.length) return;
    const comparison = (this.comparisons += 1);
    const before = sockets.map((it) => it.data.viewer);
    const browsers = [...new Set(sockets.flatMap((it) => it.data.browser ?? []))];
    const held = [...new Set(sockets.flatMap((it) => it.data.viewer?.sessionId ?? []))];
    const [byBrowser, bySession] = await Promise.all([this.sessions.byBrowsers(browsers), this.sessions.byIds(held)]);
    for (const [index, socket] of sockets.entries()) {
      // The socket signed in during the query, or a later comparison was quicker. The next poll compares again.
      if (socket.data.viewer !== before[index] || (socket.data.lastComparison ?? 0) > comparison) continue;
      socket.data.lastComparison = comparison;
      const holder = socket.data.viewer && bySession.get(socket.data.viewer.sessionId);
      if (socket.data.viewer && !holder) {
        this.demote(socket);
        delete socket.data.announced; // even the same account needs a new ticket when it signs in again
      } else if (holder && holder.role !== socket.data.viewer?.role) await this.become(socket, holder);
      // using the session extends it
      else if (holder && socket.data.viewer) socket.data.viewer.expiresAt = holder.expiresAt;
      this.announce(socket, holder ?? (socket.data.browser ? byBrowser.get(socket.data.browser) : undefined));
    }
  }

  /**
   * Refreshes the sockets whose session or account changed within the last ten seconds, because an event may be lost,
   * and those whose session has expired, because no event says so.
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
    await this.refreshSessions([...new Set([...changed, ...due])]);
    await this.refreshFollows(changed);
  }

  /** Refreshes every socket that is signed in, with its follows, in case the polls missed a change. */
  async sweep(server: LiveServer): Promise<void> {
    const held = [...server.sockets.sockets.values()].filter((it) => it.data.viewer);
    await this.refreshSessions(held);
    await this.refreshFollows(held);
  }

  /** Reads again the follows of the sockets' viewers, and asks a page to read its feed again when they changed. */
  async refreshFollows(sockets: LiveSocket[]): Promise<void> {
    const held = sockets.flatMap((it) => (it.data.viewer ? [[it, it.data.viewer] as const] : []));
    if (!held.length) return;
    const authors = await this.follows.followedByEach([...new Set(held.map(([, viewer]) => viewer.accountId))]);
    for (const [socket, viewer] of held)
      if (this.followAuthorsOf(socket, viewer, authors.get(viewer.accountId) ?? [])) socket.emit('feed');
  }

  /** Puts the socket into the rooms of the authors whom its viewer follows. */
  private async followAuthors(socket: LiveSocket): Promise<void> {
    const { viewer } = socket.data;
    if (!viewer) return;
    this.followAuthorsOf(socket, viewer, await this.follows.followedBy(viewer.accountId));
  }

  /** @returns whether this changed the socket's rooms */
  private followAuthorsOf(socket: LiveSocket, viewer: Viewer, authors: string[]): boolean {
    // the socket has another viewer by now, or none
    if (socket.data.viewer !== viewer || !socket.connected) return false;
    const followed = new Set(authors.map((it) => `author:${it}`));
    const leaving = [...socket.rooms].filter((it) => it.startsWith('author:') && !followed.has(it));
    const joining = [...followed].filter((it) => !socket.rooms.has(it));
    for (const room of leaving) void socket.leave(room);
    void socket.join(joining);
    return leaving.length + joining.length > 0;
  }

  private async become(socket: LiveSocket, viewer: Viewer): Promise<void> {
    this.demote(socket);
    if (!socket.connected) return; // joining a room now would leave its name there forever
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

/** The sockets of this node that are in any of the rooms. */
export function localSockets(server: LiveServer, rooms: string[]): LiveSocket[] {
  const { adapter, sockets } = server.sockets;
  const ids = new Set(rooms.flatMap((it) => [...(adapter.rooms.get(it) ?? [])]));
  return [...ids].flatMap((id) => sockets.get(id) ?? []);
}
