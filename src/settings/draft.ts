import { DomainError } from '../errors/domain-error.js';
import type { Setting, SettingReader, SiteKey } from './setting.js';

/** What a draft reads of the settings in force. */
export interface InForce extends SettingReader {
  initialOf<T>(setting: Setting<T>): T;
}

/** The name of a value within this installation. */
export const nameOf = (key: string, site: SiteKey): string => `${site ?? ''} ${key}`;

/** The value for a site: its own, else that of the installation, else the initial one. Null is a value. */
export function valueIn<T>(values: Pick<SettingReader, 'own'>, setting: Setting<T>, site: SiteKey, initial: T): T {
  const own = site !== null && setting.perSite ? values.own(setting, site) : undefined;
  if (own !== undefined) return own;
  const common = values.own(setting, null);
  return common !== undefined ? common : initial;
}

/** The values as they would be after some changes. */
export class Draft implements SettingReader {
  private readonly values = new Map<string, unknown>();

  /** @param sites the keys of all sites, also of those that are added with the changes */
  constructor(
    private readonly settings: InForce,
    readonly sites: readonly string[],
  ) {}

  get<T>(setting: Setting<T>, site: SiteKey = null): T {
    return valueIn(this, setting, site, this.settings.initialOf(setting));
  }

  /** @throws DomainError setting.invalid */
  set(setting: Setting<unknown>, { site, value }: { site: SiteKey; value: unknown }): void {
    if (value !== undefined) {
      const parsed = setting.schema.safeParse(value);
      if (!parsed.success)
        throw invalidSetting(
          setting,
          parsed.error.issues.map((it) => ({ path: it.path.map(String).join('.'), message: it.message })),
        );
    }
    this.values.set(nameOf(setting.key, site), value);
  }

  /** @throws DomainError setting.invalid */
  check(setting: Setting<unknown>, site: SiteKey): void {
    const problem = setting.check?.(this.get(setting, site), this, site);
    if (problem) throw invalidSetting(setting, [{ path: '', message: problem }]);
  }

  own<T>(setting: Setting<T>, site: SiteKey): T | undefined {
    const name = nameOf(setting.key, site);
    return this.values.has(name) ? (this.values.get(name) as T | undefined) : this.settings.own(setting, site);
  }
}

/** Returns the error of a value that does not fit (422). */
export function invalidSetting(setting: Setting<unknown>, errors: { path: string; message: string }[]): DomainError {
  const faults = errors.slice(0, 5).map(({ path, message }) => {
    const text = message.replace(/\.$/, '');
    if (!/^(must|has|holds)\b/.test(text)) return path ? `${path}: ${text}.` : `${text}.`;
    return path ? `Its part ${path} ${text}.` : `It ${text}.`;
  });
  return new DomainError('setting.invalid', 'unprocessable', {
    detail: `The setting “${setting.label}” was not changed. ${faults.join(' ')}`,
    errors,
  });
}
