import { api } from '../../shared/api.js';
import { decimalOf } from '../../shared/money.js';
import { type ApiProblem, asProblem } from '../../shared/problem.js';
import { session } from '../common/page.js';
import { readAmount } from './amount.js';
import { CheckoutSessions, type DonationContext } from './checkout-sessions.js';
import type {
  IntervalAmounts,
  NewDonation,
  Interval,
  DonationOptions,
  RepeatingDonation,
  Visibility,
} from './contract.js';
import { chosenCountry } from './country.js';
import { DonationAttempts } from './donation-attempts.js';

export type AmountTrouble = 'empty' | 'unreadable' | 'too_fine' | 'low' | 'high';

/**
 * The smallest step between two donations in minor units. Cards do not support a third decimal (Stripe, three-decimal
 * currencies).
 */
export const stepOf = ({ minorUnits }: DonationOptions): number => (minorUnits === 3 ? 10 : 1);

/**
 * The model of the donation form: it reads the options, holds the choice and starts the checkout. It calls `changed`
 * whenever there is something new to draw, and touches nothing else on the page.
 */
export class DonationForm {
  status: 'loading' | 'ready' | 'failed' | 'off' = 'loading';
  options: DonationOptions | undefined;
  /** The recurring donations of the reader's account. */
  repeating: RepeatingDonation[] = [];
  problem: ApiProblem | undefined;
  interval: Interval = 'once';
  /** The chosen suggested amount, or `other` for the typed one. */
  choice: number | 'other' = 'other';
  typed = '';
  visibility: Visibility = 'anonymous';
  /** True from the press until the browser leaves, or the checkout fails. */
  busy = false;
  /** True while Stripe keeps the reader waiting. */
  slow = false;
  /** True while other options are read; the form stays visible. */
  reloading = false;
  /** The address of the checkout, once it is known. */
  checkoutUrl: string | undefined;
  #loads = 0;
  /** The load that runs now, or ran last. */
  #loading: Promise<void> = Promise.resolve();
  readonly #sessions: CheckoutSessions;

  constructor(
    readonly context: DonationContext,
    private readonly changed: () => void,
    private readonly navigate: (url: string) => void = (url) => location.assign(url),
    private readonly attempts = new DonationAttempts(() => sessionStorage),
    wait = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000)),
  ) {
    this.#sessions = new CheckoutSessions(context, attempts, wait, () => {
      this.slow = true;
      this.changed();
    });
  }

  /** The amounts of the chosen interval. */
  get amounts(): IntervalAmounts | undefined {
    const { intervals = [] } = this.options ?? {};
    return intervals.find((it) => it.interval === this.interval) ?? intervals[0];
  }

  /** The chosen amount in minor units, or what is wrong with the typed one. */
  get chosen(): { amount: number } | { trouble: AmountTrouble } {
    const { options } = this;
    const row = this.amounts;
    if (!options || !row) return { trouble: 'empty' };
    if (this.choice !== 'other') return { amount: this.choice };
    const read = readAmount(this.typed, options.currency, options.minorUnits);
    if ('trouble' in read) return read;
    if (read.amount % stepOf(options)) return { trouble: 'too_fine' };
    if (read.amount < row.min) return { trouble: 'low' };
    return read.amount > row.max ? { trouble: 'high' } : read;
  }

  /** Reads the options for the reader's country and story. The form on the page stays until they arrive. */
  load(): Promise<void> {
    return (this.#loading = this.#load());
  }

  async #load(): Promise<void> {
    const load = (this.#loads += 1);
    const { article, country } = this.context;
    this.problem = undefined;
    if (!this.options) this.status = 'loading';
    this.reloading = true;
    this.changed();
    try {
      // The session gives the browser the id by which the server knows the donor.
      await session.ready;
      const query = { country: chosenCountry.read() ?? country, article };
      const options = await api.get('/donations/options', { query });
      if (load === this.#loads) this.#applyOptions(options);
      void this.#loadRepeating();
    } catch (error) {
      if (load !== this.#loads) return;
      this.problem = asProblem(error);
      if (this.problem.code === 'donations.disabled') this.status = 'off';
      else if (!this.options) this.status = 'failed';
    }
    this.reloading = false;
    this.changed();
  }

  setCountry(code: string): void {
    chosenCountry.write(code);
    void this.load();
  }

  /** Changes the interval. A typed amount stays, and so does one that the new interval offers. */
  setInterval(interval: Interval): void {
    const { choice } = this;
    this.interval = interval;
    if (choice !== 'other' && !this.amounts?.amounts.includes(choice)) this.choice = this.amounts?.default ?? 'other';
    this.changed();
  }

  choose(choice: number | 'other'): void {
    this.choice = choice;
    this.changed();
  }

  type(text: string): void {
    this.typed = text;
    this.problem = undefined;
    this.changed();
  }

  setVisibility(visibility: Visibility): void {
    this.visibility = visibility;
    this.changed();
  }

  /** Makes the form usable again when the page is shown again after the checkout. */
  returned(): void {
    this.busy = false;
    this.checkoutUrl = undefined;
    this.changed();
  }

  /** Starts the checkout and goes there. Further presses are ignored meanwhile. */
  async startCheckout(): Promise<void> {
    if (this.busy || !this.options || 'trouble' in this.chosen) return;
    this.busy = true;
    this.slow = false;
    this.problem = undefined;
    const { chosen, interval } = this;
    const { currency } = this.options;
    this.changed();
    // The page may just have moved to another story. The press holds if the same gift is still offered there.
    await this.#loading;
    const isOffered =
      this.options.currency === currency &&
      this.interval === interval &&
      'amount' in this.chosen &&
      this.chosen.amount === chosen.amount;
    if (!isOffered) {
      this.busy = false;
      return this.changed();
    }
    try {
      this.checkoutUrl = await this.#sessions.urlFor(this.#donation(this.options, chosen.amount));
      this.changed();
      this.navigate(this.checkoutUrl);
    } catch (error) {
      this.busy = false;
      this.problem = asProblem(error);
      this.changed();
      await this.#reloadOptions(this.problem);
    }
  }

  /** The form works without this answer. */
  async #loadRepeating(): Promise<void> {
    try {
      this.repeating = session.account ? (await api.get('/donations/repeating')).donations : [];
      this.changed();
    } catch {
      // Nothing is said then.
    }
  }

  #applyOptions(options: DonationOptions): void {
    const before = this.options;
    this.options = options;
    if (!options.enabled || !options.intervals.length) {
      this.status = 'off';
      return;
    }
    this.status = 'ready';
    const row = this.amounts!;
    this.interval = row.interval;
    if (before?.currency !== options.currency) {
      this.choice = row.default;
      this.typed = '';
      if (!before) this.#restoreAttempt(options);
    } else if (this.choice !== 'other' && !row.amounts.includes(this.choice)) this.choice = row.default;
  }

  /** Restores this tab's latest attempt after a reload or after the checkout. */
  #restoreAttempt({ currency, minorUnits, intervals }: DonationOptions): void {
    const donation = this.attempts.latest()?.gift;
    if (donation?.currency !== currency || !intervals.some((it) => it.interval === donation.interval)) return;
    this.interval = donation.interval;
    this.visibility = donation.visibility;
    const offered = this.amounts!.amounts.includes(donation.amount);
    this.choice = offered ? donation.amount : 'other';
    if (!offered) this.typed = decimalOf(donation.amount, minorUnits);
  }

  #donation({ currency, country }: DonationOptions, amount: number): NewDonation {
    const { article } = this.context;
    return {
      amount,
      currency,
      interval: this.interval,
      country,
      ...(article ? { article } : {}),
      returnUrl: this.context.returnUrl(),
      visibility: session.account ? this.visibility : 'anonymous',
    };
  }

  /** Reads the options again when the server refused the amount or currency, and keeps the problem shown. */
  async #reloadOptions(problem: ApiProblem): Promise<void> {
    if (!/^donation\.|^donations\./.test(problem.code)) return;
    await this.load();
    this.problem = problem;
    this.changed();
  }
}
