import type { z } from 'zod';
import type { Config } from '../config/config.js';

/** The headings under which the desk and the documentation list settings, in their order. */
export const SETTING_GROUPS = {
  site: 'The site',
  conversation: 'Conversation',
  screening: 'Screening before publication',
  moderation: 'Moderation',
  alerts: 'Alerts',
  donations: 'Donations',
  mail: 'Mails',
  staff: 'Staff',
  limits: 'Limits',
} as const;

export type SettingGroup = keyof typeof SETTING_GROUPS;

/** What the newsroom may change while Rostra runs. Its value is JSON. */
export interface Setting<T> {
  /** Its name in the API, the file of `rostra settings` and the history: `conversation.edit_window_minutes`. */
  readonly key: string;
  readonly group: SettingGroup;
  /** What it is, for the form: "Time to edit". */
  readonly label: string;
  /** Complete sentences for the person who changes it, with its unit. */
  readonly help: string;
  /** The only form that a value may have. Its messages continue "Time to edit ...": "must be at most 60". */
  readonly schema: z.ZodType<T>;
  /** The value that holds until the newsroom sets another. */
  readonly initial: T | ((config: Config) => T);
  /** The lowest role that may change it. */
  readonly role: 'moderator' | 'editor' | 'admin';
  /** Whether a site may have a value of its own. */
  readonly perSite: boolean;
  /**
   * Says why a value of the right form would fail, in a sentence that says what to do.
   * @param others reads the values that would hold beside it
   */
  readonly check?: (value: T, others: SettingReader, site: SiteKey) => string | undefined;
}

/** The form of a site's key. */
export const SITE_KEY = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** The key of a site; null stands for the installation, from which sites inherit. */
export type SiteKey = string | null;

/** Reads the values in force. */
export interface SettingReader {
  /** The value for a site: its own, else that of the installation, else the initial one. */
  get<T>(setting: Setting<T>, site?: SiteKey): T;
  /** The value that was set for exactly this site. */
  own<T>(setting: Setting<T>, site: SiteKey): T | undefined;
  /** The keys of all sites. */
  readonly sites: readonly string[];
}

const declared = new Map<string, Setting<unknown>>();

/**
 * Declares a setting. The folder that uses it does so at the top of a file; validation, the desk's form, the
 * documentation, history and export follow.
 * @throws Error when the key is declared twice or does not begin with its group
 */
export function defineSetting<T>(setting: Setting<T>): Setting<T> {
  if (declared.has(setting.key)) throw new Error(`The setting ${setting.key} is declared twice.`);
  if (!setting.key.startsWith(`${setting.group}.`)) throw new Error(`${setting.key} does not begin with its group.`);
  declared.set(setting.key, setting as Setting<unknown>);
  return setting;
}

/** All declared settings, by group and then in the order of their declaration. */
export function definedSettings(): readonly Setting<unknown>[] {
  const groups = Object.keys(SETTING_GROUPS);
  return [...declared.values()].sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group));
}

export const settingOf = (key: string): Setting<unknown> | undefined => declared.get(key);
