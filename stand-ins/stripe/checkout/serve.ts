import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { Account } from '../account.js';
import type { Session } from '../wire.js';
import { donePage, missingPage, payPage } from './page.js';
import { pay, type Press } from './pay.js';

const PRESSES: readonly string[] = ['card', 'declined_card', 'bank_debit'] satisfies Press[];

interface Site {
  account: Account;
  saved: () => Promise<void>;
}

/** The style of every page here. */
export const stylesheet = () => readFile(new URL('stand-in.css', import.meta.url), 'utf8');

/** Answers `/c/pay/{session}`: the page, and the buttons on it. */
export async function serveCheckout(
  { account, saved }: Site,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const session = account.find('checkout.session', url.pathname.slice('/c/pay/'.length));
  if (!session) return html(response, 404, missingPage());
  if (request.method === 'POST') {
    const form = new URLSearchParams(body);
    const press = form.get('press') ?? '';
    if (!PRESSES.includes(press)) return html(response, 400, missingPage());
    const payer = {
      email: session.customer_email ?? (form.get('email')?.trim() || null),
      name: form.get('name')?.trim() || null,
    };
    const declined = pay(account, session, press as Press, payer);
    await saved();
    const after = declined ? `${url.pathname}?declined=${declined}` : onwards(session);
    response.writeHead(303, { location: after ?? url.pathname, 'cache-control': 'no-store' }).end();
    return;
  }
  if (session.status !== 'open') return html(response, 200, donePage(session), session);
  const checkout = account.state.checkouts[session.id]!;
  html(response, 200, payPage({ session, checkout, declined: url.searchParams.get('declined') }), session);
}

function onwards(session: Session): string | undefined {
  return session.status === 'complete'
    ? session.success_url?.replaceAll('{CHECKOUT_SESSION_ID}', session.id)
    : undefined;
}

/** Sends a page that may load its style, send its form, and be redirected to the session's own success page. */
export function html(response: ServerResponse, status: number, page: string, session?: Session): void {
  const success = session?.success_url ? ` ${new URL(session.success_url).origin}` : '';
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'self'; img-src data:; form-action 'self'${success}; base-uri 'none'; frame-ancestors 'none'`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(page);
}
