import { css, html, LitElement, nothing } from 'lit';
import { controls } from '../../shared/controls.js';
import { longDateFormat } from '../../shared/strings/formats.js';
import { formatMoney } from '../../shared/money.js';
import { loading, stateStyles } from '../../shared/states.js';
import { language, problemText } from '../../shared/strings/translate.js';
import { adoptTokens, sheet } from '../../shared/page-styles.js';
import { setTitle } from '../../shared/site.js';
import { safeReturn } from '../../shared/return-url.js';
import { CustomerPortal } from './customer-portal.js';
import { donationIdIn, type Donation, proofIn } from './donation.js';
import { DonationPoll, type DonationStatus } from './donation-poll.js';
import { t, thankYouWords } from './words.js';

/** A card is confirmed within this time; a payment that takes longer is likely to take days. */
const SLOW_MS = 20_000;

type ThankYouStatus = DonationStatus | 'slow' | 'delayed';
type Repeats = NonNullable<Donation['repeats']>;

/** Whether the donor must act, or nothing more is collected. */
const isBroken = (status: Repeats['status'] | undefined): boolean =>
  status !== undefined && ['past_due', 'unpaid', 'incomplete'].includes(status);

/** Whether there is something to say of a repetition: while the first payment is awaited, only what is wrong with it. */
const tellsOf = ({ status }: Repeats, view: ThankYouStatus): boolean =>
  view === 'paid' || view === 'refunded' || isBroken(status) || status === 'incomplete_expired';

/** The page to which the checkout leads back. It shows the status of the donation as it changes. */
class ThankYouPage extends LitElement {
  static override properties = { slow: { state: true } };
  declare slow: boolean;
  #poll: DonationPoll | undefined;
  readonly #proof = proofIn(location.hash);
  readonly #portal = new CustomerPortal(() => this.requestUpdate(), this.#proof);
  #drawn: ThankYouStatus | undefined;
  #slowTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.slow = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const id = donationIdIn(location.search);
    if (id) this.#poll = new DonationPoll(id, () => this.requestUpdate(), undefined, this.#proof);
    void this.#poll?.run();
    this.#slowTimer = setTimeout(() => (this.slow = true), SLOW_MS);
    document.addEventListener('visibilitychange', this.#shown);
    window.addEventListener('online', this.#shown);
    window.addEventListener('pageshow', this.#returned);
    window.addEventListener('hashchange', reload);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#poll?.stop();
    clearTimeout(this.#slowTimer);
    document.removeEventListener('visibilitychange', this.#shown);
    window.removeEventListener('online', this.#shown);
    window.removeEventListener('pageshow', this.#returned);
    window.removeEventListener('hashchange', reload);
  }

  readonly #shown = (): void => {
    if (!document.hidden) this.#poll?.runSoon();
  };

  /** The browser may restore this page from memory, so it is loaded again. */
  readonly #returned = (event: PageTransitionEvent): void => {
    if (event.persisted) location.reload();
  };

  get #view(): ThankYouStatus {
    const status = this.#poll?.status ?? 'unknown';
    if (status !== 'pending') return status;
    return this.#poll?.donation?.delayed ? 'delayed' : this.slow ? 'slow' : status;
  }

  override updated(): void {
    const view = this.#view;
    if (view === this.#drawn) return;
    setTitle(t(`title.${view}`));
    this.#drawn = view;
  }

  override render() {
    const view = this.#view;
    return html`<main class="sheet">
      <rostra-site-head></rostra-site-head>
      <div class="card ${view}">
        <h1>${t(`title.${view}`)}</h1>
        <div role="status" aria-live="polite">${this.#body(view)}</div>
        ${this.#links(view)}
      </div>
    </main>`;
  }

  #body(view: ThankYouStatus) {
    const donation = this.#poll?.donation;
    if (view === 'loading') return loading(1);
    if (view === 'unknown') return html`<p>${this.#unknown()}</p>`;
    if (view === 'unreachable') {
      const problem = this.#poll?.problem;
      return html`<p>${problem ? problemText(thankYouWords, problem) : nothing} ${t('unreachable.text')}</p>`;
    }
    if (!donation) return nothing;
    const sum = sumOf(donation);
    return html`${view === 'paid' ? this.#paid(donation, sum) : html`<p>${withSum(t(`${view}.text`, { sum: PLACEHOLDER }), sum)}</p>`}
    ${view === 'pending' || view === 'slow' || view === 'delayed' ? html`<p>${t(`${view}.self`)}</p>` : nothing}
    ${donation.repeats && tellsOf(donation.repeats, view) ? html`<p>${this.#repeating(donation.repeats, donation.interval)}</p>` : nothing}
    ${view === 'paid' && donation.visibility === 'public' ? html`<p>${t('paid.badge')}</p>` : nothing}`;
  }

  /** Says why nothing is shown: no link, a broken one, or an expired one. */
  #unknown(): string {
    const code = this.#poll?.problem?.code;
    if (code === 'donation.proof_invalid') return t('unknown.invalid');
    return t(code === 'donation.proof_expired' ? 'unknown.expired' : 'unknown.text');
  }

  #paid(donation: Donation, sum: string) {
    const { interval, given, returned, currency } = donation;
    const isRepeating = interval !== 'once';
    const money = (amount: number) => formatMoney({ amount, currency });
    return html`<p>${withSum(t(isRepeating ? 'paid.first' : 'paid.text', { sum: PLACEHOLDER }), sum)}</p>
      ${
        isRepeating && given > donation.amount
          ? html`<p>${withSum(t('paid.sofar', { sum: PLACEHOLDER }), money(given))}</p>`
          : nothing
      }
      ${returned > 0 ? html`<p>${withSum(t('paid.returned', { sum: PLACEHOLDER }), money(returned))}</p>` : nothing}`;
  }

  /** Says how a recurring gift stands, and how to mend it. */
  #repeating({ status, until, ending, manageable }: Repeats, interval: Donation['interval']): string {
    if (status === 'ended' || status === 'incomplete_expired') return t(`repeats.${status}`);
    if (status === 'ending' && until) return t('repeats.ending', { date: dayOf(until) });
    const state =
      status === 'on' || status === 'ending'
        ? t(interval === 'year' ? 'repeats.year' : 'repeats.month')
        : status === 'trialing'
          ? t('repeats.trialing', { date: until ? dayOf(until) : '' })
          : t(`repeats.${status}`);
    const end = ending && until ? ` ${t('repeats.ending', { date: dayOf(until) })}` : '';
    return `${state}${end} ${t(manageable ? `manage.${isBroken(status) ? 'card' : 'any'}` : 'manage.elsewhere')}`;
  }

  #manage({ id, repeats }: Donation) {
    const { busy, problem } = this.#portal;
    return html`<button class="big" aria-disabled=${busy} @click=${() => this.#portal.open(id)}>
        ${t(busy ? 'link.manage.busy' : isBroken(repeats?.status) ? 'link.card' : 'link.manage')}
      </button>
      ${problem ? html`<p role="alert">${problemText(thankYouWords, problem)}</p>` : nothing}`;
  }

  #links(view: ThankYouStatus) {
    const article = this.#poll?.donation?.article;
    const back = safeReturn(article?.url);
    const again = view === 'failed' || view === 'expired';
    const waiting = view === 'pending' || view === 'slow' || view === 'delayed';
    const named = article?.title ? html`<bdi>${article.title}</bdi>` : nothing;
    return html`${
      view === 'unreachable'
        ? html`<button class="big" @click=${() => this.#poll?.runSoon()}>${t('link.retry')}</button>`
        : nothing
    }
    ${
      back
        ? html`<a class="big ${waiting ? '' : 'primary'}" href=${back.href}>${t(again ? 'link.again' : 'link.back')}</a>
            <p class="story">${named}</p>`
        : nothing
    }
    ${view !== 'unknown' && this.#poll?.donation?.repeats?.manageable ? this.#manage(this.#poll.donation) : nothing}
    ${!back && this.#poll?.settled ? html`<p class="small">${t('link.close')}</p>` : nothing}`;
  }

  static override styles = [
    controls,
    sheet,
    stateStyles,
    css`
      .sheet p b {
        color: var(--ink);
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      .sheet .story {
        margin: 8px 0 0;
        font: 14px/1.45 var(--read);
        text-align: center;
        color: var(--ink-3);
      }
      .pending h1::before,
      .slow h1::before {
        content: '';
        display: inline-block;
        inline-size: 11px;
        block-size: 11px;
        margin-inline-end: 12px;
        border-radius: 50%;
        background: var(--warn);
      }
      @media (prefers-reduced-motion: no-preference) {
        .pending h1::before {
          animation: breathe 1.6s ease-in-out infinite alternate;
        }
      }
    `,
  ];
}

/** Another proof may have been pasted into the address. */
const reload = (): void => location.reload();

const PLACEHOLDER = '\u0000';

/** A sentence in which the sum stands out. */
function withSum(sentence: string, sum: string) {
  const [before, after] = sentence.split(PLACEHOLDER);
  return html`${before}<b>${sum}</b>${after}`;
}

/** A date in the page's language. */
const dayOf = (iso: string): string => longDateFormat(language()).format(Date.parse(iso));

const sumOf = ({ interval, ...money }: Donation): string => t(`sum.${interval}`, { amount: formatMoney(money) });

adoptTokens();
customElements.define('rostra-thank-you', ThankYouPage);
