import { css, html, LitElement, nothing } from 'lit';
import { api } from './api.js';
import type { Schemas } from './contract.js';

/** The newspaper's name, logo and colour, once they are known. */
let site: Schemas['Site'] | undefined;
let title = '';

const fullTitle = (): string => (site ? `${title} · ${site.name}` : title);

/** Sets the title of the browser's tab, which ends with the newspaper's name. */
export function setTitle(text: string): void {
  title = text;
  document.title = fullTitle();
}

/** Gives the document the newspaper's colour, lighter on a dark background. */
function adoptColor(color: string, ink: string): void {
  const { style } = document.documentElement;
  style.setProperty('--rostra-accent', color);
  style.setProperty('--rostra-accent-ink', ink);
  style.setProperty('--rostra-accent-dark', `color-mix(in oklab, ${color}, white 50%)`);
}

/** `<rostra-site-head>` shows whose page this is, above its card. Without an answer it stays empty. */
class SiteHead extends LitElement {
  static override properties = { site: { state: true } };
  declare site: Schemas['Site'] | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  async #load(): Promise<void> {
    const key = new URLSearchParams(location.search).get('site') ?? undefined;
    this.site = site ??= await api.read('/site', { query: { site: key } }).catch(() => undefined);
    if (site?.color && site.ink) adoptColor(site.color, site.ink);
    if (title) setTitle(title);
  }

  override render() {
    if (!this.site) return nothing;
    const { name, logo } = this.site;
    return logo ? html`<img src=${logo} alt=${name} />` : html`<span dir="auto">${name}</span>`;
  }

  static override styles = css`
    :host {
      display: grid;
      align-content: center;
      min-block-size: 44px;
      margin-block-end: 14px;
      font: 700 22px/1.2 var(--read);
      overflow-wrap: anywhere;
    }
    img {
      block-size: 40px;
      max-inline-size: 100%;
      object-fit: contain;
      object-position: left center;
    }
  `;
}

customElements.define('rostra-site-head', SiteHead);
