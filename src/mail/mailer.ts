import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import nodemailer, { type SendMailOptions, type Transporter } from 'nodemailer';
import { senderAddress } from '../config/checks/check-mail.js';
import { Config } from '../config/config.js';
import { outsideCodes } from '../errors/outside-error.js';
import { Metrics } from '../metrics/metrics.js';
import type { SiteKey } from '../settings/setting.js';
import { Sites } from '../settings/sites.service.js';

export interface Mail {
  to: string;
  /** The site that writes; null for the installation. */
  site: SiteKey;
  subject: string;
  text: string;
  /** The same mail as HTML. */
  html: string;
  /** The same for every retry, so that a mail that is sent twice is shown once. */
  messageId: string;
}

/** The server accepts no mail to this address, also not later. */
export class MailRefused extends Error {}

/** Sends mails by SMTP. Only jobs call it, so that no request waits for a mail server. */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  private readonly transport: Transporter;

  constructor(
    private readonly config: Config,
    private readonly metrics: Metrics,
    @Inject(Sites) private readonly sites: Pick<Sites, 'look'>,
  ) {
    const step = Math.min(10_000, this.mailMs / 2);
    // The transport reads these. As a second argument of createTransport they would be defaults of every message.
    this.transport = nodemailer.createTransport({
      url: config.smtpUrl,
      dnsTimeout: step,
      connectionTimeout: step,
      greetingTimeout: step,
      socketTimeout: step * 2,
    });
  }

  /** The bound for a whole mail: a server that answers drop by drop stays below every other time-out. */
  private get mailMs(): number {
    return this.config.env.MAIL_TIMEOUT_SECONDS * 1_000;
  }

  /** @throws MailRefused when another attempt would end the same; else the transport's error, whose text may name the address */
  async send({ to, site, subject, text, html, messageId }: Mail): Promise<void> {
    const host = new URL(this.config.publicUrl).hostname;
    // `signal` is newer than the types.
    const mail: SendMailOptions & { signal: AbortSignal } = {
      from: this.senderOf(site),
      to: { name: '', address: to }, // an object, because a string could be parsed as a list of addresses
      subject,
      text,
      html,
      messageId: `<${messageId}@${host}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      signal: AbortSignal.timeout(this.mailMs),
    };
    try {
      await this.transport.sendMail(mail);
    } catch (error) {
      const isRefused = isPermanent(error);
      this.metrics.mails.inc({ outcome: isRefused ? 'refused' : 'failed' });
      throw isRefused ? new MailRefused(outsideCodes(error)) : error;
    }
    this.metrics.mails.inc({ outcome: 'sent' });
  }

  /** The address of MAIL_FROM under the site's name. The name in MAIL_FROM is that of the installation. */
  private senderOf(site: SiteKey): { name: string; address: string } {
    const { mailFrom } = this.config;
    const own = site === null && /^([^<]*)</.exec(mailFrom)?.[1]?.replaceAll('"', '').trim();
    return { name: own || this.sites.look(site).name, address: senderAddress(mailFrom) };
  }

  onApplicationShutdown(): void {
    this.transport.close();
  }
}

/** Tells whether the server refused the recipient or the text for good (a 5xx), and not for example our login. */
function isPermanent(error: unknown): boolean {
  const { code, responseCode = 0, command } = error as { code?: string; responseCode?: number; command?: string };
  const ofThisMail = code === 'EMESSAGE' || (code === 'EENVELOPE' && command === 'RCPT TO');
  return ofThisMail && responseCode >= 500 && responseCode < 600;
}
