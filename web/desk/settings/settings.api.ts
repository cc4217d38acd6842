import { api } from '../../shared/api.js';
import type { SettingChange, SiteKey } from './contract.js';

export const readSettings = (site: SiteKey) => api.get('/settings', { query: { site: site ?? undefined } });

/** Changes a setting, or takes its value back. */
export const changeSetting = (key: string, body: SettingChange) => api.put('/settings/{key}', { path: { key }, body });

/** Reads the versions of a setting that were set for exactly this site, newest first. */
export const readHistory = async (key: string, site: SiteKey) =>
  (await api.get('/settings/{key}/history', { path: { key }, query: { site: site ?? undefined } })).items;

export const createSite = (key: string) => api.post('/sites', { body: { key } });
