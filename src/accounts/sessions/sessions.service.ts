import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { row, rows, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { EventBus } from '../../events/event-bus.js';
import { Settings } from '../../settings/settings.service.js';
import { expirySql, sessionHours } from './session.settings.js';
import { SessionEntity, SocketTicketEntity } from './sessions.entity.js';
import { newToken, sha256 } from './tokens.js';
import { type Role, type Viewer } from './viewer.js';

const HOUR = 3_600_000;
/** Use is noted at least so often, so that a shorter idle time ends no session that is in use. */
const SEEN_WITHIN = 6 * HOUR;

const TICKET_SECONDS = 30;

// The reads of viewers run at every request and every socket action, so they are constant texts: the sql tag would
// build its text anew at each call.
const VIEWER = `s.id as "sessionId", a.id as "accountId", a.public_id as "publicId", a.email, a.display_name as "displayName", a.role,
  a.email_verified_at is not null as "emailVerified", a.supporter, ${expirySql('s', 'a', 3)} as "expiresAt"`;
const LIVE = `s.ended_at is null and ${expirySql('s', 'a', 3)} > $2 and a.banned_at is null`;
const BY_TOKEN = `select ${VIEWER}, s.seen_at as "seenAt", s.created_at as "createdAt"
  from sessions s join accounts a on a.id = s.account_id where s.token_hash = $1 and ${LIVE}`;
const BY_IDS = `select ${VIEWER}
  from sessions s join accounts a on a.id = s.account_id where s.id = any($1::bigint[]) and ${LIVE}`;
const BY_BROWSERS = `select distinct on (s.browser_hash) ${VIEWER}, encode(s.browser_hash, 'hex') as browser
  from sessions s join accounts a on a.id = s.account_id
  where s.browser_hash = any(select decode(it, 'hex') from unnest($1::text[]) it) and ${LIVE}
  order by s.browser_hash, s.id desc`;

/** A session that ended, or that changed with its account. */
interface SessionChange {
  sessionId: string;
  /** The browser's hash as hex, as in the audience `browser:..`. */
  browser: string | null;
}
const CHANGE = `id as "sessionId", encode(browser_hash, 'hex') as browser`;

// `now()` is constant within the statement. With `clock_timestamp()` no index of `changed_at` would be used.
export const CHANGED_LATELY = `
  select s.id as "sessionId", encode(s.browser_hash, 'hex') as browser from sessions s
  where s.changed_at > now() - interval '10 seconds'
  union select s.id, encode(s.browser_hash, 'hex') from accounts a join sessions s on s.account_id = a.id
  where a.changed_at > now() - interval '10 seconds' and s.ended_at is null`;

/**
 * Begins, reads and ends sessions. A session is an opaque token of 256 bits in an HttpOnly `__Host-` cookie, of which
 * the database holds the SHA-256 only. One row is one device. It is read at every request, so a sign-out, a ban or a
 * new role takes effect at the next one. Tokens do not rotate, so tabs cannot race; every sign-in makes a new token and
 * ends the browser's earlier session, which prevents session fixation.
 */
@Injectable()
export class SessionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly transactions: Transactions,
    private readonly events: EventBus,
    private readonly settings: Settings,
  ) {}

  /** Returns the viewer of a token, or undefined when it is wrong, ended or expired or its account is banned. */
  async find(token: string): Promise<Viewer | undefined> {
    const now = this.clock.now();
    const found = await row<Viewer & { seenAt: Date; createdAt: Date }>(this.dataSource, BY_TOKEN, [
      sha256(token),
      now,
      ...sessionHours(this.settings),
    ]);
    if (!found) return undefined;
    const { seenAt, createdAt, ...viewer } = found;
    const { idle, absolute } = this.lifetimeOf(viewer.role);
    if (now.getTime() - seenAt.getTime() > Math.min(idle / 100, SEEN_WITHIN)) {
      const expiresAt = new Date(Math.min(now.getTime() + idle, createdAt.getTime() + absolute));
      await this.dataSource.getRepository(SessionEntity).update(viewer.sessionId, { seenAt: now, expiresAt });
    }
    return viewer;
  }

  /** Begins a session. @returns its token, which is stored nowhere */
  async begin(
    tx: Tx,
    accountId: string,
    role: Role,
    device: { browserHash: Buffer | null; userAgent: string | null },
  ): Promise<string> {
    const token = newToken();
    const now = this.clock.now();
    const { idle, absolute } = this.lifetimeOf(role);
    const expiresAt = new Date(now.getTime() + Math.min(idle, absolute));
    await tx.sql`
      insert into sessions (token_hash, account_id, browser_hash, user_agent, created_at, seen_at, expires_at, changed_at)
      values (${sha256(token)}, ${accountId}, ${device.browserHash}, ${device.userAgent?.slice(0, 300) ?? null}, ${now},
        ${now}, ${expiresAt}, clock_timestamp())`;
    return token;
  }

  /** Ends the session of a token and all others of its browser, whose sockets are demoted at once. */
  async end(token: string): Promise<void> {
    await this.transactions.run((tx) => this.endOfToken(tx, token));
  }

  /** Ends the earlier sessions of a browser, which holds one at a time. */
  async endEarlier(tx: Tx, browserHash: Buffer, token: string | undefined): Promise<void> {
    const ended = await rows<SessionChange>(tx.sql`
      update sessions set ended_at = ${this.clock.now()}, changed_at = clock_timestamp()
      where browser_hash = ${browserHash} and ended_at is null returning ${() => CHANGE}`);
    this.publishEnded(tx, ended);
    if (token) await this.endOfToken(tx, token);
  }

  /** Ends all sessions of an account. Their sockets are demoted after the commit. */
  async endOfAccount(tx: Tx, accountId: string): Promise<void> {
    const ended = await rows<SessionChange>(tx.sql`
      update sessions set ended_at = ${this.clock.now()}, changed_at = clock_timestamp()
      where account_id = ${accountId} and ended_at is null returning ${() => CHANGE}`);
    this.publishEnded(tx, ended);
  }

  /** Brings the sessions of an account that becomes staff within the lifetime of staff sessions. */
  async shorten(tx: Tx, accountId: string, role: Role): Promise<void> {
    const { idle, absolute } = this.lifetimeOf(role);
    const now = this.clock.now();
    const latest = new Date(now.getTime() + idle);
    await tx.sql`
      update sessions set seen_at = ${now}, changed_at = clock_timestamp(),
        expires_at = least(expires_at, ${latest}, created_at + ${absolute} * interval '1 millisecond')
      where account_id = ${accountId} and ended_at is null`;
  }

  /** Issues a single-use ticket with which a socket joins this session, so that no URL carries a token. */
  async issueTicket(viewer: Viewer): Promise<{ ticket: string; expiresInSeconds: number }> {
    const ticket = newToken();
    await this.dataSource.getRepository(SocketTicketEntity).insert({
      ticketHash: sha256(ticket),
      sessionId: viewer.sessionId,
      expiresAt: new Date(this.clock.now().getTime() + TICKET_SECONDS * 1000),
    });
    return { ticket, expiresInSeconds: TICKET_SECONDS };
  }

  /** Uses a ticket up. @returns its viewer, or undefined when the ticket or its session is no longer valid */
  async redeemTicket(ticket: string): Promise<Viewer | undefined> {
    const used = await row<{ sessionId: string }>(this.dataSource.sql`
      delete from socket_tickets where ticket_hash = ${sha256(ticket)} and expires_at > ${this.clock.now()}
      returning session_id as "sessionId"`);
    return used && (await this.byId(used.sessionId));
  }

  /** Returns the viewer of a live session. Sockets call this before every action. */
  async byId(sessionId: string): Promise<Viewer | undefined> {
    return (await this.byIds([sessionId])).get(sessionId);
  }

  /** Returns the viewers of those sessions that are live, by session id. */
  async byIds(sessionIds: string[]): Promise<Map<string, Viewer>> {
    const found = await rows<Viewer>(this.dataSource, BY_IDS, [
      sessionIds,
      this.clock.now(),
      ...sessionHours(this.settings),
    ]);
    return new Map(found.map((it) => [it.sessionId, it]));
  }

  /** Returns the viewer of the newest live session of each browser, by the hex of the browser's hash. */
  async byBrowsers(browsers: string[]): Promise<Map<string, Viewer>> {
    const found = await rows<Viewer & { browser: string }>(this.dataSource, BY_BROWSERS, [
      browsers,
      this.clock.now(),
      ...sessionHours(this.settings),
    ]);
    return new Map(found.map(({ browser, ...viewer }) => [browser, viewer]));
  }

  /** Returns the sessions that changed, or whose account did, in the last ten seconds of the database's clock. */
  async changedLately(): Promise<SessionChange[]> {
    return rows<SessionChange>(this.dataSource, CHANGED_LATELY);
  }

  private lifetimeOf(role: Role): { idle: number; absolute: number } {
    const [idleReader, longestReader, idleStaff, longestStaff] = sessionHours(this.settings);
    const [idle, absolute] = role === 'reader' ? [idleReader, longestReader] : [idleStaff, longestStaff];
    return { idle: idle * HOUR, absolute: absolute * HOUR };
  }

  /** Two tabs that sign in at the same moment leave their browser with two sessions, so all of the browser end. */
  private async endOfToken(tx: Tx, token: string): Promise<void> {
    const hash = sha256(token);
    const ended = await rows<SessionChange>(tx.sql`
      update sessions set ended_at = ${this.clock.now()}, changed_at = clock_timestamp()
      where ended_at is null and (token_hash = ${hash} or browser_hash = (
        select browser_hash from sessions where token_hash = ${hash} and ended_at is null))
      returning ${() => CHANGE}`);
    this.publishEnded(tx, ended);
  }

  private publishEnded(tx: Tx, ended: SessionChange[]): void {
    for (const { sessionId, browser } of ended) {
      this.events.publish(tx, 'session', `session:${sessionId}`);
      if (browser) this.events.publish(tx, 'session', `browser:${browser}`);
    }
  }
}
