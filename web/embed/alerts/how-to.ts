import { type BrowserWindow, familyOf } from './support.js';
import { t } from './words.js';

/** The words of browsers' settings, by what the reader wants. */
const WAYS = {
  allow: {
    on: 'on',
    allow: 'allow',
    present: 'Blocked',
    phone: ' The phone’s own settings must let the browser notify, too.',
  },
  stop: { on: 'off', allow: 'block', present: 'Allowed', phone: '' },
};

/** Says how this browser is made to allow or to stop notifications. */
export function howTo(wanted: keyof typeof WAYS, browser: BrowserWindow['navigator'] = navigator): string {
  return t(`how.${familyOf(browser)}`, WAYS[wanted]);
}
