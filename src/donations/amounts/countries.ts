import { type CountryGroup, amountsOf } from './amounts.js';

/** The choice for whoever is in none of the countries below: ISO 3166 keeps ZZ for private use. */
export const ELSEWHERE = 'ZZ';

/** Country -> its name and the group whose currency, amounts and words it gets. Countries of the euro as of 2026. */
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

/** For the reader's own choice, by name; `Elsewhere` comes last. */
export const countries: readonly { code: string; name: string }[] = Object.entries(COUNTRIES)
  .map(([code, [name]]) => ({ code, name }))
  .sort((a, b) => Number(a.code === ELSEWHERE) - Number(b.code === ELSEWHERE) || (a.name < b.name ? -1 : 1));

/** The country of the table that a code stands for; unknown, absent and unassigned ones (XX, T1) are elsewhere. */
export function countryOf(code: string | undefined): string {
  const upper = code?.trim().toUpperCase() ?? '';
  return Object.hasOwn(COUNTRIES, upper) ? upper : ELSEWHERE;
}

/** @param country one of the table's, by `countryOf` */
export const groupOf = (country: string): CountryGroup => COUNTRIES[country]![1];

/**
 * The country whose row a gift is held against that names none: the edge's if it has this currency, else the table's
 * first that has it, else the edge's, whose row then says which currency it wants.
 * @param edge what the CDN says, if anything
 */
export function countryForCurrency(currency: string, edge: string | undefined): string {
  const near = countryOf(edge);
  const pays = (country: string): boolean => amountsOf(groupOf(country)).currency === currency;
  return pays(near) ? near : (Object.keys(COUNTRIES).find(pays) ?? near);
}
