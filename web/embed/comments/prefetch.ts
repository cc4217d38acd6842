import { signInDialog } from '../account/sign-in.js';
import { session } from '../common/page.js';
import { interaction } from './load-interaction.js';

/** The first of these events says that the reader may act soon. */
const REACHING = ['pointerover', 'pointerdown', 'focusin'];

function prefetch(): void {
  interaction.prefetch();
  if (session.account === null) signInDialog.prefetch();
}

/** Loads the code of what a reader does when the reader reaches for the conversation. */
export function prefetchOnReach(element: HTMLElement): void {
  for (const event of REACHING) element.addEventListener(event, prefetch, { once: true });
}
