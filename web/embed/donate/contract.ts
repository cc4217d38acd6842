// The shapes of docs/contract.md, Donations, that the form reads and sends. Types only.

export type Interval = 'once' | 'month' | 'year';
export type Visibility = 'anonymous' | 'public';

/** What can be given at one interval, in minor units; the server enforces this very table. */
export interface Amounts {
  interval: Interval;
  amounts: number[];
  default: number;
  min: number;
  max: number;
}

export interface Options {
  enabled: boolean;
  /** `standin`: a rehearsal in which no money moves. */
  provider: 'stripe' | 'standin' | null;
  country: string;
  countries: { code: string; name: string }[];
  currency: string;
  appeal: { title: string; text: string };
  intervals: Amounts[];
  /** Decimals of the currency's minor unit. */
  minorUnits: number;
  taxNote?: string | null;
}

export interface GiftRequest {
  amount: number;
  currency: string;
  interval: Interval;
  country: string;
  article?: string;
  returnUrl: string;
  visibility: Visibility;
}

export interface GiftAnswer {
  id: string;
  checkoutUrl: string;
}
