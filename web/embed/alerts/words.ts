import { en } from '../../shared/strings/en.js';
import { problemText, translator } from '../../shared/strings/translate.js';
import type { ApiProblem } from '../../shared/problem.js';

/** The alerts' words, beside the shared ones. */
const words = {
  ...en,
  'error.network.offline': 'You seem to be offline. Try again when you are back.',
  'error.network.unreachable': 'We could not reach the server. Please try again in a moment.',
  'error.push.endpoint_refused': 'Alerts cannot reach this browser: its push service is not one we know.',
  'error.push.endpoint_taken': 'This browser’s alerts belong to somebody else’s visit. Switch them off and on again.',
  'off.title': 'Get alerts',
  'off.text': 'You choose what about.',
  'off.honest': 'Change or stop them whenever you like.',
  'off.choose': 'Choose topics',
  'off.later': 'Not now',
  'quiet.off': 'Alerts are off in this browser.',
  'quiet.choose': 'Choose alerts',
  'panel.legend': 'What should we tell you about?',
  'panel.browser': 'Your browser asks you once more. It tells us where to send alerts, and nothing about you.',
  'panel.none': 'Choose at least one.',
  'panel.signIn': 'Sign in to get these.',
  'panel.why': 'Sign in to be told when somebody answers you.',
  'panel.failed': 'The topics did not load.',
  'panel.on': 'Switch on alerts',
  'on.title': 'Alerts are on in this browser',
  'on.one': 'You get {topics}.',
  'on.silent': '{topics}: not while you are signed out.',
  'on.change': 'Change',
  'on.off': 'Switch off',
  'on.saved': 'Saved.',
  'on.started': 'Alerts are on.',
  'on.stopped': 'Alerts are off. You get nothing more.',
  'on.elsewhere': 'You can also stop them in the browser itself:',
  'denied.title': 'Your browser blocks alerts',
  'denied.text': 'Nothing is sent. You can allow them again in the browser.',
  'denied.how': 'How to allow them',
  'denied.hide': 'Hide this',
  'revoked.title': 'Your browser stopped alerts',
  'revoked.text': 'Its permission is gone, so we deleted the subscription.',
  'revoked.again': 'Switch on again',
  'revoked.fine': 'Leave them off',
  'no.title': 'This browser cannot get alerts',
  'no.text': 'Current versions of Chrome, Edge, Firefox and Safari can.',
  'ios.title': 'Alerts on iPhone and iPad',
  'ios.text':
    'They come once this site is on your Home Screen: tap Share, then “Add to Home Screen”, and open it there.',
  'insecure.title': 'Alerts need a secure page',
  'insecure.text': 'This page came over plain http. Browsers allow alerts on https only.',
  'busy.asking': 'Your browser asks you now. The question may hide behind a bell beside the address.',
  'busy.subscribing': 'Switching on…',
  'busy.slow': 'This takes longer than usual: your browser waits for its push service…',
  'busy.saving': 'Saving…',
  'trouble.undecided': 'You have not answered your browser’s question, so alerts stay off.',
  'trouble.push':
    'Your browser’s push service cannot be reached. A network may block it, and some browsers come without one. Nothing was switched on.',
  'trouble.worker': 'Alerts do not work on this site just now. We are sorry.',
  'engineer.title': 'For the engineers of this site',
  'engineer.worker': '{file} must be a JavaScript file of this site, sent without a redirect, with this line:',
  'engineer.other':
    'Another service worker ({other}) already looks after this site. Put this line into it, and name it in the element: service-worker="{other}".',
  'engineer.types': 'The page’s Content-Security-Policy must allow it: trusted-types … rostra-alerts.',
  'engineer.unnamed': 'The element names no file: service-worker="/rostra-sw.js".',
  'engineer.csp': `The policy needs worker-src 'self'; that file’s own policy must allow Rostra as script-src and connect-src.`,
  'trouble.said': 'The browser says: {said}',
  'how.chrome':
    'Click the icon left of the address, then Notifications. Or: Settings, Privacy and security, Site settings, Notifications.',
  'how.edge':
    'Click the icon left of the address, then Permissions for this site. Or: Settings, Cookies and site permissions, Notifications.',
  'how.firefox':
    'Click the icon left of the address, and clear “Blocked” beside notifications. Or: Settings, Privacy & Security, Permissions, Notifications.',
  'how.safari': 'Choose Safari, Settings, Websites, Notifications, and this site in the list.',
  'how.android':
    'Tap the icon left of the address, then Permissions, Notifications. The phone’s own settings must let the browser notify, too.',
  'how.ios': 'Open the Settings of your iPhone or iPad, Notifications, and this site’s name among the apps.',
} as const;

export const t = translator(words);

/** A problem in the reader's words. */
export const textOf = (problem: ApiProblem): string => problemText(words, problem);
