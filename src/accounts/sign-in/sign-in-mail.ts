import { mailHtml, type MailPart, mailText, type Site } from '../../mail/mail-layout.js';

interface SignInMail {
  site: Site;
  purpose: 'register' | 'sign-in';
  name: string | null;
  link: string;
  code: string;
  minutes: number;
}

/**
 * Writes the sign-in mail, which carries a link and, for another device, a code. The code also stands in the subject,
 * where a phone shows it beside the page that asks for it.
 * @param name how the mail addresses its reader; null for an address without an account
 * @param minutes how long link and code are valid
 */
export function signInMail({ site, purpose, name, link, code, minutes }: SignInMail): {
  subject: string;
  text: string;
  html: string;
} {
  const confirming = purpose === 'register';
  const subject = `${confirming ? `Confirm your address for ${site.name}` : `Sign in to ${site.name}`}: ${code}`;
  const ask = confirming
    ? 'Please confirm that this address is yours. Open this link and press the button:'
    : 'Open this link and press the button to sign in:';
  const parts: MailPart[] = [
    { kind: 'text', text: name ? `Hello ${name},` : 'Hello,' },
    { kind: 'text', text: ask },
    { kind: 'button', label: confirming ? 'Confirm your address' : 'Sign in', href: link },
    { kind: 'text', text: 'You can also type this code on the page where you asked for this mail:' },
    { kind: 'code', text: code },
    {
      kind: 'text',
      text: `The link and the code work once and are valid for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}. If you did not ask for this mail, you can ignore it. Nobody can sign in without the link or the code.`,
    },
  ];
  return { subject, text: mailText(site, parts), html: mailHtml(site, subject, parts) };
}
