import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { Config } from '../../config/config.js';
import { row, rows, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { DomainError } from '../../errors/domain-error.js';
import { EventBus } from '../../events/event-bus.js';
import { enqueue } from '../../jobs/job.js';
import { nameSkeleton } from '../profiles/look-alike.js';
import { NamesService } from '../profiles/names.service.js';
import { codeHash, newToken, sha256 } from '../sessions/tokens.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SignInLinkEntity } from './sign-in-link.entity.js';
import { sendSignInMail } from './sign-in-mail.job.js';
import type { Role } from '../sessions/viewer.js';

const LINK_MINUTES = 10; // ASVS 6.5.5
const CODE_ATTEMPTS = 5;

interface Link {
  id: string;
  email: string;
  purpose: 'register' | 'sign-in';
  displayName: string | null;
  returnTo: string | null;
}

/** The browser that asks for a mail, and the site to which it returns. */
export interface LinkRequester {
  browserHash: Buffer | null;
  returnTo: string | null;
}

/** Whose account a link opens. */
interface Preview {
  email: string;
  /** Null when the link makes the account. */
  account: { displayName: string } | null;
  /** The name that the new account gets unless the reader changes it. */
  displayName: string | null;
}

const LINK = 'id, email, purpose, display_name as "displayName", return_to as "returnTo"';

interface Device {
  browserHash: Buffer;
  userAgent: string | null;
  /** The token of the session that this browser had until now, which ends. */
  oldToken: string | undefined;
}

const invalidLink = (): DomainError =>
  new DomainError('link.invalid', 'invalid', {
    detail: 'This link or code is wrong, has been used or has expired. Ask for a new mail.',
  });

/**
 * Registers readers and signs them in by mail. An account is created when its address is confirmed, never before, so
 * nobody can prepare an account for somebody else's address. Known and unknown addresses get the same answer, before
 * any mail is sent.
 */
@Injectable()
export class SignInService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly names: NamesService,
    private readonly sessions: SessionsService,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly events: EventBus,
  ) {}

  /**
   * Requests the mail that creates an account. An address that has an account gets a sign-in mail instead.
   * @throws DomainError name.taken
   */
  async register(email: string, displayName: string, requester: LinkRequester): Promise<void> {
    await this.names.refuseStaffNames(this.dataSource, displayName);
    await this.requestLink(email, 'register', displayName, requester);
  }

  /** Requests a sign-in mail. An unknown address gets none, and the answer does not reveal that. */
  async requestSignIn(email: string, requester: LinkRequester): Promise<void> {
    await this.requestLink(email, 'sign-in', null, requester);
  }

  /** Creates a link of 24 hours for the operator's terminal, without a mail. @returns its URL */
  async createLink(email: string): Promise<string> {
    const token = newToken();
    const now = this.clock.now();
    await this.dataSource.getRepository(SignInLinkEntity).insert({
      email,
      purpose: 'sign-in',
      tokenHash: sha256(token),
      createdAt: now,
      expiresAt: new Date(now.getTime() + 24 * 3_600_000),
    });
    return `${this.config.publicUrl}/sign-in#token=${token}`;
  }

  /** Says whose account a link opens. It does not use the link up. @throws DomainError link.invalid */
  async preview(token: string, browserHash: Buffer | null): Promise<Preview> {
    const link = await row<{ email: string; name: string | null; account: string | null }>(this.dataSource.sql`
      select l.email, l.display_name as name, a.display_name as account
      from sign_in_links l left join accounts a on a.email = l.email
      where l.token_hash = ${sha256(token)} and l.used_at is null and l.expires_at > ${this.clock.now()}
        and (a.id is not null or l.display_name is not null)`);
    if (!link) throw invalidLink();
    const { email, account, name } = link;
    if (account !== null) return { email, account: { displayName: account }, displayName: null };
    return { email, account: null, displayName: (await this.nameOf(this.dataSource, email, browserHash)) ?? name };
  }

  /**
   * Uses up a link or a code and begins the session.
   * @param displayName the name of an account that the link makes; without it, the one that this browser asked for
   * @returns the session's token, and the page that asked for the mail with the title of its article, if it was not
   *   Rostra's own
   * @throws DomainError link.invalid, account.banned, name.taken
   */
  async redeem(
    proof: ({ token: string } | { email: string; code: string }) & { displayName?: string | undefined },
    device: Device,
  ): Promise<{ token: string; returnTo: string | null; returnTitle: string | null }> {
    // The attempt is counted outside the transaction, because a refused one must stay counted.
    const open = 'code' in proof ? await this.countAttempt(proof.email, device.browserHash) : [];
    if ('code' in proof && !open.length) throw invalidLink();
    const code = 'code' in proof ? await codeHash(proof.email, proof.code) : undefined;
    return this.transactions.run(async (tx) => {
      const link = 'token' in proof ? await this.useToken(tx, proof.token) : await this.useCode(tx, open, code!);
      if (!link) throw invalidLink();
      const account = await this.accountOf(tx, link, device.browserHash, proof.displayName);
      if (account.banned)
        throw new DomainError('account.banned', 'forbidden', {
          detail:
            'This account is banned and cannot sign in. Write to the newsroom if you think that this is a mistake.',
        });
      // Other mails to the same address are used up with this one.
      await tx
        .getRepository(SignInLinkEntity)
        .update({ email: link.email, usedAt: IsNull() }, { usedAt: this.clock.now() });
      await this.sessions.endEarlier(tx, device.browserHash, device.oldToken);
      const token = await this.sessions.begin(tx, account.id, account.role, device);
      this.events.publish(tx, 'session', `browser:${device.browserHash.toString('hex')}`);
      return { token, returnTo: link.returnTo, returnTitle: await titleAt(tx, link.returnTo) };
    });
  }

  private async requestLink(
    email: string,
    purpose: Link['purpose'],
    displayName: string | null,
    requester: LinkRequester,
  ): Promise<void> {
    const now = this.clock.now();
    await this.transactions.run(async (tx) => {
      const { identifiers } = await tx.getRepository(SignInLinkEntity).insert({
        email,
        purpose,
        displayName,
        ...requester,
        createdAt: now,
        expiresAt: new Date(now.getTime() + LINK_MINUTES * 60_000),
      });
      // Unknown addresses get a job as well, so that the answer takes as long. The job finds out whether to send a
      // mail.
      await enqueue(tx, sendSignInMail, { linkId: (identifiers[0] as { id: string }).id });
    });
  }

  private async useToken(tx: Tx, token: string): Promise<Link | undefined> {
    const now = this.clock.now();
    return row<Link>(tx.sql`
      update sign_in_links set used_at = ${now}
      where token_hash = ${sha256(token)} and used_at is null and expires_at > ${now}
      returning ${() => LINK}`);
  }

  private async useCode(tx: Tx, linkIds: string[], code: Buffer): Promise<Link | undefined> {
    const now = this.clock.now();
    return row<Link>(tx.sql`
      update sign_in_links set used_at = ${now}
      where id = any(${linkIds}::bigint[]) and code_hash = ${code} and used_at is null and expires_at > ${now}
      returning ${() => LINK}`);
  }

  /**
   * Counts an attempt at the codes of an address. The browser that asked for a link has attempts of its own, which no
   * stranger can use up.
   * @returns the ids of the links whose code may be tried
   */
  private async countAttempt(email: string, browserHash: Buffer): Promise<string[]> {
    const open = await rows<{ id: string }>(this.dataSource.sql`
      update sign_in_links set
        code_tries = code_tries + case when browser_hash = ${browserHash} then 1 else 0 end,
        stranger_tries = stranger_tries + case when browser_hash = ${browserHash} then 0 else 1 end
      where email = ${email} and used_at is null and expires_at > ${this.clock.now()}
        and case when browser_hash = ${browserHash} then code_tries else stranger_tries end < ${CODE_ATTEMPTS}
      returning id`);
    return open.map(({ id }) => id);
  }

  /** Returns the name that a browser asked for when it registered the address. */
  private async nameOf(db: DataSource | Tx, email: string, browserHash: Buffer | null): Promise<string | undefined> {
    const asked = await row<{ name: string }>(db.sql`
      select display_name as name from sign_in_links
      where email = ${email} and browser_hash = ${browserHash} and display_name is not null order by id desc limit 1`);
    return asked?.name;
  }

  /** Returns the account of a link's address. A confirmed registration creates it. */
  private async accountOf(
    tx: Tx,
    link: Link,
    browserHash: Buffer,
    displayName: string | undefined,
  ): Promise<{ id: string; role: Role; banned: boolean }> {
    const now = this.clock.now();
    const known = await row(tx.sql`select 1 from accounts where email = ${link.email}`);
    if (link.displayName !== null && !known) {
      // A stranger may have asked for this link, so the name is the one of the browser that uses it.
      const name = displayName ?? (await this.nameOf(tx, link.email, browserHash)) ?? link.displayName;
      await this.names.refuseStaffNames(tx, name);
      await tx.sql`
        insert into accounts (email, display_name, name_skeleton, email_verified_at, created_at, changed_at)
        values (${link.email}, ${name}, ${nameSkeleton(name)}, ${now}, ${now}, clock_timestamp())
        on conflict (email) do nothing`;
    }
    const account = await row<{ id: string; role: Role; banned: boolean }>(tx.sql`
      update accounts set email_verified_at = coalesce(email_verified_at, ${now}) where email = ${link.email}
      returning id, role, banned_at is not null as banned`);
    if (!account) throw invalidLink();
    return account;
  }
}

/** Returns the title of the article at an address, if somebody vouches for one. */
async function titleAt(tx: Tx, url: string | null): Promise<string | null> {
  const found = await row<{ title: string }>(tx.sql`
    select title from articles where url = ${url} and title_from is not null`);
  return found?.title || null;
}
