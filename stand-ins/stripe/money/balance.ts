import { type Account, newId } from '../model/account.js';
import type { BalanceTransaction } from '../model/wire.js';
import { exponent } from './currencies.js';

/** Computes Stripe's fee for a domestic card: 2.9 % and 30 of the minor unit (300 where it has three digits). */
export function feeOn(amount: number, currency: string): number {
  const digits = exponent(currency);
  const fee = Math.ceil((amount * 29) / 1000) + (digits === 3 ? 300 : 30);
  return Math.min(amount, digits === 3 ? Math.ceil(fee / 10) * 10 : fee);
}

/** Writes one movement of the account's balance, in minor units; a negative amount leaves it. */
export function book(
  account: Account,
  movement: Pick<BalanceTransaction, 'amount' | 'currency' | 'type' | 'reporting_category' | 'source'> & {
    fee?: number;
    description?: string | null;
  },
): BalanceTransaction {
  const { fee = 0, description = null, ...rest } = movement;
  const created = account.now();
  return account.add('balance_transaction', {
    id: newId('txn'),
    object: 'balance_transaction',
    ...rest,
    available_on: created + 2 * 86_400,
    balance_type: 'payments',
    created,
    description,
    exchange_rate: null,
    fee,
    fee_details: fee
      ? [
          {
            amount: fee,
            application: null,
            currency: rest.currency,
            description: 'Stripe processing fees',
            type: 'stripe_fee',
          },
        ]
      : [],
    net: rest.amount - fee,
    status: 'pending',
  });
}
