import { z } from 'zod';
import { defineSetting, type Setting, type SettingReader, type SiteKey } from '../../settings/setting.js';
import { shortLine } from '../../text/short-text.js';
import { type CountryGroup, CountryGroups, GroupKey, troubleOfGroups } from './country-groups.js';
import { INITIAL_GROUPS } from './initial-groups.js';

/** A text of the newsroom. `{site}` stands for the name of the site. */
const words = (most: number) =>
  shortLine(most).refine(
    (it) => !/[{}]/.test(it.replaceAll('{site}', '')),
    'must have no braces other than those of {site}, which stands for the name of the site',
  );
const someWords = (most: number) => words(most).refine((it) => it !== '', 'must not be empty');

const Appeal = z.strictObject({ title: someWords(100), text: someWords(1_000) });
const ofGroup = { group: GroupKey };
const common = { group: 'donations', perSite: true } as const;

export const donationGroups: Setting<CountryGroup[]> = defineSetting<CountryGroup[]>({
  ...common,
  key: 'donations.groups',
  label: 'Countries and amounts',
  help: 'The groups of countries: the currency of each, and the amounts that its readers may choose once, each month or each year. Amounts are in the smallest unit of the currency, so 500 is $5. An interval that is left out is not offered. The group “elsewhere” has every country that no group has.',
  schema: CountryGroups,
  initial: INITIAL_GROUPS,
  role: 'admin',
  check: (groups, others, site) => troubleOfGroups(groups) ?? troubleOfWords(others, site),
});

export const appeal = defineSetting({
  ...common,
  key: 'donations.appeal',
  label: 'Appeal',
  help: 'The title and the text above the amounts, for readers whose group of countries has no appeal of its own. {site} stands for the name of the site.',
  schema: Appeal,
  initial: {
    title: 'Support {site}',
    text: 'A gift of any size helps to pay for the reporting that you read here.',
  },
  role: 'editor',
});

export const groupAppeals = defineSetting({
  ...common,
  key: 'donations.group_appeals',
  label: 'Appeals by country',
  help: 'The title and the text for the readers of one group of countries each. {site} stands for the name of the site.',
  schema: z.array(Appeal.extend(ofGroup)).max(60),
  initial: [],
  role: 'editor',
  check: troubleOfGroupWords,
});

export const closingLine = defineSetting({
  ...common,
  key: 'donations.closing_line',
  label: 'Last line of each appeal',
  help: 'A sentence that follows the text of every appeal, such as what stays free for readers. When it is empty, nothing follows. {site} stands for the name of the site.',
  schema: words(300),
  initial: '',
  role: 'editor',
});

export const taxNote = defineSetting({
  ...common,
  key: 'donations.tax_note',
  label: 'Note on taxes',
  help: 'Says what a gift means for the donor’s taxes, for readers whose group of countries has no note of its own. When it is empty, the form says nothing about taxes. {site} stands for the name of the site.',
  schema: words(300),
  initial: '',
  role: 'admin',
});

export const groupTaxNotes = defineSetting({
  ...common,
  key: 'donations.group_tax_notes',
  label: 'Notes on taxes by country',
  help: 'Says what a gift means for the donor’s taxes, for the readers of one group of countries each. {site} stands for the name of the site.',
  schema: z.array(z.strictObject({ ...ofGroup, text: words(300) })).max(60),
  initial: [],
  role: 'admin',
  check: troubleOfGroupWords,
});

/** All settings that decide what a donor sees. */
export const DONATION_SETTINGS = [donationGroups, appeal, groupAppeals, closingLine, taxNote, groupTaxNotes] as const;

/** Says which words are for a group that readers do not have, or twice for one. */
function troubleOfGroupWords(
  list: readonly { group: string }[],
  others: SettingReader,
  site: SiteKey,
): string | undefined {
  const known = new Set(groupKeysOf(others, site));
  const seen = new Set<string>();
  for (const { group } of list) {
    if (seen.has(group)) return `The group “${group}” stands twice. Leave one of both`;
    seen.add(group);
    if (!known.has(group))
      return `There is no group “${group}”. The groups are ${[...known].join(', ')}; they are in “Countries and amounts”`;
  }
  return undefined;
}

/** Words of the installation may be for a group that only a site has. */
const groupKeysOf = (others: SettingReader, site: SiteKey): string[] =>
  (site === null ? [null, ...others.sites] : [site]).flatMap((it) =>
    others.get(donationGroups, it).map(({ key }) => key),
  );

/** Says which words would be for a group that the new groups lack. */
function troubleOfWords(others: SettingReader, site: SiteKey): string | undefined {
  for (const level of site === null ? [null, ...others.sites] : [site, null]) {
    const known = groupKeysOf(others, level);
    for (const { label, words } of [
      { label: groupAppeals.label, words: others.own(groupAppeals, level) },
      { label: groupTaxNotes.label, words: others.own(groupTaxNotes, level) },
    ]) {
      const lost = words?.find((it) => !known.includes(it.group));
      if (lost)
        return `The group “${lost.group}” has words in “${label}”${level === null ? '' : ` of the site ${level}`}. Take them out there first`;
    }
  }
  return undefined;
}
