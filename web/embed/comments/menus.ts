import type { ThreadView } from './view.js';

/** Closes the open menu when the reader clicks elsewhere or presses Escape. @returns a function that ends it */
export function closeMenus(element: HTMLElement & Pick<ThreadView, 'popup' | 'toggle' | 'closePopup'>): () => void {
  const clicked = (event: Event) => {
    // The dialog in which the reader signs in to follow leaves the card open.
    if (!event.composedPath().some((it) => it instanceof Element && it.matches('.menu, dialog'))) element.closePopup();
  };
  const keyPressed = (event: KeyboardEvent) => {
    const { popup } = element;
    if (event.key === 'Escape' && popup) element.toggle(popup.id, popup.kind);
  };
  addEventListener('click', clicked);
  element.addEventListener('keydown', keyPressed);
  return () => {
    removeEventListener('click', clicked);
    element.removeEventListener('keydown', keyPressed);
  };
}
