import { en } from '../../shared/strings/en.js';
import { translator } from '../../shared/strings/translate.js';

/** The words of the desk around its pages, over those that all of Rostra's pages share. Each page adds its own. */
export const shellWords = {
  ...en,
  'desk.title': 'The desk',
  'desk.titleWaiting': '({n}) The desk',
  'desk.skip': 'Skip the list',

  'nav.label': 'Desk',
  'nav.keys': 'Keys',
  'nav.signOut': 'Sign out',
  'nav.signOutFailed': 'You are still signed in, because the server could not be reached. Try again.',

  'role.moderator': 'Moderator',
  'role.editor': 'Editor',
  'role.admin': 'Administrator',
  'role.reader': 'Reader',

  'live.on': 'Live',
  'live.connecting': 'Connecting…',
  'live.off': 'Reconnecting. This page is updated every 3 seconds.',
  'live.offline':
    'The server cannot be reached. This list was read at {time} and is updated when the connection is back.',

  'person.deleted': 'Deleted account',

  'action.label': 'Actions',
  'action.retry': 'Try again',
  'notice.close': 'Close',

  'out.title': 'The desk',
  'out.text':
    'The desk is for the newsroom. Enter your work address, and we send you a link and a code. You need no password.',
  'out.elsewhere': 'If you sign in in another tab, this page opens without a reload.',

  'reader.title': 'The desk is for the newsroom',
  'reader.text': '{name}, you are signed in with a reader’s account. It cannot open the desk.',
  'reader.hint':
    'If you work here, ask an administrator for the role of a moderator. This page opens as soon as you have it.',
  'reader.other': 'Use another account',

  'keys.title': 'Keys',
  'keys.close': 'Close',
  'keys.on': 'Use single keys',
  'keys.everywhere': 'Everywhere',
  'keys.next': 'Next in the list',
  'keys.previous': 'Previous in the list',
  'keys.open': 'Open the story in a new tab',
  'keys.cancel': 'Cancel, or close a notice',
  'keys.help': 'Show these keys',

  'error.network.offline': 'You seem to be offline.',
  'error.network.unreachable': 'The server could not be reached.',
} as const;

export const t = translator(shellWords);
