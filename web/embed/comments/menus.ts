import type { ThreadView } from './view.js';

/** Closes the open menu when the reader clicks elsewhere or presses Escape. @returns a function that ends it */
export function closeMenus(element: HTMLElement & Pick<ThreadView, 'menu' | 'toggle' | 'closeMenu'>): () => void {
  const clicked = (event: Event) => {
    if (!event.composedPath().some((it) => it instanceof Element && it.classList.contains('menu'))) element.closeMenu();
  };
  const keyPressed = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && element.menu) element.toggle(element.menu, 'menu');
  };
  addEventListener('click', clicked);
  element.addEventListener('keydown', keyPressed);
  return () => {
    removeEventListener('click', clicked);
    element.removeEventListener('keydown', keyPressed);
  };
}
