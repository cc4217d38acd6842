import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import nodemailer, { type Transporter } from 'nodemailer';
import { senderAddress } from '../config/checks/check-mail.js';
import { Config } from '../config/config.js';

export interface Mail {
  to: string;
  subject: string;
  text: string;
  /** The same mail as HTML. */
  html: string;
  /** The same for every retry, so that a mail that is sent twice is shown once. */
  messageId: string;
}

/** Sends mails by SMTP. Only jobs call it, so that no request waits for a mail server. */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  private readonly transport: Transporter;

  constructor(private readonly config: Config) {
    this.transport = nodemailer.createTransport(config.smtpUrl, {
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
    } as never);
  }

  /** @throws the transport's error when the server does not accept the mail */
  async send({ to, subject, text, html, messageId }: Mail): Promise<void> {
    const host = new URL(this.config.publicUrl).hostname;
    await this.transport.sendMail({
      from: senderOf(this.config),
      to: { name: '', address: to }, // an object, because a string could be parsed as a list of addresses
      subject,
      text,
      html,
      messageId: `<${messageId}@${host}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  }

  onApplicationShutdown(): void {
    this.transport.close();
  }
}

/** The sender under the name in MAIL_FROM, else under the newspaper's. */
function senderOf({ mailFrom, siteName }: Config): { name: string; address: string } {
  const name = /^([^<]*)</.exec(mailFrom)?.[1]?.replaceAll('"', '').trim();
  return { name: name || siteName, address: senderAddress(mailFrom) };
}
