import type { Schemas } from '../../shared/contract.js';

export type Setting = Schemas['Setting'];
export type SettingsOfSite = Schemas['Settings'];
export type Version = Schemas['SettingHistory']['items'][number];
export type SettingChange = Schemas['SettingChange'];
/** The key of a site; null stands for the installation, from which sites inherit. */
export type SiteKey = string | null;

/** The name of a setting of a site in addresses and maps: `site.name`, or `site.name@evening`. */
export const idOf = (key: string, site: SiteKey): string => (site === null ? key : `${key}@${site}`);

export function parseId(id: string): { key: string; site: SiteKey } {
  const [key = '', site] = id.split('@');
  return { key, site: site || null };
}

/** True if the value was set for exactly this site, so that it can be taken back. */
export const isOwn = ({ from }: Setting, site: SiteKey): boolean => from === (site === null ? 'installation' : 'site');

const RANKS: readonly string[] = ['reader', 'moderator', 'editor', 'admin'];
export const mayChange = (role: string, setting: Setting): boolean =>
  RANKS.indexOf(role) >= RANKS.indexOf(setting.role);
