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
import { action, chosenTopicsText, phaseText, strip } from './view.js';
import { t } from './words.js';

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
    announcement: { state: true },
  };
  static override styles = [tokens, controls, alertsStyles];
  declare topics: string | undefined;
  declare serviceWorker: string | undefined;
  declare heading: string | undefined;
  declare often: string | undefined;
  declare open: 'topics' | 'how' | undefined;
  declare draft: ReadonlySet<string>;
  declare announcement: string;
  readonly #stops: (() => void)[] = [];

  constructor() {
    super();
    this.draft = new Set();
    this.announcement = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stops.push(
      alerts.subscribe(() => this.#changed()),
      session.onChange(() => this.requestUpdate()),
    );
    alerts.start(this.serviceWorker ?? '');
    this.#changed();
  }

  protected override willUpdate(change: PropertyValues): void {
    // A framework may set the attribute when the element is in the page already.
    if (change.has('serviceWorker')) alerts.start(this.serviceWorker ?? '');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) stop();
  }

  #changed(): void {
    // The strip names the chosen topics.
    if (alerts.permission === 'on' && !alerts.topics && !alerts.topicsProblem) void alerts.loadTopics();
    this.requestUpdate();
  }

  override render() {
    return html`${this.#body()}
      <p class="sr" role="status">${this.announcement}</p>`;
  }

  #body(): TemplateResult {
    const busy = phaseText();
    switch (alerts.permission) {
      case 'unsupported':
        return this.#unsupported();
      case 'on':
        if (isOfSite(alerts.trouble))
          return this.#section(strip(t('broken.title'), t('broken.text'), busy ? nothing : this.#onActs()));
        return this.#section(
          strip(
            t('on.title'),
            busy || chosenTopicsText(alerts.chosen),
            busy && !this.open ? nothing : this.#onActs(),
            true,
          ),
        );
      case 'revoked': {
        const way = Notification.permission === 'denied' ? this.#howButton() : action(t('revoked.again'), this.#choose);
        const acts = html`${way}${action(t('revoked.fine'), this.#dismiss, 'quiet')}`;
        return this.#section(strip(t('revoked.title'), t('revoked.text'), this.open === 'topics' ? nothing : acts));
      }
      case 'denied':
        if (alerts.storage.isDismissed()) return this.#quietLine(this.#howButton('quiet'));
        return this.#section(
          strip(
            t('denied.title'),
            t('denied.text'),
            html`${this.#howButton()}${action(t('denied.hide'), this.#dismiss, 'quiet')}`,
          ),
        );
      case 'default': {
        if (alerts.storage.isDismissed() && !this.open)
          return this.#quietLine(action(t('quiet.choose'), this.#choose, 'quiet', { expanded: false }));
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
    const { support } = alerts;
    const words = { ios: 'ios', insecure: 'insecure', no: 'no', yes: 'no' } as const;
    const about = words[support];
    if (alerts.storage.isDismissed()) return this.#quietLine(nothing);
    return this.#section(
      strip(t(`${about}.title`), t(`${about}.text`), action(t('denied.hide'), this.#dismiss, 'quiet')),
    );
  }

  #section(line: TemplateResult): TemplateResult {
    return html`<section class=${this.open === 'topics' ? 'open' : ''} aria-labelledby="title">
      ${line}${panel(this)}
    </section>`;
  }

  #quietLine(act: TemplateResult | typeof nothing): TemplateResult {
    return html`<section class="quiet-line" aria-labelledby="title">
      <div class="strip">
        <p class="say" id="title" tabindex="-1">${t('quiet.off')}</p>
        <div class="acts">${act}</div>
      </div>
      ${panel(this)}
    </section>`;
  }

  #howButton(kind = '') {
    const open = this.open === 'how';
    return action(t('denied.how'), () => (this.open = open ? undefined : 'how'), kind, { expanded: open });
  }

  #onActs() {
    if (this.open) return nothing;
    return html`${action(t('on.change'), this.#choose, '', { expanded: false })}${action(t('on.off'), this.#stop, 'quiet')}`;
  }

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
    void signIn(this, t('panel.why')).then(
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
    this.announcement = '';
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

  readonly switchOn = () => {
    void this.#finish(alerts.switchOn([...this.draft]), 'on.started');
  };

  readonly save = () => {
    void this.#finish(alerts.setTopics([...this.draft]), 'on.saved');
  };

  readonly #stop = () => {
    void this.#finish(alerts.switchOff(), 'on.stopped');
  };

  async #finish(work: Promise<void>, done: 'on.started' | 'on.saved' | 'on.stopped'): Promise<void> {
    await work;
    if (alerts.trouble) return;
    this.open = undefined;
    if (done === 'on.stopped' || alerts.permission === 'on') this.announcement = t(done);
    this.#focusOn('#title');
  }

  readonly #dismiss = () => {
    this.open = undefined;
    alerts.dismiss();
    this.#focusOn('.acts button', '#title');
  };

  readonly close = () => {
    this.open = undefined;
    alerts.clearTrouble();
    this.#focusOn('.acts button', '#title');
  };

  readonly retry = () => alerts.retry();

  #focusOn(...selectors: string[]): void {
    void this.updateComplete.then(() => {
      const target = selectors.map((it) => this.renderRoot.querySelector<HTMLElement>(it)).find(Boolean);
      target?.focus({ preventScroll: true });
    });
  }
}
