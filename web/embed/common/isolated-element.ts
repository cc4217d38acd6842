import { LitElement } from 'lit';

const FIELDS = 'input,textarea,select';
/** Keys that write or move in a field, beside those of one character. */
const EDITING = /^(Arrow.*|Backspace|Delete|End|Enter|Home|Page.*|Process|Dead)$/;

/**
 * Ends the way of a key that was typed in a field, because the page's own shortcuts take it for a command: their check
 * sees this element and not the field. Combinations with Ctrl, Cmd and Alt pass, and so do Escape and Tab.
 */
function keepTyping(event: KeyboardEvent): void {
  const [field] = event.composedPath();
  if (!(field instanceof Element) || !field.matches(FIELDS)) return;
  const writes = event.key.length === 1 ? !event.altKey || event.key > '\u007f' : EDITING.test(event.key);
  const commands = (event.ctrlKey || event.metaKey || !writes) && !event.getModifierState('AltGraph');
  if (!commands || event.isComposing) event.stopPropagation();
}

/**
 * An element in a publisher's page, which draws into a block of its own, `.root`. Styles that the page sets on all
 * elements (`* { color: #fff }`) reach the element itself and overrule `:host`, but nothing inside; see `.root` in
 * controls.ts.
 */
export class IsolatedElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    const root = document.createElement('div');
    root.className = 'root';
    for (const it of ['keydown', 'keypress', 'keyup'] as const) root.addEventListener(it, keepTyping);
    super.createRenderRoot().append(root);
    return root;
  }
}
