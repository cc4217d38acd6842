import { type Mailbox, startMailbox } from '../../stand-ins/mailbox/mailbox.js';
import type { Message } from '../../stand-ins/mailbox/messages.js';
import { until } from '../support/until.js';

/** A real SMTP server for a spec, with the mails that arrived in it. */
export class MailServer {
  private constructor(private readonly mailbox: Mailbox) {}

  static async start(smtpPort = 0): Promise<MailServer> {
    return new MailServer(await startMailbox({ port: 0, smtpPort }));
  }

  get smtpUrl(): string {
    return this.mailbox.smtpUrl;
  }

  /** Returns the mails to an address, newest first. */
  async mailsTo(address: string): Promise<Message[]> {
    const response = await fetch(`${this.mailbox.url}/api/messages?to=${encodeURIComponent(address)}`);
    return (await response.json()) as Message[];
  }

  /** Waits until `count` mails have arrived. @returns the newest */
  async mailTo(address: string, count = 1): Promise<Message> {
    return until(`mail ${count} to ${address}`, async () => {
      const mails = await this.mailsTo(address);
      return mails.length >= count ? mails[0] : undefined;
    });
  }

  close(): Promise<void> {
    return this.mailbox.close();
  }
}

/** Returns the token of a mail's link, or an empty text. */
export const tokenOf = (mail: Message): string =>
  mail.links
    .map((it) => new URL(it).hash)
    .find((it) => it.startsWith('#token='))
    ?.slice('#token='.length) ?? '';
