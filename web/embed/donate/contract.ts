import type { Schemas } from '../../shared/contract.js';

export type Options = Schemas['DonationOptions'];
/** What can be given at one interval, in minor units. */
export type Amounts = Options['intervals'][number];
export type Interval = Amounts['interval'];
export type Visibility = Schemas['Donation']['visibility'];
/** The request for a checkout, with all that the form knows. */
export type GiftRequest = Schemas['NewDonation'] &
  Required<Pick<Schemas['NewDonation'], 'country' | 'returnUrl' | 'visibility'>>;
