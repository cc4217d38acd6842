import { randomUUID } from 'node:crypto';
import type { ParsedMail } from 'mailparser';

/** A mail in readable form. */
export interface Message {
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** The same mail as HTML, if it has that. */
  readonly html?: string;
  readonly links: string[];
  /** The sign-in code, which stands alone on a line. */
  readonly code?: string;
  readonly receivedAt: string;
}

const KEPT = 500;
const CODE = /^\s*([A-Z0-9]{4}-?[A-Z0-9]{4}|\d{6})\s*$/m;
const LINK = /https?:\/\/[^\s<>"]+/g;

/** Keeps the newest mails in memory. */
export class Messages {
  private list: (Message & { messageId: string | undefined })[] = [];

  /** Adds a mail. @returns false for a mail that it has already, as after a sender's retry */
  add(mail: ParsedMail, recipients: string[]): boolean {
    const to = recipients.join(', ');
    const { messageId } = mail;
    if (messageId && this.list.some((it) => it.messageId === messageId && it.to === to)) return false;
    const text = (mail.text ?? '').trim();
    const code = CODE.exec(text)?.[1];
    this.list.unshift({
      id: randomUUID(),
      messageId,
      to,
      from: mail.from?.text ?? '',
      subject: mail.subject ?? '',
      text,
      ...(mail.html ? { html: mail.html } : {}),
      links: [...new Set((text.match(LINK) ?? []).map((it) => it.replace(/[.,;:!?)\]]+$/, '')))],
      ...(code ? { code } : {}),
      receivedAt: new Date().toISOString(),
    });
    this.list.length = Math.min(this.list.length, KEPT);
    return true;
  }

  /** Returns the mails, newest first; `to` selects those to one address. */
  read(to?: string): Message[] {
    const address = to?.toLowerCase();
    return this.list
      .filter((it) => !address || it.to.toLowerCase().split(', ').includes(address))
      .map(({ messageId: _internal, ...message }) => message);
  }

  clear(): void {
    this.list = [];
  }
}
