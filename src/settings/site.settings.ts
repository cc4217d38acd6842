import { z } from 'zod';
import { colorText, originText, pictureAddress } from '../config/env.js';
import { shortLine } from '../text/short-text.js';
import { defineSetting, type Setting } from './setting.js';

export const siteName = defineSetting({
  key: 'site.name',
  group: 'site',
  label: 'Name',
  help: 'The name of the newspaper as its readers know it. It stands on the sign-in and thank-you pages and in mails, and nobody can take it as a display name.',
  schema: shortLine(60).refine((it) => it !== '', 'must not be empty'),
  initial: (config) => config.site.name,
  role: 'admin',
  perSite: true,
});

export const siteLogo = defineSetting<string | null>({
  key: 'site.logo',
  group: 'site',
  label: 'Logo',
  help: 'The https address of a picture. Pages and mails show it 40 pixels high, in place of the name.',
  schema: pictureAddress.nullable(),
  initial: (config) => config.site.logo ?? null,
  role: 'admin',
  perSite: true,
});

export const siteColor = defineSetting<string | null>({
  key: 'site.color',
  group: 'site',
  label: 'Colour',
  help: 'The colour of buttons and links on pages and in mails, such as #96182b.',
  schema: colorText.nullable(),
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
