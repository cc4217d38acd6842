import type { Account } from '../model/account.js';
import { expire, settle } from '../checkout/pay.js';
import { payInvoice } from '../billing/invoices.js';
import { renew } from '../billing/renewals.js';

interface Due {
  /** Seconds. */
  at: number;
  run: () => unknown;
}

/** Runs what is due by the clock: sessions expire, debits settle, periods end, invoices are attempted again. */
export function runDue(account: Account): boolean {
  let ran = false;
  for (let next = earliest(account); next && next.at <= account.now(); next = earliest(account)) {
    next.run();
    ran = true;
  }
  return ran;
}

/** Moves the clock forward and stops at each due time, so that each event carries its own time. */
export function advance(account: Account, seconds: number): void {
  const target = account.state.clockOffset + seconds;
  const end = account.now() + seconds;
  for (let next = earliest(account); next && next.at <= end; next = earliest(account)) {
    account.state.clockOffset += Math.max(0, next.at - account.now());
    next.run();
  }
  account.state.clockOffset = Math.max(target, account.state.clockOffset);
}

function earliest(account: Account): Due | undefined {
  const due: Due[] = [];
  for (const it of account.all('checkout.session'))
    if (it.status === 'open') due.push({ at: it.expires_at, run: () => expire(account, it) });
  for (const [id, at] of Object.entries(account.state.settlements))
    if (at !== null)
      due.push({ at, run: () => settle(account, account.getReferenced('payment_intent', id), 'succeeded') });
  for (const it of account.all('subscription'))
    if (it.status === 'active' || it.status === 'past_due')
      due.push({ at: it.items.data[0]!.current_period_end, run: () => renew(account, it) });
  for (const it of account.all('invoice'))
    if (it.status === 'open' && it.next_payment_attempt)
      due.push({ at: it.next_payment_attempt, run: () => payInvoice(account, it) });
  return due.sort((a, b) => a.at - b.at)[0];
}
