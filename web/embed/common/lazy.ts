import { adoptStyles, css, render } from 'lit';
import { controls } from '../../shared/controls.js';
import { asProblem } from '../../shared/problem.js';
import { failed, stateStyles } from '../../shared/states.js';
import { tokens } from '../../shared/tokens.js';
import { OnDemand } from './on-demand.js';

/** Makes the shells blocks, like the elements themselves. On paper nobody can press what alerts and appeal ask for. */
const shellStyles = css`
  :host {
    display: block;
  }
  :host([hidden]) {
    display: none !important;
  }
  @media print {
    :host(:not(rostra-following)) {
      display: none !important;
    }
  }
`;

/**
 * Defines an element whose code is loaded only by pages that have it. `name` becomes a light shell. At its first
 * appearance the code is loaded, defined as `<name>-body` and put into the shell with the given attributes and
 * `data-theme`. When the code does not load, the shell says so and offers to try again.
 * @param load a dynamic import, whose chunk takes the file's name
 * @param className the export of that file which is the element
 */
export function defineLazy<Name extends string>(
  name: string,
  attributes: readonly string[],
  load: () => Promise<Record<Name, CustomElementConstructor>>,
  className: Name,
): void {
  if (customElements.get(name)) return; // A page may load the script twice.
  const body = `${name}-body`;
  const code = new OnDemand(load);
  const handedOn = [...attributes, 'data-theme'];

  class Shell extends HTMLElement {
    static observedAttributes = handedOn;
    #inner: HTMLElement | undefined;

    async connectedCallback(): Promise<void> {
      if (this.#inner) return;
      const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
      // The shell is a block from the start, so that the page keeps its place.
      adoptStyles(root, [shellStyles]);
      try {
        const { [className]: element } = await code.get();
        if (!customElements.get(body)) customElements.define(body, element);
      } catch (error) {
        adoptStyles(root, [tokens, controls, stateStyles, shellStyles]);
        render(
          failed(asProblem(error), () => void this.connectedCallback()),
          root,
        );
        return;
      }
      if (this.#inner) return;
      this.#inner = document.createElement(body);
      for (const it of handedOn) this.#handOn(it);
      root.replaceChildren(this.#inner);
      adoptStyles(root, [shellStyles]); // Where sheets cannot be adopted, they are children.
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
