import { html, nothing } from 'lit';
import { createRef } from 'lit/directives/ref.js';
import type { Account } from '../../shared/contract.js';
import type { DeskPage, KeyGroup, PageView, Shell } from '../shell/page.js';
import { SettingsDesk } from './settings-desk.js';
import { settingHistory } from './views/history.view.js';
import { settingBar } from './views/setting-bar.view.js';
import { settingBody } from './views/setting.view.js';
import { settingList } from './views/setting-list.view.js';
import { settingStyles } from './views/settings.styles.js';
import { t } from './words.js';

/** The page on which the newsroom changes how Rostra works: texts, limits, rules and sites. */
export class SettingsPage implements DeskPage {
  readonly name = 'settings';
  readonly label = t('nav.settings');
  readonly styles = settingStyles;
  readonly restoresFocus = true;
  readonly events = { settings: () => this.refresh() };
  readonly keys: KeyGroup = {
    title: t('keys.settings'),
    rows: [
      [['/'], t('keys.search')],
      [['Ctrl', '↵'], t('keys.save')],
      [['Z'], t('keys.undo')],
    ],
  };
  readonly desk: SettingsDesk;
  readonly #search = createRef<HTMLInputElement>();

  constructor(private readonly shell: Shell) {
    this.desk = new SettingsDesk(shell.notices.of(this.name), {
      role: () => shell.session.account?.role,
      replace: (id) => shell.replace(this.name, id),
      refused: () => shell.session.refresh(),
    });
    this.desk.onChange(() => shell.redraw());
  }

  get readAt(): number | undefined {
    return this.desk.store.readAt;
  }

  get isOffline(): boolean {
    return this.desk.store.problem?.offline ?? false;
  }

  /** What is typed and not saved would be lost. */
  get blocksUnload(): boolean {
    return this.desk.drafts.unsaved.length > 0;
  }

  get unsaved(): string[] {
    return this.desk.drafts.unsaved.map((label) => t('unsaved.signIn', { label }));
  }

  isOpenTo({ role }: Account): boolean {
    return role !== 'reader';
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

  enter(id: string | null): void {
    this.desk.show(id);
  }

  leave(): void {
    this.desk.hide();
  }

  step(by: 1 | -1): void {
    this.desk.step(by);
  }

  press(key: string, typing: boolean): boolean {
    if (typing) return false;
    if (key === '/') {
      this.#search.value?.focus();
      return this.#search.value !== undefined;
    }
    return key === 'z' && this.desk.changes.undo();
  }

  view(): PageView {
    const { desk } = this;
    const { open, openKey, store } = desk;
    return {
      list: settingList(desk, this.#search),
      back: t('list.back'),
      heading: open?.label ?? (openKey && !store.readAt ? t('state.loading') : ''),
      afterHeading: open
        ? html`<span class="place"
            >${store.groups.find((it) => it.key === open.group)?.label}${
              store.site === null
                ? nothing
                : html` · <bdi>${desk.store.sites.find((it) => it.key === store.site)?.name}</bdi>`
            }</span
          >`
        : nothing,
      body: settingBody(desk),
      aside: { label: t('history.title'), name: 'history', content: open ? settingHistory(desk, open) : nothing },
      actions: open ? settingBar(desk, open) : nothing,
      bare: !open,
    };
  }
}
