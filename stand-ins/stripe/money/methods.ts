import { type Account, newId } from '../model/account.js';
import type { Charge, PaymentMethod } from '../model/wire.js';

export interface Payer {
  email: string | null;
  name: string | null;
}
/** The kind of payment method that the hosted page makes. */
export type PaymentMeans = 'card' | 'bank_debit';

// Stripe's test card 4242 and its test bank account.
const CARD = { brand: 'visa', country: 'US', exp_month: 12, funding: 'credit', last4: '4242', network: 'visa' };
const BANK = { bank_name: 'STRIPE TEST BANK', last4: '6789', routing_number: '110000000' };

const billing = ({ email, name }: Payer) => ({
  address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
  email,
  name,
  phone: null,
  tax_id: null,
});

export function newMethod(account: Account, means: PaymentMeans, payer: Payer, customer: string | null): PaymentMethod {
  const common = {
    id: newId('pm'),
    object: 'payment_method' as const,
    allow_redisplay: 'limited' as const,
    billing_details: billing(payer),
    created: account.now(),
    customer,
    customer_account: null,
    livemode: false,
    metadata: {},
  };
  const { network, ...card } = CARD;
  return account.add(
    'payment_method',
    means === 'card'
      ? {
          ...common,
          type: 'card',
          card: {
            ...card,
            checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
            display_brand: CARD.brand,
            exp_year: expiryYear(account),
            generated_from: null,
            networks: { available: [network], preferred: null },
            regulated_status: 'unregulated',
            three_d_secure_usage: { supported: true },
            wallet: null,
          },
        }
      : {
          ...common,
          type: 'us_bank_account',
          us_bank_account: {
            ...BANK,
            account_holder_type: 'individual',
            account_type: 'checking',
            financial_connections_account: null,
            fingerprint: null,
            networks: { preferred: 'ach', supported: ['ach'] },
            status_details: null,
          },
        },
  );
}

/** Returns the copy of the payment method that a charge carries. */
export function methodDetails(account: Account, method: PaymentMethod): NonNullable<Charge['payment_method_details']> {
  if (method.type !== 'card')
    return {
      type: 'us_bank_account',
      us_bank_account: {
        ...BANK,
        account_holder_type: 'individual',
        account_type: 'checking',
        fingerprint: null,
        payment_reference: null,
      },
    };
  return {
    type: 'card',
    card: {
      ...CARD,
      amount_authorized: null,
      authorization_code: null,
      electronic_commerce_indicator: null,
      transaction_link_id: null,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      exp_year: expiryYear(account),
      installments: null,
      mandate: null,
      network_token: { used: false },
      network_transaction_id: null,
      regulated_status: 'unregulated',
      three_d_secure: null,
      wallet: null,
    },
  };
}

const expiryYear = (account: Account) => new Date(account.now() * 1000).getUTCFullYear() + 3;
