import type { LitElement } from 'lit';
import { anchor } from './view.js';

const find = (element: LitElement, selector: string) => element.renderRoot.querySelector<HTMLElement>(selector);

/** Focuses the first of these that is on the page after the next drawing. */
export function focusOn(element: LitElement, ...selectors: string[]): void {
  void element.updateComplete.then(() => {
    const target = selectors.map((it) => find(element, it)).find(Boolean);
    target?.focus();
  });
}

/** Returns a function that gives the focus back to what has it now, if drawing moves that within the page. */
export function keepFocus(root: ShadowRoot | null): () => void {
  const outer = root?.activeElement;
  const inner = outer?.shadowRoot?.activeElement ?? outer;
  return () => {
    if (outer?.isConnected && root?.activeElement !== outer && inner instanceof HTMLElement)
      inner.focus({ preventScroll: true });
  };
}

/** Scrolls a comment into view and focuses it, after the next drawing. */
export function goTo(element: LitElement, id: string, block: ScrollLogicalPosition = 'nearest'): void {
  void element.updateComplete.then(() => {
    const comment = find(element, `#${anchor(id)}`);
    comment?.focus({ preventScroll: true });
    (comment?.querySelector('.who') ?? comment)?.scrollIntoView({ block });
  });
}
