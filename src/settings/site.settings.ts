import { z } from 'zod';
import { originText } from '../config/env.js';
import { defineSetting, type Setting } from './setting.js';

const oneLine = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(most, `must have at most ${most} characters`)
    .refine((it) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(it), 'must be one line');

export const webAddress = z
  .string()
  .max(2_000)
  .refine(
    (it) => URL.canParse(it) && /^https?:$/.test(new URL(it).protocol),
    'must be an address of the web, such as https://news.example/rules',
  )
  .meta({ format: 'uri' })
  .transform((it) => new URL(it).href);

export const siteName = defineSetting({
  key: 'site.name',
  group: 'site',
  label: 'Name',
  help: 'The name of the newspaper as its readers know it. It stands on the sign-in and thank-you pages and in mails, and nobody can take it as a display name.',
  schema: oneLine(60),
  initial: (config) => config.site.name,
  role: 'admin',
  perSite: true,
});

export const siteLogo = defineSetting<string | null>({
  key: 'site.logo',
  group: 'site',
  label: 'Logo',
  help: 'The https address of a picture. Pages and mails show it 40 pixels high, in place of the name.',
  schema: webAddress.nullable(),
  initial: (config) => config.site.logo ?? null,
  role: 'admin',
  perSite: true,
});

export const siteColor = defineSetting<string | null>({
  key: 'site.color',
  group: 'site',
  label: 'Colour',
  help: 'The colour of buttons and links on pages and in mails, such as #96182b.',
  schema: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'must be a colour such as #96182b')
    .nullable(),
  initial: (config) => config.site.color ?? null,
  role: 'admin',
  perSite: true,
});

export const siteOrigins: Setting<string[]> = defineSetting<string[]>({
  key: 'site.origins',
  group: 'site',
  label: 'Addresses',
  help: 'The origins of the pages that embed this site’s comments, such as https://news.example, without a path. They are added to ALLOWED_ORIGINS, and tell which site a page belongs to. A site does not inherit them.',
  schema: z.array(originText).max(50),
  initial: [],
  role: 'admin',
  perSite: true,
  check: (origins, others, site) => {
    for (const other of [null, ...others.sites]) {
      const taken = other === site ? undefined : origins.find((it) => others.own(siteOrigins, other)?.includes(it));
      if (taken)
        return `${taken} belongs to ${other === null ? 'the installation' : `the site ${other}`} already. Take it out there first`;
    }
    return undefined;
  },
});
