import { en } from '../../shared/strings/en.js';
import { problemText, translator } from '../../shared/strings/translate.js';
import type { ApiProblem } from '../../shared/problem.js';

/** The words of the alerts, beside the shared ones. */
const words = {
  ...en,
  'error.network.offline': 'You seem to be offline. Try again when you are online.',
  'error.network.unreachable': 'We could not reach the server. Please try again in a moment.',
  'error.push.endpoint_refused': 'Alerts cannot reach this browser, because we do not know its push service.',
  'error.push.endpoint_taken': 'Another reader switched on alerts in this browser. Switch them off and on again.',
  'error.push.endpoint_gone':
    'Your browser’s subscription has ended, and the browser gives no other one. Switch alerts off and on again.',
  'off.title': 'Get alerts',
  'off.text': 'You choose the topics.',
  'off.honest': 'You can change or stop them at any time.',
  'off.choose': 'Choose topics',
  'off.later': 'Not now',
  'quiet.choose': 'Choose alerts',
  'panel.legend': 'What should we tell you about?',
  'panel.browser': 'Your browser asks you once more. It tells us where to send alerts, and nothing about you.',
  'panel.none': 'Choose at least one topic.',
  'panel.signIn': 'Sign in to get these.',
  'panel.failed': 'The topics did not load.',
  'panel.on': 'Switch on alerts',
  'on.title': 'Alerts are on in this browser',
  'on.one': 'You get {topics}.',
  'on.silent': 'You get {topics} only while you are signed in.',
  'on.off': 'Switch off',
  'on.stopped': 'Alerts are off. We send you no more of them.',
  'on.elsewhere': 'You can also stop them in the browser itself:',
  'broken.title': 'Alerts do not reach you just now',
  'broken.text': 'You have switched them on. They come back once this site is repaired.',
  'denied.title': 'Your browser blocks alerts',
  'denied.text': 'We send nothing. You can allow alerts again in the browser.',
  'denied.how': 'How to allow them',
  'denied.hide': 'Hide this',
  'revoked.title': 'Your browser stopped alerts',
  'revoked.text': 'It took its permission back, so we deleted the subscription.',
  'revoked.again': 'Switch on again',
  'revoked.fine': 'Leave them off',
  'no.title': 'This browser cannot get alerts',
  'no.text': 'Current versions of Chrome, Edge, Firefox and Safari can.',
  'ios.title': 'Alerts on iPhone and iPad',
  'ios.text':
    'You can get them once this site is on your Home Screen. Tap Share, then “Add to Home Screen”, and open it there.',
  'insecure.title': 'Alerts need a secure page',
  'insecure.text': 'This page came over plain http. Browsers allow alerts on https only.',
  'busy.asking': 'Your browser asks you now. The question may be behind a bell icon beside the address.',
  'busy.subscribing': 'Switching on…',
  'busy.slow': 'This takes longer than usual. Your browser waits for its push service…',
  'busy.saving': 'Saving…',
  'trouble.undecided': 'You have not answered your browser’s question, so alerts stay off.',
  'trouble.push':
    'Your browser cannot reach its push service. Your network may block it, or the browser has none. Alerts stay off.',
  'trouble.worker': 'Alerts do not work on this site just now. We are sorry.',
  'trouble.provider':
    'Another provider already sends the alerts of this site in this browser. We changed nothing of it.',
  'engineer.title': 'For the engineers of this site',
  'engineer.worker': '{file} must be a JavaScript file of this site, sent without a redirect, with this line:',
  'engineer.other':
    'Another service worker ({other}) is installed in the place of ours, and shows none of our alerts. Give them a folder of their own: serve this line as /alerts/rostra-sw.js, and name it in the element: service-worker="/alerts/rostra-sw.js".',
  'engineer.silent': '{file} no longer holds this line, or the line fails:',
  'engineer.provider':
    'This service worker holds the push subscription of another provider, and a worker has only one. Give Rostra a folder of its own: serve this line as /alerts/rostra-sw.js, and name it in the element: service-worker="/alerts/rostra-sw.js".',
  'engineer.types': 'The page’s Content-Security-Policy must allow it: trusted-types … rostra-alerts.',
  'engineer.unnamed': 'The element names no file. Add service-worker="/alerts/rostra-sw.js".',
  'engineer.csp': `The policy needs worker-src 'self'; that file’s own policy must allow Rostra as script-src and connect-src.`,
  'trouble.said': 'The browser says: {said}',
  'how.chrome':
    'Click the icon left of the address, and switch Notifications {on}. Or: Settings, Privacy and security, Site settings, Notifications.',
  'how.edge':
    'Click the icon left of the address, then Permissions for this site, and {allow} Notifications. Or: Settings, Cookies and site permissions, Notifications.',
  'how.firefox':
    'Click the icon left of the address, and clear “{present}” beside notifications. Or: Settings, Privacy & Security, Permissions, Notifications.',
  'how.safari': 'Choose Safari, Settings, Websites, Notifications, and {allow} this site.',
  'how.android': 'Tap the icon left of the address, then Permissions, and switch Notifications {on}.{phone}',
  'how.firefoxAndroid': 'Tap the icon left of the address, and {allow} notifications.{phone}',
  'how.ios':
    'Open the Settings of your iPhone or iPad, Notifications, this site’s name among the apps, and switch Allow Notifications {on}.',
} as const;

export const t = translator(words);

/** Returns the text of a problem for readers. */
export const textOf = (problem: ApiProblem): string => problemText(words, problem);
