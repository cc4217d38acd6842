import { Observable } from '../../shared/observable.js';
import type { ViewNotices } from '../shell/notices.js';
import { Changes } from './changes.js';
import { idOf, mayChange, parseId, type Setting, type SiteKey, type Version } from './contract.js';
import { Drafts } from './drafts.js';
import { sentValue } from './form-value.js';
import { SettingStore } from './setting-store.js';
import { SiteForm } from './site-form.js';
import { t } from './words.js';

interface Callbacks {
  /** The present role of the signed-in account, which may change while it works. */
  role: () => string | undefined;
  replace: (id: string | null) => void;
  /** The server refused the session or the role, so the session is read again. */
  refused: () => Promise<void>;
}

/** The settings and what the newsroom does with them: search, change, take back, undo. */
export class SettingsDesk extends Observable {
  readonly store = new SettingStore();
  readonly drafts = new Drafts();
  readonly changes: Changes;
  readonly siteForm = new SiteForm((key) => this.#added(key));
  openKey: string | null = null;
  query = '';
  #isSignedIn = false;
  #inView = false;

  constructor(
    notices: ViewNotices,
    private readonly callbacks: Callbacks,
  ) {
    super();
    this.changes = new Changes(this.store, this.drafts, notices, {
      refused: () => callbacks.refused(),
      changed: () => void this.refresh(),
    });
    for (const it of [this.store, this.drafts, this.siteForm, this.changes]) it.onChange(() => this.changed());
  }

  get open(): Setting | undefined {
    return this.store.find(this.openKey);
  }

  get isAdmin(): boolean {
    return this.callbacks.role() === 'admin';
  }

  /** The settings that have all words of the search. */
  get found(): readonly Setting[] {
    const words = this.query.toLowerCase().split(/\s+/).filter(Boolean);
    const groups = new Map(this.store.groups.map((it) => [it.key, it.label]));
    const text = (it: Setting) => `${it.label} ${it.help} ${it.key} ${groups.get(it.group) ?? ''}`.toLowerCase();
    return words.length
      ? this.store.items.filter((it) => words.every((word) => text(it).includes(word)))
      : this.store.items;
  }

  mayChange(setting: Setting): boolean {
    return mayChange(this.callbacks.role() ?? '', setting);
  }

  begin(accountId: string): void {
    this.#isSignedIn = true;
    this.drafts.startFor(accountId);
  }

  end(): void {
    this.#isSignedIn = false;
    this.#inView = false;
    this.changes.forgetUndo();
    this.store.clear();
    this.siteForm.close();
  }

  show(id: string | null): void {
    const entered = !this.#inView;
    this.#inView = true;
    const { key, site } = id ? parseId(id) : { key: null, site: this.store.site };
    const moved = key !== this.openKey || site !== this.store.site;
    this.openKey = key;
    if (site !== this.store.site) this.store.choose(site);
    else if (entered) void this.store.refresh();
    if (key && (moved || entered)) void this.store.readHistory(key);
    this.changed();
  }

  hide(): void {
    this.#inView = false;
  }

  async refresh(): Promise<void> {
    if (!this.#inView || !this.#isSignedIn) return;
    await Promise.all([this.store.refresh(), this.openKey ? this.store.readHistory(this.openKey) : undefined]);
  }

  search(query: string): void {
    this.query = query;
    this.changed();
  }

  /** Shows the settings of another site, and there the open one if it can differ between sites. */
  choose(site: SiteKey): void {
    const stays = this.open && (site === null || this.open.perSite) ? this.open.key : null;
    this.store.choose(site);
    this.callbacks.replace(stays && idOf(stays, site));
  }

  step(by: 1 | -1): void {
    const keys = this.found.map((it) => it.key);
    const at = keys.indexOf(this.openKey ?? '');
    const to = keys[at < 0 ? 0 : at + by];
    if (to) this.callbacks.replace(idOf(to, this.store.site));
  }

  /** Saves the form of the open setting. */
  async save(): Promise<void> {
    const { open, drafts } = this;
    const { site } = this.store;
    if (!open || this.changes.saving || !drafts.isUnsaved(open, site)) return;
    const draft = drafts.of(open, site);
    const { value, faults } = sentValue(draft.schema, draft.value);
    if (Object.keys(faults).length) return drafts.patch(open, site, { faults });
    await this.changes.change(open, { value, reason: draft.reason.trim() || null, basedOn: draft.basedOn });
  }

  /** Saves what was typed although a colleague was faster. */
  async saveMine(): Promise<void> {
    const { open } = this;
    if (!open || this.changes.saving) return;
    this.drafts.patch(open, this.store.site, { basedOn: open.version, problem: undefined });
    await this.save();
  }

  /** Drops what was typed. */
  discard(): void {
    if (this.open && !this.changes.saving) this.drafts.drop(this.open.key, this.store.site);
  }

  /** Takes the value back, so that the site inherits or the initial value holds. */
  async reset(): Promise<void> {
    const { open } = this;
    if (!open) return;
    const reason = this.drafts.of(open, this.store.site).reason.trim() || null;
    await this.changes.change(open, { reset: true, reason, basedOn: open.version });
  }

  /** Sets the value of an earlier version again. */
  async reuse({ value }: Version): Promise<void> {
    const { open } = this;
    if (open)
      await this.changes.change(open, {
        ...(value === undefined ? { reset: true } : { value }),
        basedOn: open.version,
      });
  }

  #added(key: string): void {
    this.changes.say('good', t('site.added', { key }));
    this.choose(key);
  }
}
