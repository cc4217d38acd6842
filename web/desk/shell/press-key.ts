import type { Desk } from './desk.js';
import { isTyping } from './keys.js';

interface KeyTargets {
  desk: Desk;
  /** Whether single letters act. */
  keysOn: boolean;
  openArticle: () => void;
  showKeys: () => void;
}

/** Handles one key, pressed anywhere on the desk. */
export function pressKey(event: KeyboardEvent, targets: KeyTargets): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.composedPath().some((it) => it instanceof HTMLDialogElement)) return;
  const key = event.key.toLowerCase();
  // Arrows and Escape write nothing, so they always work.
  if (key.length === 1 && !targets.keysOn) return;
  if (handles(key, event, targets)) event.preventDefault();
}

function handles(key: string, event: KeyboardEvent, { desk, openArticle, showKeys }: KeyTargets): boolean {
  const typing = isTyping(event);
  // A key that is held down acts once; only arrows repeat.
  const acts = !event.repeat || key.startsWith('arrow');
  if (acts && desk.page.press(key, typing)) return true;
  if (typing) return false;
  if (acts && desk.pages.some((it) => it.countdown?.press(key))) return true;
  switch (key) {
    case 'j':
      desk.page.step(1);
      return true;
    case 'arrowdown':
    case 'arrowup':
      // Within the body the arrows scroll.
      if (event.composedPath().some((it) => it instanceof HTMLElement && it.matches('.body, .middle'))) return false;
      desk.page.step(key === 'arrowdown' ? 1 : -1);
      return true;
    case 'o':
      openArticle();
      return true;
    case '?':
      showKeys();
      return true;
    case 'escape':
      return closeNewestNotice(desk);
    default:
      return false;
  }
}

function closeNewestNotice({ notices }: Desk): boolean {
  const newest = notices.visible.at(-1);
  if (newest) notices.close(newest.id);
  return newest !== undefined;
}
