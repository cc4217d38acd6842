import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { row, rows, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { EventBus } from '../../events/event-bus.js';
import { newToken, sha256 } from './tokens.js';
import { type Role, type Viewer } from './viewer.js';

/**
 * Sessions. A session is an opaque 256-bit token in an HttpOnly `__Host-` cookie; the database
 * knows its SHA-256 only. One row is one device, read on every request: so a sign-out, a ban or a new role acts on the
 * next one, and nothing has to be revoked elsewhere. There is no rotation by request, hence no race between tabs; a
 * new token is made at every sign-in and the browser's earlier session ends (fixation).
 */
const DAY = 86_400_000;
const LIFETIMES = {
  reader: { idle: 30 * DAY, absolute: 180 * DAY },
  staff: { idle: DAY / 2, absolute: 7 * DAY },
};
const lifetimeOf = (role: Role): { idle: number; absolute: number } =>
  role === 'reader' ? LIFETIMES.reader : LIFETIMES.staff;

const TICKET_SECONDS = 30;

/** Two tabs that sign in at the same moment leave a browser with two sessions; signing out ends both. */
const OF_TOKEN =
  'token_hash = $1 or browser_hash = (select browser_hash from sessions where token_hash = $1 and ended_at is null)';

const VIEWER = `s.id as "sessionId", a.id as "accountId", a.display_name as "displayName", a.role,
  a.email_verified_at is not null as "emailVerified", a.supporter, s.expires_at as "expiresAt"`;
const LIVE = `s.ended_at is null and s.expires_at > $2 and a.banned_at is null`;

/** A session or account that changed lately, as realtime's polls read it. */
interface SessionChange {
  sessionId: string;
  /** Hex of the browser's hash, as in the audience `browser:..`. */
  browser: string | null;
}

// `now()` is the statement's here: with `clock_timestamp()` neither index of `changed_at` would be searched.
export const CHANGED_LATELY = `
  select s.id as "sessionId", encode(s.browser_hash, 'hex') as browser from sessions s
  where s.changed_at > now() - interval '10 seconds'
  union select s.id, encode(s.browser_hash, 'hex') from accounts a join sessions s on s.account_id = a.id
  where a.changed_at > now() - interval '10 seconds' and s.ended_at is null`;

@Injectable()
export class SessionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly transactions: Transactions,
    private readonly events: EventBus,
  ) {}

  /** @returns who holds this token, or undefined: wrong, ended, expired and banned look alike */
  async find(token: string): Promise<Viewer | undefined> {
    const now = this.clock.now();
    const found = await row<Viewer & { seenAt: Date; createdAt: Date }>(
      this.dataSource,
      `select ${VIEWER}, s.seen_at as "seenAt", s.created_at as "createdAt"
       from sessions s join accounts a on a.id = s.account_id where s.token_hash = $1 and ${LIVE}`,
      [sha256(token), now],
    );
    if (!found) return undefined;
    const { seenAt, createdAt, ...viewer } = found;
    const { idle, absolute } = lifetimeOf(viewer.role);
    if (now.getTime() - seenAt.getTime() > idle / 100)
      await this.dataSource.query('update sessions set seen_at = $2, expires_at = $3 where id = $1', [
        viewer.sessionId,
        now,
        new Date(Math.min(now.getTime() + idle, createdAt.getTime() + absolute)),
      ]);
    return viewer;
  }

  /** Begins a session. @returns the token, which exists nowhere else */
  async begin(
    tx: Tx,
    accountId: string,
    role: Role,
    device: { browserHash: Buffer | null; userAgent: string | null },
  ): Promise<string> {
    const token = newToken();
    const now = this.clock.now();
    await tx.query(
      `insert into sessions (token_hash, account_id, browser_hash, user_agent, created_at, seen_at, expires_at, changed_at)
       values ($1, $2, $3, $4, $5, $5, $6, clock_timestamp())`,
      [
        sha256(token),
        accountId,
        device.browserHash,
        device.userAgent?.slice(0, 300) ?? null,
        now,
        new Date(now.getTime() + lifetimeOf(role).idle),
      ],
    );
    return token;
  }

  /** Ends the session of a token and whatever else its browser holds; the browser's sockets are demoted at once. */
  async end(token: string): Promise<void> {
    await this.transactions.run((tx) => this.endWhere(tx, OF_TOKEN, sha256(token)));
  }

  /** Ends the earlier sessions of a browser, which holds one at a time. */
  async endEarlier(tx: Tx, browserHash: Buffer, token: string | undefined): Promise<void> {
    await this.endWhere(tx, 'browser_hash = $1', browserHash);
    if (token) await this.endWhere(tx, OF_TOKEN, sha256(token));
  }

  /** An account that becomes staff keeps no session that outlives a member of staff's. */
  async shorten(tx: Tx, accountId: string, role: Role): Promise<void> {
    const { idle, absolute } = lifetimeOf(role);
    await tx.query(
      `update sessions set expires_at = least(expires_at, $2, created_at + $3 * interval '1 millisecond'),
         changed_at = clock_timestamp() where account_id = $1 and ended_at is null`,
      [accountId, new Date(this.clock.now().getTime() + idle), absolute],
    );
  }

  /** Ends the sessions of a token, an account or a browser; their sockets are demoted after the commit. */
  async endWhere(
    tx: Tx,
    condition: typeof OF_TOKEN | 'account_id = $1' | 'browser_hash = $1',
    value: unknown,
  ): Promise<void> {
    const ended = await rows<SessionChange>(
      tx,
      `update sessions set ended_at = $2, changed_at = clock_timestamp() where (${condition}) and ended_at is null
       returning id as "sessionId", encode(browser_hash, 'hex') as browser`,
      [value, this.clock.now()],
    );
    for (const { sessionId, browser } of ended) {
      this.events.publish(tx, 'session', `session:${sessionId}`);
      if (browser) this.events.publish(tx, 'session', `browser:${browser}`);
    }
  }

  /** A single-use ticket by which a socket becomes this session's, without a token in any URL. */
  async issueTicket(viewer: Viewer): Promise<{ ticket: string; expiresInSeconds: number }> {
    const ticket = newToken();
    await this.dataSource.query(
      'insert into socket_tickets (ticket_hash, session_id, expires_at) values ($1, $2, $3)',
      [sha256(ticket), viewer.sessionId, new Date(this.clock.now().getTime() + TICKET_SECONDS * 1000)],
    );
    return { ticket, expiresInSeconds: TICKET_SECONDS };
  }

  /** @returns who the ticket stands for; it is used up by this call */
  async redeemTicket(ticket: string): Promise<Viewer | undefined> {
    const used = await row<{ sessionId: string }>(
      this.dataSource,
      'delete from socket_tickets where ticket_hash = $1 and expires_at > $2 returning session_id as "sessionId"',
      [sha256(ticket), this.clock.now()],
    );
    return used && (await this.byId(used.sessionId));
  }

  /** The live session of an id: what sockets check before every action. */
  async byId(sessionId: string): Promise<Viewer | undefined> {
    return (await this.byIds([sessionId])).get(sessionId);
  }

  /** The live ones among many sessions. */
  async byIds(sessionIds: string[]): Promise<Map<string, Viewer>> {
    const found = await rows<Viewer>(
      this.dataSource,
      `select ${VIEWER} from sessions s join accounts a on a.id = s.account_id where s.id = any($1::bigint[]) and ${LIVE}`,
      [sessionIds, this.clock.now()],
    );
    return new Map(found.map((it) => [it.sessionId, it]));
  }

  /** The newest live session of each browser (hex of its hash). */
  async byBrowsers(browsers: string[]): Promise<Map<string, Viewer>> {
    const found = await rows<Viewer & { browser: string }>(
      this.dataSource,
      `select distinct on (s.browser_hash) ${VIEWER}, encode(s.browser_hash, 'hex') as browser
       from sessions s join accounts a on a.id = s.account_id
       where s.browser_hash = any(select decode(it, 'hex') from unnest($1::text[]) it) and ${LIVE}
       order by s.browser_hash, s.id desc`,
      [browsers, this.clock.now()],
    );
    return new Map(found.map(({ browser, ...viewer }) => [browser, viewer]));
  }

  /** The sessions that changed themselves, or whose account did, in the last ten seconds (the database's clock). */
  async changedLately(): Promise<SessionChange[]> {
    return rows<SessionChange>(this.dataSource, CHANGED_LATELY);
  }
}
