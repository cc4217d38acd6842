import type { Account } from '../model/account.js';
import type { Kind } from '../model/wire.js';
import { invalid } from '../model/errors.js';

const KINDS: Record<string, Kind> = {
  cs: 'checkout.session',
  cus: 'customer',
  price: 'price',
  prod: 'product',
  pi: 'payment_intent',
  ch: 'charge',
  py: 'charge',
  pm: 'payment_method',
  txn: 'balance_transaction',
  re: 'refund',
  du: 'dispute',
  sub: 'subscription',
  in: 'invoice',
  inpay: 'invoice_payment',
};
type Node = Record<string, unknown>;

/** Copies an answer and replaces the references in `paths` (`latest_charge.balance_transaction`) by their objects. */
export function expanded<T extends object>(account: Account, answer: T, paths: readonly string[] = []): T {
  const copy = structuredClone(answer);
  for (const path of paths) {
    const keys = path.split('.');
    if (keys.length > 4)
      throw invalid(`You cannot expand more than 4 levels of a property. Property: ${path}`, 'expand');
    open(account, copy as Node, keys, path);
  }
  return copy;
}

function open(account: Account, node: Node, [key, ...rest]: string[], path: string): void {
  if (key === undefined) return;
  const value = included(account, node, key) ?? (Object.hasOwn(node, key) ? node[key] : undefined);
  const found = typeof value === 'string' ? referred(account, value) : value;
  if (found === undefined || (typeof found !== 'object' && found !== null))
    throw invalid(`This property cannot be expanded (${path}).`, 'expand');
  node[key] = found;
  for (const it of Array.isArray(found) ? found : [found]) if (it) open(account, it as Node, rest, path);
}

function referred(account: Account, id: string): object | undefined {
  const kind = KINDS[id.split('_')[0] ?? ''];
  return kind && structuredClone(account.find(kind, id));
}

/** Returns a list that an object has only on request. */
function included(account: Account, node: Node, key: string): object | undefined {
  const list = (data: object[], url: string) => ({ object: 'list', data: structuredClone(data), has_more: false, url });
  const id = String(node.id);
  if (node.object === 'checkout.session' && key === 'line_items')
    return list(account.state.checkouts[id]?.lines ?? [], `/v1/checkout/sessions/${id}/line_items`);
  if (node.object === 'charge' && key === 'refunds')
    return list(
      account.all('refund').filter((it) => it.charge === id),
      `/v1/charges/${id}/refunds`,
    );
  if (node.object === 'invoice' && key === 'payments')
    return list(
      account.all('invoice_payment').filter((it) => it.invoice === id),
      '/v1/invoice_payments',
    );
  return undefined;
}
