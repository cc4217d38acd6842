import { html, nothing, type PropertyValues } from 'lit';
import { api } from '../../shared/api.js';
import { controls } from '../../shared/controls.js';
import type { ApiProblem } from '../../shared/problem.js';
import { failed, stateStyles } from '../../shared/states.js';
import { tokens } from '../../shared/tokens.js';
import { canonicalUrl, derivedKey, pageTitle, withoutFragment } from '../common/article-key.js';
import { Rooted } from '../common/isolated-element.js';
import { session } from '../common/page.js';
import { amountField, money, range } from './amount-field.js';
import type { Amounts, Interval, Options } from './contract.js';
import { Giving } from './giving.js';
import { PLACEHOLDER } from './placeholder.js';
import { donateStyles } from './styles.js';
import { t, tell } from './words.js';

/** After this the browser should have left: the way is shown as a link. */
const LEAVING_MS = 8_000;

/**
 * `<rostra-donate article="publisher's key" country="US">`: the appeal, for those who can give. What fails here stays
 * here; switched off, it leaves the page.
 */
export class RostraDonate extends Rooted {
  static override properties = { article: {}, country: {} };
  static override styles = [tokens, controls, stateStyles, donateStyles];
  declare article: string | undefined;
  declare country: string | undefined;

  #giving = new Giving({ returnUrl: () => this.#here() }, () => this.requestUpdate());
  /** The field was left once: from now on it says what is wrong with it. */
  #touched = false;
  #lingers = false;
  #lingering: ReturnType<typeof setTimeout> | undefined;
  readonly #stops: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) void this.#open();
    // Shown again by the Back button, as it was when it left.
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted) this.#returned();
    };
    const online = () => {
      if (this.#giving.status === 'failed') void this.#giving.load();
    };
    addEventListener('pageshow', shown);
    addEventListener('online', online);
    this.#stops.push(
      () => clearTimeout(this.#lingering),
      () => removeEventListener('pageshow', shown),
      () => removeEventListener('online', online),
      session.onChange(() => this.requestUpdate()),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) stop();
  }

  protected override willUpdate(change: PropertyValues): void {
    if (!this.hasUpdated || change.has('article') || change.has('country')) void this.#open();
  }

  protected override updated(): void {
    const off = this.#giving.status === 'off';
    if (this.#outside.hidden !== off) this.#outside.hidden = off;
  }

  override render() {
    const giving = this.#giving;
    if (giving.status === 'off') return nothing;
    if (giving.status === 'failed' && giving.problem) {
      return html`<section class="appeal away">
        <p>${t('fail.load')}</p>
        ${failed(giving.problem, () => void giving.load())}
      </section>`;
    }
    const { options, row } = giving;
    if (options && row) return this.#appeal(options, row);
    return html`<div role="status" aria-busy="true"><span class="sr">${t('state.loading')}</span></div>
      <div class="hold" inert aria-hidden="true">${this.#appeal(PLACEHOLDER, PLACEHOLDER.intervals[0]!)}</div>`;
  }

  #appeal(options: Options, row: Amounts) {
    const giving = this.#giving;
    const { appeal, intervals } = options;
    return html`<section class="appeal" aria-labelledby="title">
      <h2 id="title"><span>${appeal.title}</span></h2>
      <p class="text"><span>${appeal.text}</span></p>
      <form novalidate aria-busy=${giving.turning} @submit=${this.#submitted}>
        <fieldset>
          <legend class="sr">${t('often.legend')}</legend>
          ${intervals.map((it) => this.#often(it.interval, it === row))}
        </fieldset>
        <fieldset class="much">
          <legend class="sr">${t('much.legend')}</legend>
          ${row.amounts.map((it) => this.#much(it, money(it, options)))} ${this.#much('other', t('much.other'))}
        </fieldset>
        ${giving.choice === 'other' && giving.options ? this.#own(options, row) : nothing} ${this.#badge()}
        <div class="row">
          <button class="primary give" aria-disabled=${giving.busy || giving.turning} aria-describedby="next">
            ${giving.busy ? t('give.busy') : this.#action(options)}
          </button>
          <span>${t('give.card')}</span>
        </div>
        <p class="problem" role="alert">${giving.problem ? this.#told(giving.problem, options, row) : ''}</p>
        ${
          this.#lingers && giving.leaving
            ? html`<p class="small"><a href=${giving.leaving}>${t('give.follow')}</a></p>`
            : nothing
        }
        ${options.provider === 'standin' ? html`<p class="small rehearsal">${t('give.standin')}</p>` : nothing}
        <p class="small" id="next"><span>${t(`next.${row.interval}`)} ${options.taxNote}</span></p>
        ${this.#countries(options)}
      </form>
    </section>`;
  }

  #often(interval: Interval, on: boolean) {
    return html`<label class="seg"
      ><input type="radio" name="interval" .checked=${on} @change=${() => this.#giving.setInterval(interval)} /><span
        >${t(`often.${interval}`)}</span
      ></label
    >`;
  }

  #much(choice: number | 'other', label: string) {
    return html`<label class="seg"
      ><input
        type="radio"
        name="amount"
        .checked=${this.#giving.choice === choice}
        @change=${() => this.#giving.choose(choice)}
        @click=${choice === 'other' ? this.#pressedOther : nothing}
      /><span>${label}</span></label
    >`;
  }

  #own(options: Options, row: Amounts) {
    return amountField(options, row, this.#giving, this.#touched, () => this.#touch());
  }

  #told(problem: ApiProblem, options: Options, row: Amounts): string {
    const within = problem.code === 'donation.amount_out_of_range' ? ` ${range(options, row)}` : '';
    return tell(problem) + within;
  }

  /** Only a reader with a name can have a badge beside it. */
  #badge() {
    const { account } = session;
    if (!account || !this.#giving.options) return nothing;
    if (account.supporter) return html`<p class="badge">${t('badge.has')}</p>`;
    return html`<label class="badge"
      ><input
        type="checkbox"
        .checked=${this.#giving.visibility === 'public'}
        @change=${(event: Event) =>
          this.#giving.setVisibility((event.target as HTMLInputElement).checked ? 'public' : 'anonymous')}
      /><span>${t('badge.ask')}</span></label
    >`;
  }

  #countries({ country, countries }: Options) {
    if (countries.length < 2 && this.#giving.options) return nothing;
    const known = countries.some((it) => it.code === country);
    return html`<label class="country"
      ><span>${t('country.label')}</span>
      <select @change=${(event: Event) => this.#giving.setCountry((event.target as HTMLSelectElement).value)}>
        ${known ? nothing : html`<option value=${country} selected></option>`}
        ${countries.map((it) => html`<option value=${it.code} .selected=${it.code === country}>${it.name}</option>`)}
      </select></label
    >`;
  }

  /** What the button does, and nothing else. */
  #action(options: Options): string {
    const { chosen, interval } = this.#giving;
    if ('trouble' in chosen) return t('give.any');
    return t(`give.${interval}`, { amount: money(chosen.amount, options) });
  }

  readonly #submitted = (event: Event) => {
    event.preventDefault();
    if ('trouble' in this.#giving.chosen) {
      this.#touch();
      this.#intoField();
      return;
    }
    if (this.#giving.busy) return;
    void this.#giving.give();
    this.#lingers = false;
    clearTimeout(this.#lingering);
    this.#lingering = setTimeout(() => {
      this.#lingers = true;
      this.requestUpdate();
    }, LEAVING_MS);
  };

  /** Arrow keys pass over "Other" on their way; only a press of it means the field. */
  readonly #pressedOther = (event: MouseEvent) => {
    if (event.detail === 0) return;
    this.#giving.choose('other');
    this.#intoField();
  };

  #intoField(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('#own')?.focus());
  }

  #touch(): void {
    this.#touched = true;
    this.requestUpdate();
  }

  #returned(): void {
    clearTimeout(this.#lingering);
    this.#lingers = false;
    this.#giving.returned();
  }

  /** Begins anew: at first, and when the element is told of another story. */
  async #open(): Promise<void> {
    const { country } = this;
    const url = canonicalUrl(document, location.href);
    const findArticle = async () => {
      const { key } = await api.post('/articles', { body: { url, title: pageTitle(document) } });
      return key;
    };
    const place = { article: this.article, country, findArticle, returnUrl: () => this.#here() };
    const giving = new Giving(place, () => giving === this.#giving && this.requestUpdate());
    this.#giving = giving;
    place.article ??= await derivedKey(url);
    await giving.load();
  }

  /** What a publisher's page knows as `<rostra-donate>`: the shell around this element. */
  get #outside(): HTMLElement {
    const root = this.getRootNode();
    return root instanceof ShadowRoot ? (root.host as HTMLElement) : this;
  }

  /**
   * This page, at the appeal if it has an id there: where the checkout's way back leads. At most 2,000 characters
   * (docs/contract.md); a longer address, mostly of marks for counting, loses its query.
   */
  #here(): string {
    const { id } = this.#outside;
    const at = id ? `#${encodeURIComponent(id)}` : '';
    const { href, origin, pathname } = new URL(location.href);
    const whole = withoutFragment(href) + at;
    return whole.length > 2_000 ? origin + pathname + at : whole;
  }
}
