import type { DataSource } from 'typeorm';
import { row, rows, type Tx } from '../../database/rows.js';
import type { ObjectOwner } from './stripe-facts.js';

const OBJECT_LOCK = 7010;

/** SQL: the Stripe objects among the parameter that we recorded, as rows of `id` and `donation`. */
const known = (ids: string[], db: Tx | DataSource) => db.sql`
  select session_id as id, id as donation from donations where session_id = any(${ids})
  union all select payment_intent_id, id from donations where payment_intent_id = any(${ids})
  union all select id, donation_id from donation_subscriptions where id = any(${ids})
  union all select invoice_id, donation_id from donation_invoices where invoice_id = any(${ids})
  union all select payment_id, donation_id from ledger_entries
    where entry_key = any(${ids.map((it) => `payment:${it}`)})`;

/** Returns those of the ids that a donation of ours has. */
export async function knownIds(db: Tx | DataSource, ids: string[]): Promise<Set<string>> {
  return new Set((await rows<{ id: string }>(known(ids, db))).map((it) => it.id));
}

/**
 * Finds the donation of a Stripe object: by an id that we recorded, else by what the object names. So an object whose
 * metadata was emptied or changed at Stripe keeps its donation.
 */
export async function donationOf(tx: Tx, { ids, named }: ObjectOwner): Promise<string | undefined> {
  const found = new Map(
    (await rows<{ id: string; donation: string }>(known(ids, tx))).map((it) => [it.id, it.donation]),
  );
  const top = ids.find((it) => found.has(it));
  if (top !== undefined) return found.get(top);
  if (!named.length) return undefined;
  const told = await row<{ donation: string }>(tx.sql`
    select id as donation from donations where id = any(${named}) order by array_position(${named}::text[], id) limit 1`);
  return told?.donation;
}

/**
 * Finds the donation of a subscription or payment that only its customer ties to us, for example a subscription that
 * staff made anew at Stripe. It belongs to the customer's newest recurring donation.
 */
export async function donationOfCustomer(tx: Tx, customer: string): Promise<string | undefined> {
  const found = await row<{ donation: string }>(tx.sql`
    select id as donation from donations where customer_id = ${customer}
    order by state in ('paid', 'refunded') desc, recurrence <> 'once' desc, created_at desc limit 1`);
  return found?.donation;
}

/**
 * Serialises the writer and the waiter of one Stripe object, so that neither misses the other. The ids go from the top
 * down, as everywhere, because the holder of an invoice may lock its payment next.
 */
export async function lockIds(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.sql`
    select pg_advisory_xact_lock(${OBJECT_LOCK}, hashtext(id))
    from (select id from unnest(${[...new Set(ids)]}::text[]) with ordinality as it (id, n) order by n) as ordered`;
}
