import { z } from 'zod';
import { SETTING_GROUPS, SITE_KEY } from '../settings/setting.js';
import { shortText } from '../text/short-text.js';

const site = z.string().max(40).nullable();
const version = z.string().nullable();
/** The value of a setting, whose own schema judges it. */
const Value = z.unknown();

export const SiteQuery = z.strictObject({ site: z.string().max(40).optional() });

export const SettingChangeBody = z
  .strictObject({
    /** The key of a site; null or absent for the installation. */
    site: site.optional(),
    value: Value.optional(),
    /** Takes the value back: the site inherits, or the initial value holds. */
    reset: z.literal(true).optional(),
    reason: shortText(500).nullish(),
    /** The version that was seen, null for none. Another one in force refuses the change (409). */
    basedOn: version.optional(),
  })
  .refine((it) => (it.value === undefined) === (it.reset === true), {
    error: 'give either a value, or reset: true',
    path: ['value'],
  })
  .meta({ id: 'SettingChange' });

export const NewSite = z
  .strictObject({
    key: z.string().regex(SITE_KEY, 'must have small letters, digits and hyphens, at most 40, as in harbour-post'),
  })
  .meta({ id: 'NewSite' });

const Person = z.strictObject({ id: z.string(), displayName: z.string() });

export const SettingView = z
  .strictObject({
    key: z.string(),
    group: z.enum(Object.keys(SETTING_GROUPS) as [keyof typeof SETTING_GROUPS]),
    label: z.string(),
    help: z.string(),
    /** The JSON Schema of its value. */
    schema: z.record(z.string(), z.unknown()),
    role: z.enum(['moderator', 'editor', 'admin']),
    perSite: z.boolean(),
    initial: Value,
    /** The value that holds for the site that was asked for. */
    value: Value,
    /** Where that value was set: at the site, at the installation, or nowhere. */
    from: z.enum(['site', 'installation', 'initial']),
    /** The version in force that was set for exactly this site. */
    version,
  })
  .meta({ id: 'Setting' });

export const SettingsView = z
  .strictObject({
    groups: z.array(z.strictObject({ key: z.string(), label: z.string() })),
    sites: z.array(z.strictObject({ key: z.string(), name: z.string() })),
    items: z.array(SettingView),
  })
  .meta({ id: 'Settings' });

export const SettingHistoryView = z
  .strictObject({
    items: z.array(
      z.strictObject({
        version: z.string(),
        /** Absent when the value was taken back. */
        value: Value.optional(),
        /** Null means the operator. */
        by: Person.nullable(),
        reason: z.string(),
        at: z.iso.datetime(),
      }),
    ),
  })
  .meta({ id: 'SettingHistory' });

export const CreatedSite = z.strictObject({ key: z.string() }).meta({ id: 'CreatedSite' });
