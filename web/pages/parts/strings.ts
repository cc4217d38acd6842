import { en } from '../../shared/strings/en.js';
import { translator } from '../../shared/strings/translate.js';

const own = {
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

  'sign-in.titleForm': 'Sign in',
  'sign-in.textForm': 'You need no password: we send you a link and a code by mail.',
  'sign-in.titleAsk': 'One more step',
  'sign-in.textAsk':
    'Press the button to confirm your address and sign in, in this browser. Until then the link stays unused.',
  'sign-in.confirm': 'Confirm and sign in',
  'sign-in.working': 'Signing in…',
  'sign-in.notYou': 'If you did not ask for this mail, close this page. Nothing has happened.',
  'sign-in.titleDone': 'You are signed in',
  'sign-in.textDone': '{name}, you are signed in in every open tab of this browser. You need not reload them.',
  'sign-in.unverified': 'Your address is not confirmed yet. Open the link in the other mail that we sent you.',
  'sign-in.back': 'Back to {host}',
  'sign-in.desk': 'To the newsroom desk',
  'sign-in.close': 'You can close this page.',
  'sign-in.signOut': 'Sign out',
  'sign-in.titleGone': 'This link no longer works',
  'sign-in.textGone': 'A link works once and for a short time, and only the newest one works. Ask for a new link here.',
  'sign-in.kept': 'Your link is still unused.',

  'error.name.taken': 'This name could be mistaken for a member of the newsroom. Register again with another name.',

  'home.copy': 'Copy',
  'home.copied': 'Copied',
  'home.copyFailed': 'Select the text and copy it',
  'home.ready': 'Ready',
  'home.notReady': 'Not ready',
  'home.noAnswer': 'No answer',
} as const;

/** The words of Rostra's own pages, over those that all pages share. */
export const pageWords = { ...en, ...own };
export const t = translator(pageWords);
