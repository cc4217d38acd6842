import type { Currency } from './currencies.js';

/** The version changes with every change of amounts or appeals. A donation keeps the version that its donor saw. */
export const TABLE_VERSION = '2026-11';

export const INTERVALS = ['once', 'month', 'year'] as const;
export type Interval = (typeof INTERVALS)[number];

/** Amounts in minor units of the group's currency. `min` and `max` are allowed values. */
export interface AmountRange {
  amounts: readonly number[];
  default: number;
  min: number;
  max: number;
}

interface GroupAmounts {
  currency: Currency;
  intervals: Record<Interval, AmountRange>;
}

/**
 * The amounts that GET /donations/options offers and POST /donations enforces. The minimum deters people who test stolen
 * cards with small sums, and it exceeds what a payment costs us.
 */
const AMOUNTS = {
  us: {
    currency: 'usd',
    intervals: {
      once: { amounts: [2_500, 5_000, 10_000, 25_000], default: 5_000, min: 200, max: 1_000_000 },
      month: { amounts: [500, 1_000, 1_500, 3_000], default: 1_000, min: 200, max: 100_000 },
      year: { amounts: [5_000, 7_500, 12_000, 25_000], default: 7_500, min: 1_000, max: 1_000_000 },
    },
  },
  gb: {
    currency: 'gbp',
    intervals: {
      once: { amounts: [1_000, 3_000, 6_000, 12_000], default: 3_000, min: 200, max: 800_000 },
      month: { amounts: [400, 700, 1_200, 2_000], default: 700, min: 200, max: 80_000 },
      year: { amounts: [4_000, 6_000, 10_000, 20_000], default: 6_000, min: 1_000, max: 800_000 },
    },
  },
  euro: {
    currency: 'eur',
    intervals: {
      once: { amounts: [1_500, 3_000, 6_000, 12_000], default: 3_000, min: 200, max: 900_000 },
      month: { amounts: [500, 900, 1_500, 2_500], default: 900, min: 200, max: 90_000 },
      year: { amounts: [5_000, 7_000, 12_000, 24_000], default: 7_000, min: 1_000, max: 900_000 },
    },
  },
  no: {
    currency: 'nok',
    intervals: {
      once: { amounts: [15_000, 30_000, 60_000, 120_000], default: 30_000, min: 2_000, max: 10_000_000 },
      month: { amounts: [5_000, 9_900, 15_000, 25_000], default: 9_900, min: 2_000, max: 1_000_000 },
      year: { amounts: [50_000, 79_000, 120_000, 240_000], default: 79_000, min: 10_000, max: 10_000_000 },
    },
  },
  se: {
    currency: 'sek',
    intervals: {
      once: { amounts: [15_000, 30_000, 60_000, 120_000], default: 30_000, min: 2_000, max: 10_000_000 },
      month: { amounts: [5_000, 9_900, 15_000, 25_000], default: 9_900, min: 2_000, max: 1_000_000 },
      year: { amounts: [50_000, 79_000, 120_000, 240_000], default: 79_000, min: 10_000, max: 10_000_000 },
    },
  },
  dk: {
    currency: 'dkk',
    intervals: {
      once: { amounts: [10_000, 20_000, 40_000, 80_000], default: 20_000, min: 1_500, max: 6_500_000 },
      month: { amounts: [3_900, 6_900, 10_000, 20_000], default: 6_900, min: 1_500, max: 650_000 },
      year: { amounts: [35_000, 55_000, 90_000, 180_000], default: 55_000, min: 7_500, max: 6_500_000 },
    },
  },
  ch: {
    currency: 'chf',
    intervals: {
      once: { amounts: [2_000, 4_000, 8_000, 15_000], default: 4_000, min: 200, max: 900_000 },
      month: { amounts: [600, 1_000, 1_800, 3_000], default: 1_000, min: 200, max: 90_000 },
      year: { amounts: [6_000, 9_000, 15_000, 30_000], default: 9_000, min: 1_000, max: 900_000 },
    },
  },
  ca: {
    currency: 'cad',
    intervals: {
      once: { amounts: [2_500, 5_000, 10_000, 25_000], default: 5_000, min: 300, max: 1_300_000 },
      month: { amounts: [700, 1_200, 2_000, 4_000], default: 1_200, min: 300, max: 130_000 },
      year: { amounts: [7_000, 10_000, 16_000, 32_000], default: 10_000, min: 1_500, max: 1_300_000 },
    },
  },
  au: {
    currency: 'aud',
    intervals: {
      once: { amounts: [3_000, 6_000, 12_000, 25_000], default: 6_000, min: 300, max: 1_500_000 },
      month: { amounts: [800, 1_400, 2_000, 4_000], default: 1_400, min: 300, max: 150_000 },
      year: { amounts: [8_000, 12_000, 18_000, 36_000], default: 12_000, min: 1_500, max: 1_500_000 },
    },
  },
  jp: {
    currency: 'jpy',
    intervals: {
      once: { amounts: [2_000, 5_000, 10_000, 20_000], default: 5_000, min: 300, max: 1_000_000 },
      month: { amounts: [600, 1_000, 2_000, 3_000], default: 1_000, min: 300, max: 100_000 },
      year: { amounts: [6_000, 10_000, 15_000, 30_000], default: 10_000, min: 1_500, max: 1_000_000 },
    },
  },
  hu: {
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
  kw: {
    currency: 'kwd',
    intervals: {
      once: { amounts: [5_000, 10_000, 20_000, 50_000], default: 10_000, min: 1_000, max: 3_000_000 },
      month: { amounts: [1_500, 3_000, 5_000, 10_000], default: 3_000, min: 1_000, max: 300_000 },
      year: { amounts: [15_000, 25_000, 40_000, 80_000], default: 25_000, min: 3_000, max: 3_000_000 },
    },
  },
  elsewhere: {
    currency: 'usd',
    intervals: {
      once: { amounts: [1_000, 2_500, 5_000, 10_000], default: 2_500, min: 200, max: 1_000_000 },
      month: { amounts: [300, 500, 1_000, 2_000], default: 500, min: 200, max: 100_000 },
      year: { amounts: [3_000, 5_000, 10_000, 20_000], default: 5_000, min: 1_000, max: 1_000_000 },
    },
  },
} as const satisfies Record<string, GroupAmounts>;

export type CountryGroup = keyof typeof AMOUNTS;

/** The amounts of a group, typed without their literal numbers. */
export const amountsOf = (group: CountryGroup): GroupAmounts => AMOUNTS[group];
