import { asProblem, type ApiProblem } from '../../shared/problem.js';
import { Observable } from '../../shared/observable.js';
import { problemText } from '../../shared/strings/translate.js';
import type { ViewNotices } from '../shell/notices.js';
import { idOf, isOwn, type Setting, type SettingChange, type SiteKey } from './contract.js';
import type { Drafts } from './drafts.js';
import type { SettingStore } from './setting-store.js';
import { changeSetting } from './settings.api.js';
import { settingWords, t } from './words.js';

/** A saved change can be undone by one press for this long, afterwards from the history. */
const UNDO_MS = 12_000;
const NOTICE = 'setting';

/** A change as the server takes it, without the site. */
export type Change = Omit<SettingChange, 'site'>;

/** Sends changes to the server, says how each ended, and undoes the last one. */
export class Changes extends Observable {
  /** The id of the setting that is being saved. */
  saving: string | undefined;
  #undo: { setting: Setting; site: SiteKey; change: Change } | undefined;
  #closing: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: SettingStore,
    private readonly drafts: Drafts,
    private readonly notices: ViewNotices,
    private readonly callbacks: { refused: () => Promise<void>; changed: () => void },
  ) {
    super();
  }

  /** Undoes the last change while its notice is shown. @returns whether there was one */
  undo(): boolean {
    const undo = this.#undo;
    if (!undo || this.saving) return false;
    this.forgetUndo();
    void this.#undoChange(undo.setting, undo.site, undo.change);
    return true;
  }

  /** Changes the setting for the chosen site. A failure is shown beside its form. */
  async change(setting: Setting, change: Change): Promise<void> {
    const { store, drafts } = this;
    const { site } = store;
    if (this.saving) return;
    const typed = drafts.of(setting, site).value;
    const saved = await this.#put(setting, site, change);
    if (!('key' in saved)) return this.#failed(setting, site, saved);
    // What was typed while the server worked is kept, on top of the saved value.
    const now = drafts.of(setting, site);
    if (now.value === typed || change.reset) drafts.drop(setting.key, site);
    else drafts.patch(setting, site, { base: saved.value, basedOn: saved.version, reason: '' });
    const { label } = setting;
    if (saved.version === setting.version) return this.say('plain', t('saved.same', { label }));
    const before: Change = isOwn(setting, site) ? { value: setting.value } : { reset: true };
    this.#undo = { setting, site, change: { ...before, basedOn: saved.version, reason: t('saved.undoReason') } };
    this.say('good', t(change.reset ? 'saved.reset' : 'saved.text', { label }), [
      { label: t('act.undo'), run: () => void this.undo() },
    ]);
    this.#closing = setTimeout(() => {
      this.forgetUndo();
      this.notices.close(NOTICE);
    }, UNDO_MS);
  }

  async #undoChange(setting: Setting, site: SiteKey, change: Change): Promise<void> {
    const { label } = setting;
    const answer = await this.#put(setting, site, change);
    if ('key' in answer) return this.say('good', t('saved.undone', { label }));
    const why = answer.code === 'setting.changed' ? t('saved.changedSince') : problemText(settingWords, answer);
    this.say('warn', t('saved.notUndone', { label, why }));
    await this.#checkSession(answer);
  }

  /** Sends a change, and shows the setting as it is afterwards. */
  async #put(setting: Setting, site: SiteKey, change: Change): Promise<Setting | ApiProblem> {
    this.saving = idOf(setting.key, site);
    this.forgetUndo();
    this.notices.close(NOTICE);
    this.changed();
    try {
      const saved = await changeSetting(setting.key, { ...change, site });
      this.store.take(saved, site);
      return saved;
    } catch (error) {
      return asProblem(error);
    } finally {
      this.saving = undefined;
      this.changed();
      this.callbacks.changed();
    }
  }

  async #failed(setting: Setting, site: SiteKey, problem: ApiProblem): Promise<void> {
    if (problem.code === 'setting.changed') {
      const { version, value } = problem.document;
      const from = site === null ? 'installation' : 'site';
      const set = value === undefined ? {} : ({ value, from } as const);
      this.store.take({ ...setting, ...set, version: (version as string | null) ?? null }, site);
      if (!this.drafts.isUnsaved(setting, site)) this.say('warn', problemText(settingWords, problem));
      return;
    }
    this.drafts.patch(setting, site, { problem });
    await this.#checkSession(problem);
  }

  async #checkSession({ status }: ApiProblem): Promise<void> {
    if (status === 401 || status === 403) await this.callbacks.refused();
  }

  say(tone: 'good' | 'plain' | 'warn', text: string, actions: { label: string; run: () => void }[] = []): void {
    this.notices.show({ id: NOTICE, tone, text, actions });
  }

  forgetUndo(): void {
    clearTimeout(this.#closing);
    this.#undo = undefined;
  }
}
