import { type LimitSetting, limitSettings } from '../config/limit-setting.js';
import { defineSetting, type Setting } from './setting.js';
import { wholeNumber } from './value-schemas.js';

const settings = new Map<LimitSetting, Setting<number>>();

/** Returns the setting of a limit. Its variable in the environment gives the number that holds until somebody sets one. */
export function settingOfLimit(limit: LimitSetting): Setting<number> {
  let found = settings.get(limit);
  if (!found) settings.set(limit, (found = define(limit)));
  return found;
}

/** Declares the settings of all limits, once their files are loaded. */
export function defineLimitSettings(): void {
  for (const it of limitSettings()) settingOfLimit(it);
}

function define({ env, counts, max }: LimitSetting): Setting<number> {
  const name = env.replace(/^LIMIT_/, '').toLowerCase();
  const words = name.replaceAll('_', ' ').replace(/\bip\b/, 'network');
  return defineSetting({
    key: `limits.${name}`,
    group: 'limits',
    label: words.charAt(0).toUpperCase() + words.slice(1),
    help: `At most so many ${counts}.`,
    schema: wholeNumber(1, 1_000_000),
    initial: (config) => config.env.limits[env] ?? max,
    role: 'admin',
    perSite: false,
  });
}
