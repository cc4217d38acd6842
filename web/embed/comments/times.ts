import { html, type TemplateResult } from 'lit';
import { fullTime, relativeTime } from '../../shared/strings/translate.js';
import { idOf, type ThreadView } from './view.js';

/** Draws how long ago something was, as a property, so that `renewTimes` may set it without drawing the row again. */
export const timeAgo = (iso: string, now: number): TemplateResult =>
  html`<time datetime=${iso} title=${fullTime(iso)} .textContent=${relativeTime(iso, now)}></time>`;

/** Renews the times of the rows near the viewport, and marks the comments that may no longer be edited. */
export function renewTimes(root: ParentNode, view: ThreadView): void {
  const rowOf = (element: Element) => idOf(element.closest('article'));
  for (const time of root.querySelectorAll('time')) {
    const text = relativeTime(time.dateTime, view.now);
    if (time.textContent !== text && view.isNear(rowOf(time))) time.textContent = text;
  }
  for (const edit of root.querySelectorAll('[id^="edit-"]')) view.talk.store.touch(rowOf(edit));
}
