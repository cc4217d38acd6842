import type { DeskPage, KeyGroup } from './page.js';
import { t } from './strings.js';

const STORED = 'rostra-desk-keys';

/** Whether single keys act. It is kept per browser: people who dictate text must be able to turn them off. */
export function readKeysOn(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true;
  }
}

export function writeKeysOn(on: boolean): void {
  try {
    localStorage.setItem(STORED, on ? 'on' : 'off');
  } catch {
    // The browser refuses storage: the choice holds until the page is closed.
  }
}

const TEXT_INPUTS = new Set(['text', 'email', 'search', 'url', 'tel', 'password', 'number']);

/** True if the focused element takes letters. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (target instanceof HTMLInputElement) return TEXT_INPUTS.has(target.type);
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}

/** The keys that work everywhere, then those of each page; pages may share a group. */
export function keyGroups(pages: readonly DeskPage[]): KeyGroup[] {
  const everywhere: KeyGroup = {
    title: t('keys.everywhere'),
    rows: [
      [['↓', 'J'], t('keys.next')],
      [['↑'], t('keys.previous')],
      [['O'], t('keys.open')],
      [['Esc'], t('keys.cancel')],
      [['?'], t('keys.help')],
    ],
  };
  return [everywhere, ...new Set(pages.map((it) => it.keys))];
}
