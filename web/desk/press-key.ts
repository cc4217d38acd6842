import { pressAlertKey } from './alerts/press-alert-key.js';
import { isTyping } from './shell/keys.js';
import type { DeskVerdict } from './moderation/decision-form.js';
import type { Workbench } from './desk-pages.js';

interface Desk {
  work: Workbench;
  verdict: DeskVerdict | null;
  /** Whether single letters decide. */
  keysOn: boolean;
  openInPage: () => void;
  showKeys: () => void;
}

/** One key pressed anywhere on the desk. */
export function pressKey(event: KeyboardEvent, desk: Desk): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.composedPath().some((it) => it instanceof HTMLDialogElement)) return;
  const key = event.key.toLowerCase();
  // Arrows and Escape write nothing and always work.
  if (key.length === 1 && !desk.keysOn) return;
  if (meant(key, event, desk)) event.preventDefault();
}

function meant(key: string, event: KeyboardEvent, { work, verdict, openInPage, showKeys }: Desk): boolean {
  const typing = isTyping(event);
  // A key that is held down decides once, and moves as often as it likes.
  const decides = !event.repeat || key.startsWith('arrow');
  if (decides && verdict?.press(key, typing)) return true;
  if (typing) return false;
  if (decides && work.session.isEditor && pressAlertKey(key, work.alerts, work.route.page === 'alerts')) return true;
  switch (key) {
    case 'j':
      work.step(1);
      return true;
    case 'arrowdown':
    case 'arrowup':
      // Within the case they scroll it.
      if (event.composedPath().some((it) => it instanceof HTMLElement && it.matches('.body, .middle'))) return false;
      work.step(key === 'arrowdown' ? 1 : -1);
      return true;
    case 'o':
      openInPage();
      return true;
    case '?':
      showKeys();
      return true;
    case 'escape':
      return closeNewest(work);
    default:
      return false;
  }
}

function closeNewest({ notices }: Workbench): boolean {
  const newest = notices.items.at(-1);
  if (newest) notices.close(newest.id);
  return newest !== undefined;
}
