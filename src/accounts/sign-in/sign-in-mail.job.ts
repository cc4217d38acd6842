import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import { Config } from '../../config/config.js';
import { row, type Tx } from '../../database/rows.js';
import { describeError } from '../../errors/outside-error.js';
import { enqueue, type Job, type JobRun } from '../../jobs/job.js';
import { JobRegistry } from '../../jobs/job-registry.js';
import { Mailer, MailRefused } from '../../mail/mailer.js';
import { codeHash, newCode, newToken, sha256 } from '../sessions/tokens.js';
import { signInMail } from './sign-in-mail.js';
import { Sites } from '../../settings/sites.service.js';

export const sendSignInMail: Job<{ linkId: string; late?: boolean | undefined }> = {
  name: 'send-sign-in-mail',
  lane: 'mail',
  payload: z.strictObject({ linkId: z.string(), late: z.boolean().optional() }),
  maxAttempts: 6,
};

/** The queue's pauses grow to minutes. After this attempt the mail is tried every minute, as long as its link lasts. */
const LAST_OF_QUEUE = 4;
const LATE_PAUSE_MS = 60_000;

interface MailToSend {
  email: string;
  purpose: 'register' | 'sign-in';
  expiresAt: Date;
  name: string | null;
  returnTo: string | null;
}

type SmtpError = Error & { code?: string; responseCode?: number; command?: string };

/**
 * Creates the token and the code of a link and mails them. The job creates them itself, so that the queue holds no usable
 * secret. A retry creates new ones. When the earlier mail may have arrived, it keeps its link, and the retry gets another.
 */
@Injectable()
export class SignInMailJob implements OnModuleInit {
  private readonly log = new Logger('SignInMail');

  constructor(
    private readonly jobs: JobRegistry,
    private readonly dataSource: DataSource,
    private readonly mailer: Mailer,
    private readonly config: Config,
    private readonly sites: Sites,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register(sendSignInMail, async ({ linkId, late = false }, run) => {
      const link = await this.toSend(linkId);
      // No mail goes to unknown addresses and banned accounts, or for links that were used or have expired meanwhile.
      if (!link) return;
      const token = newToken();
      const code = newCode();
      const hashes = [sha256(token), await codeHash(link.email, code)] as const;
      const mailed = await run.effect((tx) => this.keepHashes(tx, linkId, hashes));
      const minutes = Math.max(1, Math.round((link.expiresAt.getTime() - this.clock.now().getTime()) / 60_000));
      const site = this.sites.ofUrl(link.returnTo);
      const mail = signInMail({
        site: this.sites.look(site),
        purpose: link.purpose,
        name: link.name,
        link: `${this.config.publicUrl}/sign-in${site ? `?site=${site}` : ''}#token=${token}`,
        code,
        minutes,
      });
      run.checkLease();
      try {
        await this.mailer.send({ to: link.email, site, ...mail, messageId: `sign-in-${mailed}-${run.attempt}` });
      } catch (error) {
        await this.afterFailure(error as SmtpError, { linkId, mailed, late, expiresAt: link.expiresAt }, run);
      }
    });
  }

  private async toSend(linkId: string): Promise<MailToSend | undefined> {
    // Somebody who registers a known address gets a sign-in mail, which uses the account's name. A mail to an unknown
    // address uses no name, because a stranger may have typed it.
    return row<MailToSend>(this.dataSource.sql`
      select l.email, case when a.id is null then l.purpose else 'sign-in' end as purpose,
        l.expires_at as "expiresAt", a.display_name as name, l.return_to as "returnTo"
      from sign_in_links l left join accounts a on a.email = l.email
      where l.id = ${linkId} and l.used_at is null and l.expires_at > ${this.clock.now()}
        and (a.id is not null or l.purpose = 'register') and a.banned_at is null`);
  }

  /** Stores the hashes in the link, or in a copy of it when the link was mailed before. @returns the id of the row */
  private async keepHashes(tx: Tx, linkId: string, [token, code]: readonly [Buffer, Buffer]): Promise<string> {
    const first = await row<{ id: string }>(tx.sql`
      update sign_in_links set token_hash = ${token}, code_hash = ${code}
      where id = ${linkId} and token_hash is null returning id`);
    if (first) return first.id;
    const copy = await row<{ id: string }>(tx.sql`
      insert into sign_in_links overriding system value
      select (jsonb_populate_record(l, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('sign_in_links', 'id')),
        'token_hash', ${token}::bytea, 'code_hash', ${code}::bytea))).*
      from sign_in_links l where l.id = ${linkId} returning id`);
    return copy!.id;
  }

  private async afterFailure(
    error: SmtpError,
    { linkId, mailed, late, expiresAt }: { linkId: string; mailed: string; late: boolean; expiresAt: Date },
    run: JobRun,
  ): Promise<void> {
    // The last attempt ends here without an error, because a retry cannot change the result.
    if (error instanceof MailRefused) {
      this.log.warn(`The mail of sign-in link ${linkId} was refused. ${error.message}`);
      return;
    }
    const isRefused = error.responseCode !== undefined || error.command === 'CONN';
    const at = new Date(this.clock.now().getTime() + LATE_PAUSE_MS);
    const isLate = late || run.attempt >= LAST_OF_QUEUE;
    const again = isLate && at < expiresAt;
    await run.effect(async (tx) => {
      // The server has not got this mail, so its link is free for the next attempt.
      if (isRefused && mailed === linkId)
        await tx.sql`update sign_in_links set token_hash = null, code_hash = null where id = ${linkId}`;
      else if (isRefused) await tx.sql`delete from sign_in_links where id = ${mailed}`;
      if (again) await enqueue(tx, sendSignInMail, { linkId, late: true }, { at });
    });
    if (!isLate) throw error;
    const reason = describeError(error);
    if (again) this.log.warn(`The mail of sign-in link ${linkId} is tried again in a minute. ${reason}`);
    else this.log.error(`The mail of sign-in link ${linkId} was given up, because its link ends. ${reason}`);
  }
}
