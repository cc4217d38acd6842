import { en } from '../strings/en.js';
import { translator } from '../strings/translate.js';

/** The words of the sign-in form, over those that all pages share. */
export const signInWords = {
  ...en,
  'mail.address': 'E-mail address',
  'mail.send': 'Send me a link and a code',
  'mail.sending': 'Sending…',
  'mail.sentTitle': 'Check your mail',
  'mail.sent':
    'If an account belongs to {email}, we have sent a mail to it. Open its link in this browser, or enter its code here.',
  'mail.code': 'Code from the mail',
  'mail.signIn': 'Sign in',
  'mail.signingIn': 'Signing in…',
  'mail.again': 'Send again',
  'mail.other': 'Use another address',
  'mail.sentAgain': 'The mail was sent again. Only the newest link and code work.',
  'mail.codeWrong': 'This code does not work. Check it for a typing error, or take the code of the newest mail.',
  'error.name.taken': 'This name could be mistaken for a member of the newsroom. Register again with another name.',
} as const;

export const t = translator(signInWords);
