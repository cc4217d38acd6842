import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import { Config } from '../../config/config.js';
import { row } from '../../database/rows.js';
import type { Job } from '../../jobs/job.js';
import { JobRegistry } from '../../jobs/job-registry.js';
import { Mailer, MailRefused } from '../../mail/mailer.js';
import { codeHash, newCode, newToken, sha256 } from '../sessions/tokens.js';
import { SignInLinkEntity } from './sign-in-link.entity.js';
import { signInMail } from './sign-in-mail.js';

export const sendSignInMail: Job<{ linkId: string }> = {
  name: 'send-sign-in-mail',
  payload: z.strictObject({ linkId: z.string() }),
  maxAttempts: 6,
};

interface MailToSend {
  email: string;
  purpose: 'register' | 'sign-in';
  expiresAt: Date;
  name: string | null;
}

/**
 * Creates the token and the code of a link and mails them. The job creates them itself, so that the queue holds no usable
 * secret. A retry creates new ones, and only the newest mail works.
 */
@Injectable()
export class SignInMailJob implements OnModuleInit {
  private readonly log = new Logger('SignInMail');

  constructor(
    private readonly jobs: JobRegistry,
    private readonly dataSource: DataSource,
    private readonly mailer: Mailer,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register(sendSignInMail, async ({ linkId }, run) => {
      const token = newToken();
      const code = newCode();
      // Somebody who registers a known address gets a sign-in mail, which uses the account's name. A mail to an unknown
      // address uses no name, because a stranger may have typed it.
      const link = await row<MailToSend>(this.dataSource.sql`
        select l.email, case when a.id is null then l.purpose else 'sign-in' end as purpose,
          l.expires_at as "expiresAt", a.display_name as name
        from sign_in_links l left join accounts a on a.email = l.email
        where l.id = ${linkId} and l.used_at is null and l.expires_at > ${this.clock.now()}
          and (a.id is not null or l.purpose = 'register') and a.banned_at is null`);
      // No mail goes to unknown addresses and banned accounts, or for links that were used or have expired meanwhile.
      if (!link) return;
      const hashes = { tokenHash: sha256(token), codeHash: await codeHash(link.email, code) };
      await run.effect((tx) => tx.getRepository(SignInLinkEntity).update(linkId, hashes));
      const minutes = Math.max(1, Math.round((link.expiresAt.getTime() - this.clock.now().getTime()) / 60_000));
      const mail = signInMail({
        site: this.config.site,
        purpose: link.purpose,
        name: link.name,
        link: `${this.config.publicUrl}/sign-in#token=${token}`,
        code,
        minutes,
      });
      const sending = this.mailer.send({ to: link.email, ...mail, messageId: `sign-in-${linkId}-${run.attempt}` });
      await sending.catch((error: unknown) => {
        // The last attempt ends here without an error, because a retry cannot change the result.
        if (!(error instanceof MailRefused)) throw error;
        this.log.warn(`The mail of sign-in link ${linkId} was refused. ${error.message}`);
      });
    });
  }
}
