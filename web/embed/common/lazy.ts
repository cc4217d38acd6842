type Load = () => Promise<CustomElementConstructor>;

let sheet: CSSStyleSheet | undefined;

/** A block like the elements themselves; one sheet for all shells. */
function shellStyle(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(':host{display:block}:host([hidden]){display:none!important}');
  }
  return sheet;
}

/**
 * Defines an element whose code comes only when a page has it: `name` is a light shell, and what it stands for is
 * loaded with its first appearance, defined as `<name>-body` and put into the shell with the attributes given.
 * `data-theme` is always handed on. Where the code does not load the shell stays empty, and asks again when it is next
 * put into a page.
 * @param load resolves to the element's class; make it a dynamic import, whose chunk takes the file's name
 */
export function defineLazy(name: string, attributes: readonly string[], load: Load): void {
  if (customElements.get(name)) return; // a page may carry the tag twice
  const body = `${name}-body`;
  const handedOn = [...attributes, 'data-theme'];

  class Shell extends HTMLElement {
    static observedAttributes = handedOn;
    #inner: HTMLElement | undefined;

    async connectedCallback(): Promise<void> {
      if (this.#inner) return;
      const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [shellStyle()]; // a block from the start, so that the page can keep its place
      try {
        const element = await load();
        if (!customElements.get(body)) customElements.define(body, element);
      } catch {
        return;
      }
      if (this.#inner) return;
      this.#inner = document.createElement(body);
      for (const it of handedOn) this.#handOn(it);
      root.append(this.#inner);
    }

    attributeChangedCallback(attribute: string): void {
      this.#handOn(attribute);
    }

    #handOn(attribute: string): void {
      const value = this.getAttribute(attribute);
      if (value === null) this.#inner?.removeAttribute(attribute);
      else this.#inner?.setAttribute(attribute, value);
    }
  }

  customElements.define(name, Shell);
}
