import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { SiteKey } from '../../settings/setting.js';
import { Settings } from '../../settings/settings.service.js';
import { siteName } from '../../settings/site.settings.js';
import { checkAmount } from './check-amount.js';
import { countriesOf, countryOf, groupOf } from './countries.js';
import { exponentOf } from './currencies.js';
import {
  appeal,
  closingLine,
  DONATION_SETTINGS,
  donationGroups,
  groupAppeals,
  groupTaxNotes,
  taxNote,
} from './donation.settings.js';
import { INTERVALS } from './intervals.js';
import type { OptionsView } from './options.schema.js';

/** Knows what donors of each site and country are offered, by the settings in force. */
@Injectable()
export class DonationOffers {
  constructor(private readonly settings: Settings) {}

  /** The appeal and the amounts for readers of a country. A country that no group has gets those of `elsewhere`. */
  options(site: SiteKey, code: string | undefined, provider: 'stripe' | 'standin' | null): z.infer<typeof OptionsView> {
    const groups = this.settings.get(donationGroups, site);
    const country = countryOf(groups, code);
    const { key, currency, intervals } = groupOf(groups, country);
    return {
      enabled: provider !== null,
      provider,
      country,
      countries: countriesOf(groups),
      currency,
      minorUnits: exponentOf(currency),
      appeal: this.appealOf(site, key),
      intervals: INTERVALS.flatMap((interval) => {
        const range = intervals[interval];
        return range ? [{ interval, ...range }] : [];
      }),
      variant: this.variantOf(site, key),
      taxNote: this.taxNoteOf(site, key),
    };
  }

  /**
   * Checks a requested donation against the amounts in force.
   * @returns its country, and the variant that the readers there see
   * @throws DomainError those of `checkAmount`
   */
  check(
    site: SiteKey,
    request: Parameters<typeof checkAmount>[1],
    edge: string | undefined,
  ): { country: string; variant: string } {
    const { country, group } = checkAmount(this.settings.get(donationGroups, site), request, edge);
    return { country, variant: this.variantOf(site, group) };
  }

  private appealOf(site: SiteKey, group: string): { title: string; text: string } {
    const own = this.settings.get(groupAppeals, site).find((it) => it.group === group);
    const { title, text } = own ?? this.settings.get(appeal, site);
    const closing = this.settings.get(closingLine, site);
    return { title: this.named(site, title), text: this.named(site, closing ? `${text} ${closing}` : text) };
  }

  private taxNoteOf(site: SiteKey, group: string): string {
    const own = this.settings.get(groupTaxNotes, site).find((it) => it.group === group);
    return this.named(site, own?.text ?? this.settings.get(taxNote, site));
  }

  private named(site: SiteKey, text: string): string {
    return text.replaceAll('{site}', () => this.settings.get(siteName, site));
  }

  /**
   * Names the amounts and words of a group, such as `17.evening.us`. Versions are never changed, so the newest of those
   * that decide tells what all of them were.
   */
  private variantOf(site: SiteKey, group: string): string {
    const levels = site === null ? [null] : [null, site];
    const versions = [...DONATION_SETTINGS, siteName].flatMap((setting) =>
      levels.flatMap((level) => this.settings.versionOf(setting, level) ?? []),
    );
    const newest = versions.length ? Math.max(...versions.map((it) => Number(it.id))) : 'initial';
    return [newest, ...(site === null ? [] : [site]), group].join('.');
  }
}
