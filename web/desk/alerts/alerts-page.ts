import { html, nothing } from 'lit';
import type { Account } from '../../shared/contract.js';
import type { Countdown, DeskPage, KeyGroup, PageView, Shell } from '../shell/page.js';
import { AlertDesk, NEW } from './alert-desk.js';
import { statusOf } from './alert-status.js';
import { pressAlertKey, pressCountdownKey } from './press-alert-key.js';
import { share } from './progress.js';
import { alertBar, countdownBar } from './views/alert-bar.view.js';
import { alertList } from './views/alert-list.view.js';
import { alertStyles } from './views/alert.styles.js';
import { composeForm } from './views/compose.view.js';
import { preview } from './views/preview.view.js';
import { alertBody } from './views/report.view.js';
import { t } from './words.js';

/** The page on which editors write and send alerts to readers' browsers, and read their reports. */
export class AlertsPage implements DeskPage {
  readonly name = 'alerts';
  readonly label = t('nav.alerts');
  readonly styles = alertStyles;
  readonly restoresFocus = true;
  readonly events = { alert: () => this.refresh(), settings: () => this.desk.composer.rereadTopics() };
  readonly keys: KeyGroup = {
    title: t('keys.alerts'),
    rows: [
      [['N'], t('keys.write')],
      [['Ctrl', '↵'], t('keys.check')],
      [['S'], t('keys.send')],
      [['Z'], t('keys.hold')],
      [['W'], t('keys.go')],
      [['X'], t('keys.stop')],
      [['E'], t('keys.edit')],
      [['D'], t('keys.discard')],
    ],
  };
  readonly desk: AlertDesk;

  constructor(private readonly shell: Shell) {
    this.desk = new AlertDesk(shell.notices.of(this.name), {
      push: (alertId) => shell.push(this.name, alertId),
      replace: (alertId) => shell.replace(this.name, alertId),
      announce: (text) => shell.announce(text),
      refused: () => shell.session.refresh(),
    });
    this.desk.onChange(() => shell.redraw());
  }

  get count(): string | undefined {
    const { sender, store } = this.desk;
    if (sender.holding) return t('nav.holding', { n: sender.holding.left });
    const [first] = store.running;
    return first && `${Math.floor(share(first) * 100)} %`;
  }

  get countdown(): Countdown | undefined {
    const { desk } = this;
    if (!desk.sender.holding) return undefined;
    return {
      view: countdownBar(desk),
      press: (key) => pressCountdownKey(key, desk),
      undo: () => void desk.undo(),
    };
  }

  /** An alert in its countdown would not be sent. */
  get blocksUnload(): boolean {
    return this.desk.sender.holding !== undefined;
  }

  get unsaved(): string[] {
    const { unsentTitle } = this.desk;
    return unsentTitle === undefined ? [] : [t('alert.unsentSignIn', { title: unsentTitle })];
  }

  isOpenTo({ role }: Account): boolean {
    return role === 'editor' || role === 'admin';
  }

  begin({ id }: Account): void {
    this.desk.begin(id);
  }

  end(): void {
    this.desk.end();
  }

  refresh(): Promise<void> {
    return this.desk.refresh();
  }

  /** Opens the form if the address names no alert, because beside the list something is always open. */
  enter(alertId: string | null): void {
    if (!alertId && this.shell.isWide) return this.shell.replace(this.name, NEW);
    this.desk.show(alertId);
  }

  leave(): void {
    this.desk.hide();
  }

  step(by: 1 | -1): void {
    this.desk.step(by);
  }

  press(key: string, typing: boolean): boolean {
    return !typing && pressAlertKey(key, this.desk);
  }

  view(): PageView {
    const { desk } = this;
    const { open, openId, composer } = desk;
    const writing = openId === NEW;
    const shown = writing ? composer.text : open;
    return {
      list: alertList(desk),
      back: t('alerts.back'),
      heading: this.#heading(),
      afterHeading: writing && !composer.isEmpty ? html`<span class="draft">${t('write.kept')}</span>` : nothing,
      body: writing ? composeForm(composer, () => void desk.check()) : openId ? alertBody(desk) : nothing,
      aside: { label: t('preview.label'), name: 'preview', content: shown ? preview(shown) : nothing },
      actions: alertBar(desk),
      bare: !shown,
    };
  }

  #heading(): string {
    const { open, openId } = this.desk;
    if (openId === NEW) return t('write.title');
    if (open) return t(`alert.heading.${statusOf(open)}`);
    return openId ? t('state.loading') : '';
  }
}
