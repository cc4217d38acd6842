import { type CountryGroup, ELSEWHERE } from './country-groups.js';
import { nameOfCountry } from './country-names.js';

/** The code for every country that no group has. ISO 3166 reserves ZZ for private use. */
const OTHER_COUNTRY = 'ZZ';

type Groups = readonly CountryGroup[];

/** The list from which a reader chooses, sorted by name with `Elsewhere` last. */
export function countriesOf(groups: Groups): { code: string; name: string }[] {
  const named = groups
    .flatMap((it) => it.countries)
    .map((code) => ({ code, name: nameOfCountry(code) ?? code }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return [...named, { code: OTHER_COUNTRY, name: 'Elsewhere' }];
}

/** Finds the listed country of a code. Unknown, absent and unassigned codes (XX, T1) give `ZZ`. */
export function countryOf(groups: Groups, code: string | undefined): string {
  const upper = code?.trim().toUpperCase() ?? '';
  return groups.some((it) => it.countries.includes(upper)) ? upper : OTHER_COUNTRY;
}

/** The group of a listed country, as `countryOf` returns it. The form of the setting demands the one for all others. */
export const groupOf = (groups: Groups, country: string): CountryGroup =>
  groups.find((it) => it.countries.includes(country)) ?? groups.find((it) => it.key === ELSEWHERE)!;

/**
 * Chooses the country for a donation that names none: the edge's country if it uses this currency, else the first
 * listed country that does, else the edge's country, whose check then names the currency it needs.
 * @param edge the country that the CDN names, if any
 */
export function countryForCurrency(groups: Groups, currency: string, edge: string | undefined): string {
  const edgeCountry = countryOf(groups, edge);
  if (groupOf(groups, edgeCountry).currency === currency) return edgeCountry;
  const group = groups.find((it) => it.currency === currency);
  return group ? (group.countries[0] ?? OTHER_COUNTRY) : edgeCountry;
}
