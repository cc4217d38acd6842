import { isDeepStrictEqual } from 'node:util';
import { parseDocument, stringify } from 'yaml';
import { ConfigError } from '../config/env.js';
import { defineLimitSettings } from './limit.settings.js';
import { definedSettings, settingOf, SITE_KEY, type SiteKey } from './setting.js';
import type { SettingChange, Settings } from './settings.service.js';

/** A value that a file would change. */
export interface Difference {
  key: string;
  site: SiteKey;
  /** Undefined: not set, so that it is inherited or initial. */
  before: unknown;
  after: unknown;
}

type Values = Readonly<Record<string, unknown>>;

interface Content {
  settings: Values;
  sites: Readonly<Record<string, Values>>;
}

const HEAD = `# Settings of Rostra that are not at their initial values. \`rostra settings import\` reads this file.\n`;

/** Names all settings, one a line. The limits are declared as settings here, because no app may have begun. */
export function listSettings(): string {
  defineLimitSettings();
  return definedSettings()
    .map(({ key, label }) => `${key}  ${label}`)
    .join('\n');
}

/** Writes all values that were set, as YAML. */
export function exportSettings(settings: Settings): string {
  const valuesOf = (site: SiteKey): Values =>
    Object.fromEntries(
      definedSettings().flatMap((it) => {
        const value = settings.own(it, site);
        return value === undefined ? [] : [[it.key, value]];
      }),
    );
  const sites = Object.fromEntries(settings.sites.map((it) => [it, valuesOf(it)]));
  return HEAD + stringify({ settings: valuesOf(null), sites }, { lineWidth: 120 });
}

/**
 * Compares a file with the values in force.
 * @param exact whether a value that the file does not name is taken back
 * @returns the sites that are new, and what would change
 * @throws ConfigError when the file is no such YAML, or names a setting that does not exist or a site that cannot be
 */
export function compareSettings(
  settings: Settings,
  text: string,
  exact = false,
): { newSites: string[]; differences: Difference[] } {
  const { settings: common, sites } = parse(text);
  const all: [SiteKey, Values][] = [[null, common], ...Object.entries(sites)];
  if (exact) for (const it of settings.sites) if (!Object.hasOwn(sites, it)) all.push([it, {}]);
  const differences = all.flatMap(([site, values]) =>
    definedSettings().flatMap((setting): Difference[] => {
      const isNamed = Object.hasOwn(values, setting.key);
      const [before, after] = [settings.own(setting, site), isNamed ? values[setting.key] : undefined];
      if ((!isNamed && !exact) || isDeepStrictEqual(before, after)) return [];
      return [{ key: setting.key, site, before, after }];
    }),
  );
  return { newSites: Object.keys(sites).filter((it) => !settings.sites.includes(it)), differences };
}

/** Makes the changes of a file, all or none. @throws DomainError setting.invalid and others */
export async function importSettings(
  settings: Settings,
  { newSites, differences }: ReturnType<typeof compareSettings>,
  reason: string,
): Promise<void> {
  const changes = differences.map(({ key, site, after }): SettingChange => ({
    actorId: null,
    key,
    site,
    value: after,
    reason,
  }));
  await settings.change(changes, newSites);
}

/** Writes differences for a person: a line for what goes, and one for what comes. */
export function describeDifferences({ newSites, differences }: ReturnType<typeof compareSettings>): string {
  const line = (sign: string, key: string, value: unknown): string =>
    `${sign} ${key}: ${value === undefined ? '(not set)' : JSON.stringify(value)}`;
  return [
    ...newSites.map((it) => `+ site ${it}`),
    ...differences.flatMap(({ key, site, before, after }) => {
      const name = site === null ? key : `${site} ${key}`;
      return [line('-', name, before), line('+', name, after)];
    }),
  ].join('\n');
}

function parse(text: string): Content {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new ConfigError(`The file is no YAML: ${error.message}`);
  const content = (document.toJS() ?? {}) as Record<string, unknown>;
  const unknown = isObject(content) ? Object.keys(content).find((it) => it !== 'settings' && it !== 'sites') : 'text';
  if (unknown !== undefined)
    throw new ConfigError(`The file may have the parts settings and sites, and not ${unknown}.`);
  const { settings = {}, sites = {} } = content;
  const misnamed = isObject(sites) ? Object.keys(sites).find((it) => !SITE_KEY.test(it)) : undefined;
  if (misnamed !== undefined)
    throw new ConfigError(`The key ${misnamed} of a site must have small letters, digits and hyphens, at most 40.`);
  for (const values of [settings, ...(isObject(sites) ? Object.values(sites) : [sites])]) {
    if (values !== null && !isObject(values)) throw new ConfigError('A part of the file is no list of settings.');
    const stranger = Object.keys(values ?? {}).find((it) => !settingOf(it));
    if (stranger !== undefined)
      throw new ConfigError(`There is no setting ${stranger}. \`rostra settings list\` names all of them.`);
  }
  return {
    settings: (settings ?? {}) as Values,
    sites: Object.fromEntries(
      Object.entries((sites ?? {}) as Record<string, Values | null>).map(([key, it]) => [key, it ?? {}]),
    ),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
