import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
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
import { sendSignInMail } from './sign-in-mail.job.js';
import type { Role } from '../sessions/viewer.js';

const LINK_MINUTES = 10; // ASVS 6.5.5
const CODE_TRIES = 5;

interface Link {
  id: string;
  email: string;
  purpose: 'register' | 'sign-in';
  displayName: string | null;
  returnTo: string | null;
}

interface Device {
  browserHash: Buffer;
  userAgent: string | null;
  /** The session this browser held until now, which ends. */
  oldToken: string | undefined;
}

const invalidLink = (): DomainError =>
  new DomainError('link.invalid', 'invalid', {
    detail: 'This link or code is wrong, used or expired. Ask for a new mail.',
  });

/**
 * Registering and signing in by mail. An account begins when its mail is confirmed, never before, so nobody can
 * prepare an account for somebody else's address. Every request is answered alike and before any mail
 * is sent, whether the address is known or not.
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

  /** Asks for the mail that makes an account. An address that has one gets a sign-in mail instead. */
  async register(email: string, displayName: string, returnTo: string | null): Promise<void> {
    await this.names.refuseStaffNames(this.dataSource, displayName);
    await this.requestLink(email, 'register', displayName, returnTo);
  }

  /** Asks for a sign-in mail. An unknown address gets none, and the answer does not tell. */
  async requestSignIn(email: string, returnTo: string | null): Promise<void> {
    await this.requestLink(email, 'sign-in', null, returnTo);
  }

  /** A link that is shown, not mailed: for the operator's terminal. @returns its URL */
  async createLink(email: string): Promise<string> {
    const token = newToken();
    const now = this.clock.now();
    await this.dataSource.query(
      `insert into sign_in_links (email, purpose, token_hash, created_at, expires_at)
       values ($1, 'sign-in', $2, $3, $4)`,
      [email, sha256(token), now, new Date(now.getTime() + 24 * 3_600_000)],
    );
    return `${this.config.publicUrl}/sign-in#token=${token}`;
  }

  /**
   * Uses a link or code up and begins the session.
   * @returns the session's token and the page that the mail was asked from
   * @throws DomainError link.invalid, account.banned
   */
  async redeem(
    proof: { token: string } | { email: string; code: string },
    device: Device,
  ): Promise<{ token: string; returnTo: string | null }> {
    // Counted outside the transaction below: a wrong code must stay counted.
    if ('code' in proof && !(await this.countTry(proof.email))) throw invalidLink();
    const code = 'code' in proof ? await codeHash(proof.email, proof.code) : undefined;
    return this.transactions.run(async (tx) => {
      const link = 'token' in proof ? await this.useToken(tx, proof.token) : await this.useCode(tx, proof.email, code!);
      if (!link) throw invalidLink();
      const account = await this.accountOf(tx, link);
      if (account.banned)
        throw new DomainError('account.banned', 'forbidden', { detail: 'This account may no longer sign in.' });
      // Mails that were asked for twice: the others are spent too.
      await tx.query('update sign_in_links set used_at = $2 where email = $1 and used_at is null', [
        link.email,
        this.clock.now(),
      ]);
      await this.sessions.endEarlier(tx, device.browserHash, device.oldToken);
      const token = await this.sessions.begin(tx, account.id, account.role, device);
      this.events.publish(tx, 'session', `browser:${device.browserHash.toString('hex')}`);
      return { token, returnTo: link.returnTo };
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
      const link = await row<{ id: string }>(
        tx,
        `insert into sign_in_links (email, purpose, display_name, return_to, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6) returning id`,
        [email, purpose, displayName, returnTo, now, new Date(now.getTime() + LINK_MINUTES * 60_000)],
      );
      // For unknown addresses too, so that the answer takes as long: the job finds out whom to write to.
      await enqueue(tx, sendSignInMail, { linkId: link!.id });
    });
  }

  private async useToken(tx: Tx, token: string): Promise<Link | undefined> {
    return row<Link>(
      tx,
      `update sign_in_links set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2
       returning id, email, purpose, display_name as "displayName", return_to as "returnTo"`,
      [sha256(token), this.clock.now()],
    );
  }

  private async useCode(tx: Tx, email: string, code: Buffer): Promise<Link | undefined> {
    return row<Link>(
      tx,
      `update sign_in_links set used_at = $3
       where email = $1 and code_hash = $2 and used_at is null and expires_at > $3 and code_tries <= $4
       returning id, email, purpose, display_name as "displayName", return_to as "returnTo"`,
      [email, code, this.clock.now(), CODE_TRIES],
    );
  }

  /** @returns whether there is a link whose code may still be tried */
  private async countTry(email: string): Promise<boolean> {
    const open = await rows<{ tries: number }>(
      this.dataSource,
      `update sign_in_links set code_tries = code_tries + 1 where email = $1 and used_at is null and expires_at > $2
         and code_tries <= $3 returning code_tries as tries`,
      [email, this.clock.now(), CODE_TRIES],
    );
    return open.some(({ tries }) => tries <= CODE_TRIES);
  }

  private async accountOf(tx: Tx, link: Link): Promise<{ id: string; role: Role; banned: boolean }> {
    const now = this.clock.now();
    const known = await row(tx, 'select 1 from accounts where email = $1', [link.email]);
    if (link.displayName !== null && !known) {
      await this.names.refuseStaffNames(tx, link.displayName);
      await tx.query(
        `insert into accounts (email, display_name, name_skeleton, email_verified_at, created_at, changed_at)
         values ($1, $2, $3, $4, $4, clock_timestamp()) on conflict (email) do nothing`,
        [link.email, link.displayName, nameSkeleton(link.displayName), now],
      );
    }
    const account = await row<{ id: string; role: Role; banned: boolean }>(
      tx,
      `update accounts set email_verified_at = coalesce(email_verified_at, $2) where email = $1
       returning id, role, banned_at is not null as banned`,
      [link.email, now],
    );
    if (!account) throw invalidLink();
    return account;
  }
}
