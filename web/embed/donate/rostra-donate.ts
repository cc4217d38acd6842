import { html, nothing, type PropertyValues } from 'lit';
import { api } from '../../shared/api.js';
import { controls } from '../../shared/controls.js';
import type { ApiProblem } from '../../shared/problem.js';
import { formatMoney } from '../../shared/money.js';
import { base } from '../../shared/origin.js';
import { failed, stateStyles } from '../../shared/states.js';
import { tokens } from '../../shared/tokens.js';
import { addressOf, articleUrl, derivedKey, pageTitle, withoutFragment } from '../common/article-key.js';
import { IsolatedElement } from '../common/isolated-element.js';
import { onNavigation } from '../common/navigation.js';
import { session } from '../common/page.js';
import { amountField } from './amount-field.js';
import { money, range } from './amount-words.js';
import type { IntervalAmounts, Interval, DonationOptions, RepeatingDonation } from './contract.js';
import { DonationForm } from './donation-form.js';
import { PLACEHOLDER } from './placeholder.js';
import { donateStyles } from './styles.js';
import { t, textOf } from './words.js';

/** If the browser has not left after this time, the checkout is shown as a link. */
const SHOW_LINK_MS = 8_000;

/**
 * `<rostra-donate article="publisher's key" country="US">` shows the appeal and the donation form. A failure stays
 * inside the element, and the element hides itself when donations are disabled.
 */
export class RostraDonate extends IsolatedElement {
  static override properties = { article: {}, country: {} };
  static override styles = [tokens, controls, stateStyles, donateStyles];
  declare article: string | undefined;
  declare country: string | undefined;

  #form = new DonationForm({ returnUrl: () => this.#returnUrl() }, () => this.requestUpdate());
  /** The page's address when its story was read last. */
  #url = '';
  #reading: Promise<void> = Promise.resolve();
  /** True once the reader left the field: from then on it shows every fault. */
  #touched = false;
  #showsLink = false;
  #linkTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #stops: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) void this.#start();
    // The Back button shows the page as it was when the reader left.
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted) this.#returned();
    };
    const online = () => {
      if (this.#form.status === 'failed') void this.#form.load();
    };
    addEventListener('pageshow', shown);
    addEventListener('online', online);
    this.#stops.push(
      onNavigation(() => void this.#lookAndLoad()),
      () => clearTimeout(this.#linkTimer),
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
    if (!this.hasUpdated || change.has('article') || change.has('country')) void this.#start();
  }

  protected override updated(): void {
    const off = this.#form.status === 'off';
    if (this.#shell.hidden !== off) this.#shell.hidden = off;
  }

  override render() {
    const form = this.#form;
    if (form.status === 'off') return nothing;
    if (form.status === 'failed' && form.problem) {
      return html`<section class="appeal away">
        <p>${t('fail.load')}</p>
        ${failed(form.problem, () => void form.load())}
      </section>`;
    }
    const { options, amounts: row } = form;
    if (options && row) return this.#appeal(options, row);
    return html`<div role="status" aria-busy="true"><span class="sr">${t('state.loading')}</span></div>
      <div class="hold" inert aria-hidden="true">${this.#appeal(PLACEHOLDER, PLACEHOLDER.intervals[0]!)}</div>`;
  }

  #appeal(options: DonationOptions, row: IntervalAmounts) {
    const form = this.#form;
    const { appeal, intervals } = options;
    return html`<section class="appeal" aria-labelledby="title">
      <h2 id="title"><span>${appeal.title}</span></h2>
      <p class="text"><span>${appeal.text}</span></p>
      <form novalidate aria-busy=${form.reloading} @submit=${this.#submitted}>
        <fieldset>
          <legend class="sr">${t('often.legend')}</legend>
          ${intervals.map((it) => this.#intervalChoice(it.interval, it === row))}
        </fieldset>
        <fieldset class="much">
          <legend class="sr">${t('much.legend')}</legend>
          ${row.amounts.map((it) => this.#amountChoice(it, money(it, options)))}
          ${this.#amountChoice('other', t('much.other'))}
        </fieldset>
        ${form.choice === 'other' && form.options ? this.#customAmount(options, row) : nothing} ${this.#badge()}
        ${form.repeating.map((it) => this.#already(it))}
        <div class="row">
          <button class="primary give" aria-disabled=${form.busy || form.reloading} aria-describedby="next">
            ${form.busy ? t('give.busy') : this.#buttonLabel(options)}
          </button>
          <span>${t('give.card')}</span>
        </div>
        <p class="problem" role="alert">
          ${form.problem ? this.#problemText(form.problem, options, row) : form.busy && form.slow ? t('give.slow') : ''}
        </p>
        ${
          this.#showsLink && form.checkoutUrl
            ? html`<p class="small"><a href=${form.checkoutUrl}>${t('give.follow')}</a></p>`
            : nothing
        }
        ${options.provider === 'standin' ? html`<p class="small rehearsal">${t('give.standin')}</p>` : nothing}
        <p class="small" id="next"><span>${t(`next.${row.interval}`)} ${options.taxNote}</span></p>
        ${this.#countries(options)}
      </form>
    </section>`;
  }

  #intervalChoice(interval: Interval, on: boolean) {
    return html`<label class="seg"
      ><input type="radio" name="interval" .checked=${on} @change=${() => this.#form.setInterval(interval)} /><span
        >${t(`often.${interval}`)}</span
      ></label
    >`;
  }

  #amountChoice(choice: number | 'other', label: string) {
    return html`<label class="seg"
      ><input
        type="radio"
        name="amount"
        .checked=${this.#form.choice === choice}
        @change=${() => this.#form.choose(choice)}
        @click=${choice === 'other' ? this.#otherPressed : nothing}
      /><span>${label}</span></label
    >`;
  }

  #customAmount(options: DonationOptions, row: IntervalAmounts) {
    return amountField(options, row, this.#form, this.#touched, () => this.#touch());
  }

  #problemText(problem: ApiProblem, options: DonationOptions, row: IntervalAmounts): string {
    const within = problem.code === 'donation.amount_out_of_range' ? ` ${range(options, row)}` : '';
    return textOf(problem) + within;
  }

  /** Asks about the badge only a signed-in reader, whose name it would stand beside. */
  #badge() {
    const { account } = session;
    if (!account || !this.#form.options) return nothing;
    if (account.supporter) return html`<p class="badge">${t('badge.has')}</p>`;
    return html`<label class="badge"
      ><input
        type="checkbox"
        .checked=${this.#form.visibility === 'public'}
        @change=${(event: Event) =>
          this.#form.setVisibility((event.target as HTMLInputElement).checked ? 'public' : 'anonymous')}
      /><span>${t('badge.ask')}</span></label
    >`;
  }

  #countries({ country, countries }: DonationOptions) {
    if (countries.length < 2 && this.#form.options) return nothing;
    const known = countries.some((it) => it.code === country);
    return html`<label class="country"
      ><span>${t('country.label')}</span>
      <select @change=${(event: Event) => this.#form.setCountry((event.target as HTMLSelectElement).value)}>
        ${known ? nothing : html`<option value=${country} selected></option>`}
        ${countries.map((it) => html`<option value=${it.code} .selected=${it.code === country}>${it.name}</option>`)}
      </select></label
    >`;
  }

  /** Tells of a recurring donation that the account has, so that nobody begins a second one by mistake. */
  #already({ id, interval, status, ...sum }: RepeatingDonation) {
    const words = ['past_due', 'unpaid', 'incomplete'].includes(status) ? 'already.failed' : 'already.give';
    return html`<p class="badge">
      <span>${t(words, { sum: t(`sum.${interval}`, { amount: formatMoney(sum) }) })}</span>
      <a href="${base}thank-you?donation=${id}">${t('already.manage')}</a>
    </p>`;
  }

  /** Says on the button what it does. */
  #buttonLabel(options: DonationOptions): string {
    const { chosen, interval } = this.#form;
    if ('trouble' in chosen) return t('give.any');
    return t(`give.${interval}`, { amount: money(chosen.amount, options) });
  }

  readonly #submitted = (event: Event) => {
    event.preventDefault();
    if ('trouble' in this.#form.chosen) {
      this.#touch();
      this.#focusField();
      return;
    }
    if (this.#form.busy) return;
    const form = this.#form;
    void this.#look().then(() => form.startCheckout());
    this.#showsLink = false;
    clearTimeout(this.#linkTimer);
    this.#linkTimer = setTimeout(() => {
      this.#showsLink = true;
      this.requestUpdate();
    }, SHOW_LINK_MS);
  };

  /** Focuses the field only on a real press of "Other", because arrow keys pass over it. */
  readonly #otherPressed = (event: MouseEvent) => {
    if (event.detail === 0) return;
    this.#form.choose('other');
    this.#focusField();
  };

  #focusField(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('#own')?.focus());
  }

  #touch(): void {
    this.#touched = true;
    this.requestUpdate();
  }

  #returned(): void {
    clearTimeout(this.#linkTimer);
    this.#showsLink = false;
    this.#form.returned();
  }

  /** Starts with a new form at first, and when the attributes change. */
  async #start(): Promise<void> {
    const context = { country: this.country, returnUrl: () => this.#returnUrl() };
    const form = new DonationForm(context, () => form === this.#form && this.requestUpdate());
    this.#form = form;
    await (this.#reading = this.#readStory());
    await form.load();
  }

  /** Gives the donation to the story that the page shows now. @returns whether it is another one */
  async #look(): Promise<boolean> {
    const isOther = !this.article && articleUrl({}) !== this.#url;
    if (isOther) this.#reading = this.#readStory();
    await this.#reading;
    return isOther;
  }

  async #lookAndLoad(): Promise<void> {
    if (await this.#look()) await this.#form.load();
  }

  async #readStory(): Promise<void> {
    const { article } = this;
    const { context } = this.#form;
    this.#url = articleUrl({});
    const url = addressOf({ article });
    context.findArticle = async () => {
      if (!url) return undefined;
      const title = articleUrl({}) === url ? pageTitle(document) : '';
      return (await api.post('/articles', { body: { url, title } })).key;
    };
    context.article = article || (await derivedKey(this.#url).catch(() => undefined));
  }

  /** The `<rostra-donate>` of the publisher's page: the shell around this element. */
  get #shell(): HTMLElement {
    const root = this.getRootNode();
    return root instanceof ShadowRoot ? (root.host as HTMLElement) : this;
  }

  /**
   * Returns the address to which the checkout leads back: this page, at the appeal if it has an id. It has at most
   * 2,000 characters (docs/contract.md); a longer address, mostly of tracking parameters, loses its query.
   */
  #returnUrl(): string {
    const { id } = this.#shell;
    const at = id ? `#${encodeURIComponent(id)}` : '';
    const { href, origin, pathname } = new URL(location.href);
    const whole = withoutFragment(href) + at;
    return whole.length > 2_000 ? origin + pathname + at : whole;
  }
}
