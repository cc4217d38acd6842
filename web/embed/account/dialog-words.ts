import { translator } from '../../shared/strings/translate.js';

/** The words of the sign-in dialog, which are loaded with it. */
const words = {
  'action.close': 'Close',
  'dialog.signIn': 'Sign in',
  'dialog.register': 'Create an account',
  'dialog.why': 'We send you a link and a code. You need no password.',
  'dialog.whyWriting': 'Sign in to take part. What you wrote is kept.',
  'dialog.whyFollowing': 'Sign in to follow readers.',
  'dialog.whyLiking': 'Sign in to like a comment.',
  'dialog.whyFollowed': 'Sign in to see what the readers you follow write.',
  'dialog.whyAlerts': 'Sign in to get an alert when somebody replies to you.',
  'dialog.email': 'E-mail address',
  'dialog.name': 'Name shown with your comments',
  'dialog.nameHint': '2 to 32 characters. Everybody sees it beside your comments.',
  'dialog.send': 'Send me a sign-in mail',
  'dialog.create': 'Create account',
  'dialog.toRegister': 'New here? Create an account',
  'dialog.toSignIn': 'Have an account? Sign in',
  'dialog.mailTitle': 'Check your mail',
  'dialog.mailRegister': 'We sent a mail to {email}. Open the link in it, or type its code here.',
  'dialog.mailSignIn': 'If {email} has an account, we sent it a mail. Open the link in it, or type its code here.',
  'dialog.stays': 'Leave this page open. It signs you in by itself.',
  'dialog.code': 'Code from the mail',
  'dialog.redeem': 'Sign in',
  'dialog.again': 'Send it again',
  'dialog.againIn': { one: 'You can ask for it again in {n} second', other: 'You can ask for it again in {n} seconds' },
  'dialog.sentAgain': 'We sent it again. Only the newest mail works.',
  'dialog.change': 'Change address',
  'dialog.badEmail': 'Please enter an e-mail address.',
  'dialog.badName': 'Please enter a name of 2 to 32 characters.',
  'dialog.badCode': 'The code has eight letters and digits.',
} as const;

export const t = translator(words);

/** The reason why a reader is asked to sign in. Each has its words above. */
export type WhySignIn = 'why' | 'whyWriting' | 'whyFollowing' | 'whyLiking' | 'whyAlerts' | 'whyFollowed';
