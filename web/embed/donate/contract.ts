import type { Schemas } from '../../shared/contract.js';

export type DonationOptions = Schemas['DonationOptions'];
/** The amounts for one interval, in minor units. */
export type IntervalAmounts = DonationOptions['intervals'][number];
export type RepeatingDonation = Schemas['RepeatingDonations']['donations'][number];
export type Interval = IntervalAmounts['interval'];
export type Visibility = Schemas['Donation']['visibility'];
/** The request for a checkout with all fields that the form knows. */
export type NewDonation = Schemas['NewDonation'] &
  Required<Pick<Schemas['NewDonation'], 'country' | 'returnUrl' | 'visibility'>>;
