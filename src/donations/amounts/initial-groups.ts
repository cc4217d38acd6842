import { type CountryGroup, ELSEWHERE } from './country-groups.js';

/**
 * The groups that hold until the newsroom sets others. The minimum deters people who test stolen cards with small sums,
 * and it exceeds what a payment costs. The euro countries are those of 2026.
 */
export const INITIAL_GROUPS: CountryGroup[] = [
  {
    key: 'us',
    countries: ['US'],
    currency: 'usd',
    intervals: {
      once: { amounts: [2_500, 5_000, 10_000, 25_000], default: 5_000, min: 200, max: 1_000_000 },
      month: { amounts: [500, 1_000, 1_500, 3_000], default: 1_000, min: 200, max: 100_000 },
      year: { amounts: [5_000, 7_500, 12_000, 25_000], default: 7_500, min: 1_000, max: 1_000_000 },
    },
  },
  {
    key: 'gb',
    countries: ['GB'],
    currency: 'gbp',
    intervals: {
      once: { amounts: [1_000, 3_000, 6_000, 12_000], default: 3_000, min: 200, max: 800_000 },
      month: { amounts: [400, 700, 1_200, 2_000], default: 700, min: 200, max: 80_000 },
      year: { amounts: [4_000, 6_000, 10_000, 20_000], default: 6_000, min: 1_000, max: 800_000 },
    },
  },
  {
    key: 'euro',
    countries: [
      'AT',
      'BE',
      'BG',
      'CY',
      'DE',
      'EE',
      'ES',
      'FI',
      'FR',
      'GR',
      'HR',
      'IE',
      'IT',
      'LT',
      'LU',
      'LV',
      'MT',
      'NL',
      'PT',
      'SI',
      'SK',
    ],
    currency: 'eur',
    intervals: {
      once: { amounts: [1_500, 3_000, 6_000, 12_000], default: 3_000, min: 200, max: 900_000 },
      month: { amounts: [500, 900, 1_500, 2_500], default: 900, min: 200, max: 90_000 },
      year: { amounts: [5_000, 7_000, 12_000, 24_000], default: 7_000, min: 1_000, max: 900_000 },
    },
  },
  {
    key: 'no',
    countries: ['NO'],
    currency: 'nok',
    intervals: {
      once: { amounts: [15_000, 30_000, 60_000, 120_000], default: 30_000, min: 2_000, max: 10_000_000 },
      month: { amounts: [5_000, 9_900, 15_000, 25_000], default: 9_900, min: 2_000, max: 1_000_000 },
      year: { amounts: [50_000, 79_000, 120_000, 240_000], default: 79_000, min: 10_000, max: 10_000_000 },
    },
  },
  {
    key: 'se',
    countries: ['SE'],
    currency: 'sek',
    intervals: {
      once: { amounts: [15_000, 30_000, 60_000, 120_000], default: 30_000, min: 2_000, max: 10_000_000 },
      month: { amounts: [5_000, 9_900, 15_000, 25_000], default: 9_900, min: 2_000, max: 1_000_000 },
      year: { amounts: [50_000, 79_000, 120_000, 240_000], default: 79_000, min: 10_000, max: 10_000_000 },
    },
  },
  {
    key: 'dk',
    countries: ['DK'],
    currency: 'dkk',
    intervals: {
      once: { amounts: [10_000, 20_000, 40_000, 80_000], default: 20_000, min: 1_500, max: 6_500_000 },
      month: { amounts: [3_900, 6_900, 10_000, 20_000], default: 6_900, min: 1_500, max: 650_000 },
      year: { amounts: [35_000, 55_000, 90_000, 180_000], default: 55_000, min: 7_500, max: 6_500_000 },
    },
  },
  {
    key: 'ch',
    countries: ['CH'],
    currency: 'chf',
    intervals: {
      once: { amounts: [2_000, 4_000, 8_000, 15_000], default: 4_000, min: 200, max: 900_000 },
      month: { amounts: [600, 1_000, 1_800, 3_000], default: 1_000, min: 200, max: 90_000 },
      year: { amounts: [6_000, 9_000, 15_000, 30_000], default: 9_000, min: 1_000, max: 900_000 },
    },
  },
  {
    key: 'ca',
    countries: ['CA'],
    currency: 'cad',
    intervals: {
      once: { amounts: [2_500, 5_000, 10_000, 25_000], default: 5_000, min: 300, max: 1_300_000 },
      month: { amounts: [700, 1_200, 2_000, 4_000], default: 1_200, min: 300, max: 130_000 },
      year: { amounts: [7_000, 10_000, 16_000, 32_000], default: 10_000, min: 1_500, max: 1_300_000 },
    },
  },
  {
    key: 'au',
    countries: ['AU'],
    currency: 'aud',
    intervals: {
      once: { amounts: [3_000, 6_000, 12_000, 25_000], default: 6_000, min: 300, max: 1_500_000 },
      month: { amounts: [800, 1_400, 2_000, 4_000], default: 1_400, min: 300, max: 150_000 },
      year: { amounts: [8_000, 12_000, 18_000, 36_000], default: 12_000, min: 1_500, max: 1_500_000 },
    },
  },
  {
    key: 'jp',
    countries: ['JP'],
    currency: 'jpy',
    intervals: {
      once: { amounts: [2_000, 5_000, 10_000, 20_000], default: 5_000, min: 300, max: 1_000_000 },
      month: { amounts: [600, 1_000, 2_000, 3_000], default: 1_000, min: 300, max: 100_000 },
      year: { amounts: [6_000, 10_000, 15_000, 30_000], default: 10_000, min: 1_500, max: 1_000_000 },
    },
  },
  {
    key: 'hu',
    countries: ['HU'],
    currency: 'huf',
    intervals: {
      once: { amounts: [300_000, 700_000, 1_500_000, 3_000_000], default: 700_000, min: 70_000, max: 99_000_000 },
      month: { amounts: [100_000, 200_000, 350_000, 600_000], default: 200_000, min: 70_000, max: 35_000_000 },
      year: {
        amounts: [1_000_000, 1_800_000, 3_000_000, 6_000_000],
        default: 1_800_000,
        min: 350_000,
        max: 99_000_000,
      },
    },
  },
  {
    key: 'kw',
    countries: ['KW'],
    currency: 'kwd',
    intervals: {
      once: { amounts: [5_000, 10_000, 20_000, 50_000], default: 10_000, min: 1_000, max: 3_000_000 },
      month: { amounts: [1_500, 3_000, 5_000, 10_000], default: 3_000, min: 1_000, max: 300_000 },
      year: { amounts: [15_000, 25_000, 40_000, 80_000], default: 25_000, min: 3_000, max: 3_000_000 },
    },
  },
  {
    key: ELSEWHERE,
    countries: [],
    currency: 'usd',
    intervals: {
      once: { amounts: [1_000, 2_500, 5_000, 10_000], default: 2_500, min: 200, max: 1_000_000 },
      month: { amounts: [300, 500, 1_000, 2_000], default: 500, min: 200, max: 100_000 },
      year: { amounts: [3_000, 5_000, 10_000, 20_000], default: 5_000, min: 1_000, max: 1_000_000 },
    },
  },
];
