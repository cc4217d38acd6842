import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { Clock } from '../../clock/clock.js';
import { Config } from '../../config/config.js';
import { row, rows } from '../../database/rows.js';
import type { Job } from '../../jobs/job.js';
import { JobRegistry } from '../../jobs/job-registry.js';
import { Mailer } from '../../mail/mailer.js';
import { codeHash, newCode, newToken, sha256 } from '../sessions/tokens.js';
import { signInMail } from './sign-in-mail.js';

export const sendSignInMail: Job<{ linkId: string }> = {
  name: 'send-sign-in-mail',
  payload: z.strictObject({ linkId: z.string() }),
  maxAttempts: 6,
};

interface WantedMail {
  email: string;
  purpose: 'register' | 'sign-in';
  expiresAt: Date;
  name: string | null;
}

/**
 * Whoever registers a known address is helped to sign in, and its owner is called by the name they chose. Before there is
 * an account nobody is called by a name: it is whatever a stranger typed, in a mail of ours.
 */
const WANTED = `
  select l.email, case when a.id is null then l.purpose else 'sign-in' end as purpose,
    l.expires_at as "expiresAt", a.display_name as name
  from sign_in_links l left join accounts a on a.email = l.email
  where l.id = $1 and l.used_at is null and l.expires_at > $2
    and (a.id is not null or l.purpose = 'register') and a.banned_at is null`;

/**
 * Makes a link's secrets and mails them. They are made here, not when the link was asked for, so the queue holds no
 * usable secret; a second try makes new ones, and the newest mail is the one that works.
 */
@Injectable()
export class SignInMailJob implements OnModuleInit {
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
      const link = await row<WantedMail>(this.dataSource, WANTED, [linkId, this.clock.now()]);
      // Nobody to write to (an unknown address, a banned account), or used or expired meanwhile: a late mail would puzzle.
      if (!link) return;
      const hashes = [sha256(token), await codeHash(link.email, code)];
      await run.effect((tx) =>
        rows(tx, 'update sign_in_links set token_hash = $2, code_hash = $3 where id = $1', [linkId, ...hashes]),
      );
      const minutes = Math.max(1, Math.round((link.expiresAt.getTime() - this.clock.now().getTime()) / 60_000));
      const { subject, text } = signInMail({
        site: this.config.env.SITE_NAME,
        purpose: link.purpose,
        name: link.name,
        link: `${this.config.publicUrl}/sign-in#token=${token}`,
        code,
        minutes,
      });
      await this.mailer.send({ to: link.email, subject, text, messageId: `sign-in-${linkId}-${run.attempt}` });
    });
  }
}
