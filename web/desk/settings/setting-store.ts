import { coalesce, Observable } from '../../shared/observable.js';
import { asProblem, type ApiProblem } from '../../shared/problem.js';
import { idOf, type Setting, type SettingsOfSite, type SiteKey, type Version } from './contract.js';
import { readHistory, readSettings } from './settings.api.js';

interface History {
  items?: readonly Version[];
  problem?: ApiProblem;
}

/** The settings of the chosen site as they were read last, and the history of those that were opened. */
export class SettingStore extends Observable {
  site: SiteKey = null;
  groups: SettingsOfSite['groups'] = [];
  sites: SettingsOfSite['sites'] = [];
  items: readonly Setting[] = [];
  problem: ApiProblem | undefined;
  readAt: number | undefined;
  /** Reads the settings of the chosen site again. */
  readonly refresh = coalesce(() => this.#read());
  readonly #histories = new Map<string, History>();

  find(key: string | null): Setting | undefined {
    return this.items.find((it) => it.key === key);
  }

  history(key: string): History {
    return this.#histories.get(idOf(key, this.site)) ?? {};
  }

  /** Chooses another site, whose values are read. */
  choose(site: SiteKey): void {
    if (site === this.site) return;
    this.site = site;
    this.items = [];
    this.readAt = undefined;
    this.problem = undefined;
    this.changed();
    // The read of the site before need not end first.
    void this.#read();
  }

  /** Shows a setting as the server has just answered. */
  take(setting: Setting, site: SiteKey): void {
    if (site === this.site) this.items = this.items.map((it) => (it.key === setting.key ? setting : it));
    this.changed();
  }

  async readHistory(key: string): Promise<void> {
    const { site } = this;
    const id = idOf(key, site);
    try {
      this.#histories.set(id, { items: await readHistory(key, site) });
    } catch (error) {
      this.#histories.set(id, { ...this.#histories.get(id), problem: asProblem(error) });
    }
    this.changed();
  }

  clear(): void {
    this.items = [];
    this.sites = [];
    this.readAt = undefined;
    this.problem = undefined;
    this.#histories.clear();
    this.changed();
  }

  async #read(): Promise<void> {
    const { site } = this;
    try {
      const { groups, sites, items } = await readSettings(site);
      if (site !== this.site) return;
      [this.groups, this.sites, this.items] = [groups, sites, items];
      this.problem = undefined;
      this.readAt = Date.now();
    } catch (error) {
      if (site === this.site) this.problem = asProblem(error);
    }
    this.changed();
  }
}
