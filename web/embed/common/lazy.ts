type Load = () => Promise<CustomElementConstructor>;

let sheet: CSSStyleSheet | undefined;

/** Returns the one style sheet of all shells, which makes them blocks like the elements themselves. */
function shellStyle(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(':host{display:block}:host([hidden]){display:none!important}');
  }
  return sheet;
}

/**
 * Defines an element whose code is loaded only by pages that have it. `name` becomes a light shell. At its first
 * appearance the code is loaded, defined as `<name>-body` and put into the shell with the given attributes and
 * `data-theme`. When the code does not load, the shell stays empty and tries again when it is next inserted.
 * @param load resolves to the element's class; make it a dynamic import, whose chunk takes the file's name
 */
export function defineLazy(name: string, attributes: readonly string[], load: Load): void {
  if (customElements.get(name)) return; // A page may load the script twice.
  const body = `${name}-body`;
  const handedOn = [...attributes, 'data-theme'];

  class Shell extends HTMLElement {
    static observedAttributes = handedOn;
    #inner: HTMLElement | undefined;

    async connectedCallback(): Promise<void> {
      if (this.#inner) return;
      const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
      // The shell is a block from the start, so that the page keeps its place.
      root.adoptedStyleSheets = [shellStyle()];
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
