import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { controls } from '../../shared/controls.js';
import { tokens } from '../../shared/tokens.js';
import { signIn } from '../account/sign-in.js';
import { IsolatedElement } from '../common/isolated-element.js';
import { session } from '../common/page.js';
import { alerts } from './alerts.js';
import { alertsStyles } from './styles.js';
import { type AlertsView, panel } from './panel.js';
import { isOfSite } from './trouble.js';
import { action, chosenTopicsText, control, phaseText, strip } from './view.js';
import { t } from './words.js';

const CONTROL = '.line button';

/**
 * `<rostra-alerts topics="breaking" service-worker="/alerts/rostra-sw.js">` asks in the page before the browser asks, and says
 * what is sent and how to stop it. Afterwards readers change and stop alerts here. `heading` and `often` are the
 * publisher's own words for the title and for how much is sent.
 */
export class RostraAlerts extends IsolatedElement implements AlertsView {
  static override properties = {
    topics: {},
    serviceWorker: { attribute: 'service-worker' },
    heading: {},
    often: {},
    open: { state: true },
    draft: { state: true },
    finished: { state: true },
  };
  static override styles = [tokens, controls, alertsStyles];
  declare topics: string | undefined;
  declare serviceWorker: string | undefined;
  declare heading: string | undefined;
  declare often: string | undefined;
  declare open: 'topics' | 'how' | undefined;
  declare draft: ReadonlySet<string>;
  /** The reader has just chosen topics, or switched alerts off, and is told what holds now. */
  declare finished: boolean;
  readonly #stops: (() => void)[] = [];

  constructor() {
    super();
    this.draft = new Set();
    this.finished = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stops.push(
      alerts.subscribe(() => this.requestUpdate()),
      session.onChange(() => this.requestUpdate()),
    );
    alerts.start(this.serviceWorker ?? '');
    this.requestUpdate();
  }

  protected override willUpdate(change: PropertyValues): void {
    // A framework may set the attribute when the element is in the page already.
    if (change.has('serviceWorker')) alerts.start(this.serviceWorker ?? '');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) stop();
  }

  override render() {
    const small = this.#control();
    return html`${small ? html`<div class="line">${small}</div>` : this.#body()}
      <p class="note" role="status">${this.finished ? this.#result() : ''}</p>`;
  }

  protected override updated(): void {
    const small = this.#control();
    const shell = (this.getRootNode() as ShadowRoot).host as HTMLElement | undefined;
    // The page reserves the height of the question, and what is small gives it back to the story.
    shell?.style.setProperty('min-block-size', small ? '0' : '', 'important');
    if (shell && small === nothing) shell.hidden = true;
  }

  /**
   * Returns the one control that stays in the story once the reader has decided, nothing where no control would help,
   * and undefined while there is something to say.
   */
  #control(): TemplateResult | typeof nothing | undefined {
    const { permission, storage, trouble } = alerts;
    if (this.open || trouble) return undefined;
    if (permission === 'on') return phaseText() ? undefined : control(t('on.title'), this.#choose, true);
    if (permission === 'revoked' || !storage.isDismissed()) return undefined;
    if (permission === 'unsupported') return nothing;
    if (permission === 'denied') return control(t('denied.title'), this.#how);
    return control(t('quiet.choose'), this.#choose);
  }

  #body(): TemplateResult {
    const busy = phaseText();
    switch (alerts.permission) {
      case 'unsupported':
        return this.#unsupported();
      case 'on': {
        const broken = isOfSite(alerts.trouble);
        const acts = busy || this.open ? nothing : action(t('on.off'), this.stop, 'quiet');
        if (broken) return this.#section(strip(t('broken.title'), t('broken.text'), acts));
        return this.#section(strip(t('on.title'), busy || chosenTopicsText(alerts.chosen), acts, true));
      }
      case 'revoked': {
        const way = Notification.permission === 'denied' ? this.#howButton() : action(t('revoked.again'), this.#choose);
        const acts = html`${way}${action(t('revoked.fine'), this.#dismiss, 'quiet')}`;
        return this.#section(strip(t('revoked.title'), t('revoked.text'), this.open === 'topics' ? nothing : acts));
      }
      case 'denied':
        return this.#section(
          strip(
            t('denied.title'),
            t('denied.text'),
            html`${this.#howButton()}${action(t('denied.hide'), this.#dismiss, 'quiet')}`,
          ),
        );
      case 'default': {
        const acts = this.open
          ? nothing
          : html`${action(t('off.choose'), this.#choose, 'primary', { expanded: false })}${action(
              t('off.later'),
              this.#dismiss,
              'quiet',
            )}`;
        const text = `${this.often ?? t('off.text')} ${t('off.honest')}`;
        return this.#section(strip(this.heading ?? t('off.title'), text, acts));
      }
    }
  }

  #unsupported(): TemplateResult {
    const about = alerts.support === 'yes' ? 'no' : alerts.support;
    return this.#section(
      strip(t(`${about}.title`), t(`${about}.text`), action(t('denied.hide'), this.#dismiss, 'quiet')),
    );
  }

  #section(line: TemplateResult): TemplateResult {
    return html`<section class=${this.open === 'topics' ? 'open' : ''} aria-labelledby="title">
      ${line}${panel(this)}
    </section>`;
  }

  #howButton() {
    return action(t('denied.how'), this.#how, '', { expanded: this.open === 'how' });
  }

  readonly #how = () => {
    this.open = this.open === 'how' ? undefined : 'how';
    this.#focusOn('.acts button', CONTROL);
  };

  toggle(key: string, on: boolean): void {
    const draft = new Set(this.draft);
    if (on) draft.add(key);
    else draft.delete(key);
    this.draft = draft;
  }

  retryTopics(): void {
    void alerts.loadTopics().then(this.#preselect);
  }

  signIn(): void {
    void signIn(this, 'whyAlerts').then(
      (signedIn) => {
        if (!signedIn) return;
        for (const { key, signedIn: locked } of alerts.topics ?? []) if (locked) this.toggle(key, true);
      },
      () => undefined,
    );
  }

  /**
   * Returns the ticked topics that this reader can get. A topic that needs signing in stays chosen while nobody is
   * signed in, but is not enough on its own.
   */
  selectedTopics(): string[] {
    const locked = new Set(session.account ? [] : alerts.topics?.filter((it) => it.signedIn).map(({ key }) => key));
    return [...this.draft].filter((key) => !locked.has(key));
  }

  readonly #choose = () => {
    this.open = 'topics';
    this.finished = false;
    if (alerts.permission !== 'on') void alerts.prepare();
    void alerts.loadTopics().then(this.#preselect);
    this.#focusOn('input:not([disabled])', '#title');
  };

  readonly #preselect = () => {
    const before = alerts.chosen;
    const named = new Set(this.topics?.split(/[\s,]+/));
    const first = (alerts.topics ?? [])
      .filter((it) => (it.signedIn ? session.account : !this.topics || named.has(it.key)))
      .map(({ key }) => key);
    this.draft = new Set(before.length ? before : first);
    this.#focusOn('input:not([disabled])', '#title');
  };

  readonly switchOn = () => void this.#finish(alerts.switchOn([...this.draft]));

  readonly save = () => void this.#finish(alerts.setTopics([...this.draft]));

  readonly stop = () => void this.#finish(alerts.switchOff());

  async #finish(work: Promise<void>): Promise<void> {
    await work;
    if (alerts.trouble) return;
    this.open = undefined;
    this.finished = true;
    this.#focusOn('#title', CONTROL);
  }

  /** Says what holds, which another tab may have changed since. */
  #result(): string {
    const { permission, chosen } = alerts;
    if (permission === 'on') return chosenTopicsText(chosen);
    return permission === 'default' ? t('on.stopped') : '';
  }

  readonly #dismiss = () => {
    this.open = undefined;
    this.finished = false;
    alerts.dismiss();
    this.#focusOn(CONTROL, '.acts button', '#title');
  };

  readonly close = () => {
    this.open = undefined;
    alerts.clearTrouble();
    this.#focusOn(CONTROL, '.acts button', '#title');
  };

  readonly retry = () => alerts.retry();

  #focusOn(...selectors: string[]): void {
    void this.updateComplete.then(() => {
      const target = selectors.map((it) => this.renderRoot.querySelector<HTMLElement>(it)).find(Boolean);
      target?.focus({ preventScroll: true });
    });
  }
}
