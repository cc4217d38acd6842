import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { Config } from '../../config/config.js';
import { row, rows, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { DomainError } from '../../errors/domain-error.js';
import { EventBus } from '../../events/event-bus.js';
import { enqueue } from '../../jobs/job.js';
import { nameSkeleton } from '../profiles/display-name.js';
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
  async register(email: string, displayName: string, returnTo: string | null): Promise<void> {
    await this.names.refuseStaffNames(this.dataSource, displayName);
    await this.requestLink(email, 'register', displayName, returnTo);
  }

  /** Requests a sign-in mail. An unknown address gets none, and the answer does not reveal that. */
  async requestSignIn(email: string, returnTo: string | null): Promise<void> {
    await this.requestLink(email, 'sign-in', null, returnTo);
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

  /**
   * Uses up a link or a code and begins the session.
   * @returns the session's token, and the page that asked for the mail with the title of its article, if it was not
   *   Rostra's own
   * @throws DomainError link.invalid, account.banned
   */
  async redeem(
    proof: { token: string } | { email: string; code: string },
    device: Device,
  ): Promise<{ token: string; returnTo: string | null; returnTitle: string | null }> {
    // The attempt is counted outside the transaction, because a refused one must stay counted.
    if ('code' in proof && !(await this.countAttempt(proof.email))) throw invalidLink();
    const code = 'code' in proof ? await codeHash(proof.email, proof.code) : undefined;
    return this.transactions.run(async (tx) => {
      const link = 'token' in proof ? await this.useToken(tx, proof.token) : await this.useCode(tx, proof.email, code!);
      if (!link) throw invalidLink();
      const account = await this.accountOf(tx, link);
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
    returnTo: string | null,
  ): Promise<void> {
    const now = this.clock.now();
    await this.transactions.run(async (tx) => {
      const { identifiers } = await tx.getRepository(SignInLinkEntity).insert({
        email,
        purpose,
        displayName,
        returnTo,
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

  private async useCode(tx: Tx, email: string, code: Buffer): Promise<Link | undefined> {
    const now = this.clock.now();
    return row<Link>(tx.sql`
      update sign_in_links set used_at = ${now}
      where email = ${email} and code_hash = ${code} and used_at is null and expires_at > ${now}
        and code_tries <= ${CODE_ATTEMPTS}
      returning ${() => LINK}`);
  }

  /** Counts an attempt at the codes of an address. @returns whether one of them may still be tried */
  private async countAttempt(email: string): Promise<boolean> {
    const open = await rows<{ attempts: number }>(this.dataSource.sql`
      update sign_in_links set code_tries = code_tries + 1
      where email = ${email} and used_at is null and expires_at > ${this.clock.now()} and code_tries <= ${CODE_ATTEMPTS}
      returning code_tries as attempts`);
    return open.some(({ attempts }) => attempts <= CODE_ATTEMPTS);
  }

  /** Returns the account of a link's address. A confirmed registration creates it. */
  private async accountOf(tx: Tx, link: Link): Promise<{ id: string; role: Role; banned: boolean }> {
    const now = this.clock.now();
    const known = await row(tx.sql`select 1 from accounts where email = ${link.email}`);
    if (link.displayName !== null && !known) {
      await this.names.refuseStaffNames(tx, link.displayName);
      await tx.sql`
        insert into accounts (email, display_name, name_skeleton, email_verified_at, created_at, changed_at)
        values (${link.email}, ${link.displayName}, ${nameSkeleton(link.displayName)}, ${now}, ${now}, clock_timestamp())
        on conflict (email) do nothing`;
    }
    const account = await row<{ id: string; role: Role; banned: boolean }>(tx.sql`
      update accounts set email_verified_at = coalesce(email_verified_at, ${now}) where email = ${link.email}
      returning id, role, banned_at is not null as banned`);
    if (!account) throw invalidLink();
    return account;
  }
}

/** Returns the title of the article at an address, if there is one. */
async function titleAt(tx: Tx, url: string | null): Promise<string | null> {
  const found = await row<{ title: string }>(tx.sql`select title from articles where url = ${url}`);
  return found?.title || null;
}
