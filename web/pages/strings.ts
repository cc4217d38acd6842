import { en } from '../shared/strings/en.js';
import { translator } from '../shared/strings/translate.js';

const own = {
  'mail.address': 'E-mail address',
  'mail.send': 'Send me a link and a code',
  'mail.sending': 'Sending…',
  'mail.sentTitle': 'Look into your mail',
  'mail.sent':
    'If an account belongs to {email}, a mail is on its way. Open its link in this browser, or type its code here.',
  'mail.code': 'Code from the mail',
  'mail.signIn': 'Sign in',
  'mail.signingIn': 'Signing in…',
  'mail.again': 'Send again',
  'mail.other': 'Use another address',
  'mail.sentAgain': 'Sent again. Only the newest link and code work.',
  'mail.codeWrong':
    'That code does not work. Check for a slip, or take the newest mail: an older code no longer counts.',

  'sign-in.titleForm': 'Sign in',
  'sign-in.textForm': 'No password needed: a link and a code come to you by mail.',
  'sign-in.titleAsk': 'One more step',
  'sign-in.textAsk':
    'Press the button to confirm your address and sign in, in this browser. Until you do, the link stays unused.',
  'sign-in.confirm': 'Confirm and sign in',
  'sign-in.working': 'Signing in…',
  'sign-in.notYou': 'Did you not ask for this mail? Then close this page: nothing has happened.',
  'sign-in.titleDone': 'You are signed in',
  'sign-in.textDone': '{name}, you are signed in in every open tab of this browser. Nothing needs to be reloaded.',
  'sign-in.unverified': 'Your address still waits to be confirmed, with the link in the other mail.',
  'sign-in.back': 'Back to {host}',
  'sign-in.desk': 'To the newsroom desk',
  'sign-in.close': 'You can close this page.',
  'sign-in.signOut': 'Sign out',
  'sign-in.titleGone': 'This link no longer works',
  'sign-in.textGone':
    'A link works once, for a short while, and only the newest one counts. Have a new one sent here: it takes a moment.',
  'sign-in.kept': 'Your link is still unused.',

  'error.name.taken': 'This name could be mistaken for somebody of the newsroom. Register again with another one.',

  'home.copy': 'Copy',
  'home.copied': 'Copied',
  'home.copyFailed': 'Please copy by hand',
  'home.ready': 'Everything is up',
  'home.notReady': 'Not ready yet',
  'home.noAnswer': 'No answer',
} as const;

/** The words of Rostra's own pages, over those that all pages share. */
export const pageWords = { ...en, ...own };
export const t = translator(pageWords);
