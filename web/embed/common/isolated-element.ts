import { LitElement } from 'lit';

/**
 * An element in a publisher's page, which draws into a block of its own, `.root`. Styles that the page sets on all
 * elements (`* { color: #fff }`) reach the element itself and overrule `:host`, but nothing inside; see `.root` in
 * controls.ts.
 */
export class IsolatedElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    const root = document.createElement('div');
    root.className = 'root';
    super.createRenderRoot().append(root);
    return root;
  }
}
