import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Account } from '../model/account.js';
import { sendHtml } from '../page/html.js';
import type { CheckoutSession } from '../model/wire.js';
import { donePage, missingPage, payPage } from './page.js';
import { pay, type PaymentButton } from './pay.js';

const BUTTONS: readonly string[] = ['card', 'declined_card', 'bank_debit'] satisfies PaymentButton[];

interface Site {
  account: Account;
  saved: () => Promise<void>;
}

/** Answers `/c/pay/{session}`: the page and its buttons. */
export async function serveCheckout(
  { account, saved }: Site,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const session = account.find('checkout.session', url.pathname.slice('/c/pay/'.length));
  if (!session) return sendHtml(response, 404, missingPage());
  if (request.method === 'POST') {
    const form = new URLSearchParams(body);
    const press = form.get('press') ?? '';
    if (!BUTTONS.includes(press)) return sendHtml(response, 400, missingPage());
    const payer = {
      email: session.customer_email ?? (form.get('email')?.trim() || null),
      name: form.get('name')?.trim() || null,
    };
    const declined = pay(account, session, press as PaymentButton, payer);
    await saved();
    const after = declined ? `${url.pathname}?declined=${declined}` : successUrl(session);
    response.writeHead(303, { location: after ?? url.pathname, 'cache-control': 'no-store' }).end();
    return;
  }
  if (session.status !== 'open') return sendHtml(response, 200, donePage(session), session.success_url);
  const checkout = account.state.checkouts[session.id]!;
  sendHtml(
    response,
    200,
    payPage({ session, checkout, declined: url.searchParams.get('declined') }),
    session.success_url,
  );
}

function successUrl(session: CheckoutSession): string | undefined {
  return session.status === 'complete'
    ? session.success_url?.replaceAll('{CHECKOUT_SESSION_ID}', session.id)
    : undefined;
}
