import { type Account, newId } from '../model/account.js';
import type { Customer } from '../model/wire.js';
import { cancel } from './subscriptions.js';

type CustomerFields = Partial<Pick<Customer, 'email' | 'name' | 'phone' | 'description' | 'metadata'>>;

/** Deletes a customer and cancels their subscriptions. @returns Stripe's answer for a deleted object */
export function deleteCustomer(
  account: Account,
  customer: Customer,
): { id: string; object: 'customer'; deleted: true } {
  for (const it of account.all('subscription'))
    if (it.customer === customer.id && it.status !== 'canceled') cancel(account, it, 'cancellation_requested');
  account.remove('customer', customer.id);
  account.emit('customer.deleted', customer);
  return { id: customer.id, object: 'customer', deleted: true };
}

export function newCustomer(account: Account, fields: CustomerFields): Customer {
  const customer = account.add('customer', {
    id: newId('cus', 14),
    object: 'customer',
    address: null,
    balance: 0,
    created: account.now(),
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: fields.description ?? null,
    email: fields.email ?? null,
    invoice_prefix: newId('x', 8).slice(2).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: fields.metadata ?? {},
    name: fields.name ?? null,
    next_invoice_sequence: 1,
    phone: fields.phone ?? null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  });
  account.emit('customer.created', customer);
  return customer;
}
