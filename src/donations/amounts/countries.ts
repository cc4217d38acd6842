import { type CountryGroup, amountsOf } from './amounts.js';

/** The code for every country that is not listed below. ISO 3166 reserves ZZ for private use. */
const ELSEWHERE = 'ZZ';

/**
 * Maps a country to its name and to the group whose currency, amounts and appeal it gets. The euro countries are those
 * of 2026.
 */
const COUNTRIES: Record<string, readonly [name: string, group: CountryGroup]> = {
  US: ['United States', 'us'],
  GB: ['United Kingdom', 'gb'],
  AT: ['Austria', 'euro'],
  AU: ['Australia', 'au'],
  BE: ['Belgium', 'euro'],
  BG: ['Bulgaria', 'euro'],
  CA: ['Canada', 'ca'],
  CH: ['Switzerland', 'ch'],
  CY: ['Cyprus', 'euro'],
  DE: ['Germany', 'euro'],
  DK: ['Denmark', 'dk'],
  EE: ['Estonia', 'euro'],
  ES: ['Spain', 'euro'],
  FI: ['Finland', 'euro'],
  FR: ['France', 'euro'],
  GR: ['Greece', 'euro'],
  HR: ['Croatia', 'euro'],
  HU: ['Hungary', 'hu'],
  IE: ['Ireland', 'euro'],
  IT: ['Italy', 'euro'],
  JP: ['Japan', 'jp'],
  KW: ['Kuwait', 'kw'],
  LT: ['Lithuania', 'euro'],
  LU: ['Luxembourg', 'euro'],
  LV: ['Latvia', 'euro'],
  MT: ['Malta', 'euro'],
  NL: ['Netherlands', 'euro'],
  NO: ['Norway', 'no'],
  PT: ['Portugal', 'euro'],
  SE: ['Sweden', 'se'],
  SI: ['Slovenia', 'euro'],
  SK: ['Slovakia', 'euro'],
  [ELSEWHERE]: ['Elsewhere', 'elsewhere'],
};

/** The list from which a reader chooses, sorted by name with `Elsewhere` last. */
export const countries: readonly { code: string; name: string }[] = Object.entries(COUNTRIES)
  .map(([code, [name]]) => ({ code, name }))
  .sort((a, b) => Number(a.code === ELSEWHERE) - Number(b.code === ELSEWHERE) || (a.name < b.name ? -1 : 1));

/** Finds the listed country of a code. Unknown, absent and unassigned codes (XX, T1) give `ELSEWHERE`. */
export function countryOf(code: string | undefined): string {
  const upper = code?.trim().toUpperCase() ?? '';
  return Object.hasOwn(COUNTRIES, upper) ? upper : ELSEWHERE;
}

/** @param country a listed country, as `countryOf` returns it */
export const groupOf = (country: string): CountryGroup => COUNTRIES[country]![1];

/**
 * Chooses the country for a donation that names none: the edge's country if it uses this currency, else the first
 * listed country that does, else the edge's country, whose check then names the currency it needs.
 * @param edge the country that the CDN names, if any
 */
export function countryForCurrency(currency: string, edge: string | undefined): string {
  const edgeCountry = countryOf(edge);
  const usesCurrency = (country: string): boolean => amountsOf(groupOf(country)).currency === currency;
  return usesCurrency(edgeCountry) ? edgeCountry : (Object.keys(COUNTRIES).find(usesCurrency) ?? edgeCountry);
}
