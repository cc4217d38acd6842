import { LitElement } from 'lit';

/**
 * An element in a publisher's page. It draws into one block of its own, `.root`: what the page says of all its elements
 * (`* { color: #fff }`) reaches the element itself and overrules `:host`, but nothing inside; see `.root` in controls.ts.
 */
export class IsolatedElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    const root = document.createElement('div');
    root.className = 'root';
    super.createRenderRoot().append(root);
    return root;
  }
}
