import type { ApiProblem } from '../../shared/problem.js';
import { Observable } from '../../shared/observable.js';
import { idOf, type Setting, type SiteKey } from './contract.js';
import { type Faults, isSame, type Path, sentValue, setAt } from './form-value.js';
import type { JsonSchema } from './json-schema.js';

/** What somebody has typed in the form of a setting and not saved. */
export interface Draft {
  readonly label: string;
  readonly schema: JsonSchema;
  /** The value and the version that were in force when the typing began. */
  readonly base: unknown;
  readonly basedOn: string | null;
  readonly value: unknown;
  readonly reason: string;
  readonly faults: Faults;
  /** Why the last attempt to save failed. */
  readonly problem?: ApiProblem | undefined;
}

/** Keeps what is typed while other settings are looked at. It is lost only with the browser's tab. */
export class Drafts extends Observable {
  readonly #drafts = new Map<string, Draft>();
  #accountId: string | undefined;

  /** Begins for an account. What another one has typed is dropped. */
  startFor(accountId: string): void {
    if (this.#accountId !== undefined && this.#accountId !== accountId) this.#drafts.clear();
    this.#accountId = accountId;
  }

  /** The labels of the settings that somebody has changed in the form and not saved. */
  get unsaved(): string[] {
    return [...this.#drafts.values()].filter(isChanged).map((it) => it.label);
  }

  /** The form of a setting: what was typed, else the value in force. */
  of(setting: Setting, site: SiteKey): Draft {
    const kept = this.#drafts.get(idOf(setting.key, site));
    if (kept && (kept.basedOn === setting.version || isChanged(kept))) {
      // A site's value can change by that of all sites, without a version of its own.
      return isChanged(kept)
        ? kept
        : { ...kept, base: setting.value, value: isSame(kept.base, setting.value) ? kept.value : setting.value };
    }
    const { label, schema, value, version } = setting;
    return { label, schema, base: value, basedOn: version, value, reason: '', faults: {} };
  }

  isUnsaved(setting: Setting, site: SiteKey): boolean {
    const kept = this.#drafts.get(idOf(setting.key, site));
    return kept !== undefined && isChanged(kept);
  }

  /** True if a colleague was faster: another version is in force than the one that the typing began with. */
  isOutdated(setting: Setting, site: SiteKey): boolean {
    return this.isUnsaved(setting, site) && this.of(setting, site).basedOn !== setting.version;
  }

  set(setting: Setting, site: SiteKey, path: Path, next: unknown): void {
    const draft = this.of(setting, site);
    this.patch(setting, site, { value: setAt(draft.value, path, next), faults: {}, problem: undefined });
  }

  patch(setting: Setting, site: SiteKey, part: Partial<Draft>): void {
    this.#drafts.set(idOf(setting.key, site), { ...this.of(setting, site), ...part });
    this.changed();
  }

  drop(key: string, site: SiteKey): void {
    this.#drafts.delete(idOf(key, site));
    this.changed();
  }
}

function isChanged({ schema, base, value, reason }: Draft): boolean {
  return reason !== '' || (value !== base && !isSame(sentValue(schema, value).value, base));
}
