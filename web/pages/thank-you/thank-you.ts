import { css, html, LitElement, nothing } from 'lit';
import { controls } from '../../shared/controls.js';
import { formatMoney } from '../../shared/money.js';
import { loading, stateStyles } from '../../shared/states.js';
import { language, problemText } from '../../shared/strings/translate.js';
import { adoptTokens, sheet } from '../parts/page-styles.js';
import { safeReturn } from '../sign-in/arrival.js';
import { giftIn, type Gift } from './gift.js';
import { GiftWatch, type GiftStatus } from './gift-watch.js';
import { Managing } from './managing.js';
import { giftWords, t } from './words.js';

/** A card is confirmed within this; what takes longer is likely to take days. */
const SLOW_MS = 20_000;

type View = GiftStatus | 'slow';

/** Where the checkout leads back to: what the books say of the gift, as it changes. */
class ThankYouPage extends LitElement {
  static override properties = { slow: { state: true } };
  declare slow: boolean;
  #watch: GiftWatch | undefined;
  readonly #managing = new Managing(() => this.requestUpdate());
  #drawn: View | undefined;
  #slowing: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.slow = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const id = giftIn(location.search);
    if (id) this.#watch = new GiftWatch(id, () => this.requestUpdate());
    void this.#watch?.look();
    this.#slowing = setTimeout(() => (this.slow = true), SLOW_MS);
    document.addEventListener('visibilitychange', this.#shown);
    window.addEventListener('online', this.#shown);
    window.addEventListener('pageshow', this.#returned);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watch?.stop();
    clearTimeout(this.#slowing);
    document.removeEventListener('visibilitychange', this.#shown);
    window.removeEventListener('online', this.#shown);
    window.removeEventListener('pageshow', this.#returned);
  }

  readonly #shown = (): void => {
    if (!document.hidden) this.#watch?.lookAgain();
  };

  /** Back from Stripe's page, a browser may show this one as it was left. */
  readonly #returned = (event: PageTransitionEvent): void => {
    if (event.persisted) location.reload();
  };

  get #view(): View {
    const standing = this.#watch?.standing ?? 'unknown';
    return standing === 'pending' && this.slow ? 'slow' : standing;
  }

  override updated(): void {
    const view = this.#view;
    if (view === this.#drawn) return;
    document.title = t(`title.${view}`);
    this.#drawn = view;
  }

  override render() {
    const view = this.#view;
    return html`<main class="sheet">
      <div class="card ${view}">
        <h1>${t(`title.${view}`)}</h1>
        <div role="status" aria-live="polite">${this.#body(view)}</div>
        ${this.#ways(view)}
      </div>
    </main>`;
  }

  #body(view: View) {
    const gift = this.#watch?.gift;
    if (view === 'loading') return loading(1);
    if (view === 'unknown') return html`<p>${t('unknown.text')}</p>`;
    if (view === 'unreachable') {
      const problem = this.#watch?.problem;
      return html`<p>${problem ? problemText(giftWords, problem) : nothing} ${t('unreachable.text')}</p>`;
    }
    if (!gift) return nothing;
    const sum = sumOf(gift);
    if (view === 'paid') return this.#paid(gift, sum);
    return html`<p>${withSum(t(`${view}.text`, { sum: MARK }), sum)}</p>
      ${view === 'pending' || view === 'slow' ? html`<p>${t(`${view}.self`)}</p>` : nothing}`;
  }

  #paid(gift: Gift, sum: string) {
    const { interval, visibility } = gift;
    const lasting = interval !== 'once';
    return html`<p>${withSum(t(lasting ? 'paid.first' : 'paid.text', { sum: MARK }), sum)}</p>
      ${lasting ? html`<p>${this.#repeating(gift, interval)}</p>` : nothing}
      ${visibility === 'public' ? html`<p>${t('paid.badge')}</p>` : nothing}`;
  }

  #repeating({ repeats }: Gift, interval: 'month' | 'year'): string {
    const { status = 'on', until = null, manageable = false } = repeats ?? {};
    if (status === 'ended') return t('paid.ended');
    if (status === 'ending' && until) return t('paid.ending', { date: dayOf(until) });
    return `${t(`paid.${interval}`)} ${t(manageable ? 'paid.manage' : 'paid.stop')}`;
  }

  #manage({ id }: Gift) {
    const { busy, problem } = this.#managing;
    return html`<button class="big" aria-disabled=${busy} @click=${() => this.#managing.open(id)}>
        ${t(busy ? 'link.manage.busy' : 'link.manage')}
      </button>
      ${problem ? html`<p role="alert">${problemText(giftWords, problem)}</p>` : nothing}`;
  }

  #ways(view: View) {
    const article = this.#watch?.gift?.article;
    const back = safeReturn(article?.url);
    const again = view === 'failed' || view === 'expired';
    const waiting = view === 'pending' || view === 'slow';
    const named = article?.title ? html`<bdi>${article.title}</bdi>` : nothing;
    return html`${
      view === 'unreachable'
        ? html`<button class="big" @click=${() => this.#watch?.lookAgain()}>${t('link.retry')}</button>`
        : nothing
    }
    ${
      back
        ? html`<a class="big ${waiting ? '' : 'primary'}" href=${back.href}>${t(again ? 'link.again' : 'link.back')}</a>
            <p class="story">${named}</p>`
        : nothing
    }
    ${view === 'paid' && this.#watch?.gift?.repeats?.manageable ? this.#manage(this.#watch.gift) : nothing}
    ${!back && this.#watch?.settled ? html`<p class="small">${t('link.close')}</p>` : nothing}`;
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

const MARK = '\u0000';

/** A sentence with the sum in its place, as the one thing that stands out. */
function withSum(sentence: string, sum: string) {
  const [before, after] = sentence.split(MARK);
  return html`${before}<b>${sum}</b>${after}`;
}

/** A day in the page's language, as the reader's calendar has it. */
const dayOf = (iso: string): string =>
  new Intl.DateTimeFormat(language(), { dateStyle: 'long' }).format(Date.parse(iso));

const sumOf = ({ interval, ...money }: Gift): string => t(`sum.${interval}`, { amount: formatMoney(money) });

adoptTokens();
customElements.define('rostra-thank-you', ThankYouPage);
