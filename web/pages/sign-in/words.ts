import { html, type TemplateResult } from 'lit';
import { signInWords } from '../../shared/sign-in/words.js';
import { translator } from '../../shared/strings/translate.js';

export const pageWords = {
  ...signInWords,
  'sign-in.titleForm': 'Sign in',
  'sign-in.textForm': 'You need no password: we send you a link and a code by mail.',
  'sign-in.titleAsk': 'One more step',
  'sign-in.textAsk':
    'Press the button to confirm your address and sign in, in this browser. Until then the link stays unused.',
  'sign-in.opens': 'It opens the account of {name} ({email}).',
  'sign-in.makes': 'It makes an account for {email}.',
  'sign-in.endsOther': 'You are signed in as {name} now; that session ends.',
  'sign-in.name': 'Your name, which everybody sees',
  'sign-in.confirm': 'Confirm and sign in',
  'sign-in.working': 'Signing in…',
  'sign-in.notYou': 'If you did not ask for this mail, close this page. Nothing has happened.',
  'sign-in.titleDone': 'You are signed in',
  'sign-in.textDone':
    '{name}, you are signed in. This holds for every open tab of this browser, and you need not reload them.',
  'sign-in.unverified': 'Your address is not confirmed yet. Open the link in the other mail that we sent you.',
  'sign-in.backTo': 'Back to',
  'sign-in.back': 'Back to {host}',
  'sign-in.desk': 'To the newsroom desk',
  'sign-in.close': 'You can close this page.',
  'sign-in.signOut': 'Sign out',
  'sign-in.titleGone': 'This link no longer works',
  'sign-in.textGone': 'A link works once and for a short time, and only the newest one works. Ask for a new link here.',
  'sign-in.kept': 'Your link is still unused.',
} as const;

export const t = translator(pageWords);

/** Fills the places of a sentence with markup. */
export function rich(key: keyof typeof pageWords, places: Record<string, TemplateResult>): TemplateResult {
  const parts = t(key).split(/\{(\w+)\}/);
  return html`${parts.map((part, i) => (i % 2 ? places[part] : part))}`;
}
