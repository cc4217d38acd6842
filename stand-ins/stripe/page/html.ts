import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';

/** The style sheet of all pages of the stand-in. */
export const stylesheet = () => readFile(new URL('stand-in.css', import.meta.url), 'utf8');

/** Makes a page of the stand-in; `main` is HTML. */
export function htmlDocument(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/stand-in.css">
</head>
<body>
<p class="banner">This is an offline stand-in for Stripe. It asks for no card and moves no money.</p>
<main>
<h1 class="hidden">${escape(title)}</h1>
${main}
</main>
</body>
</html>
`;
}

export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (it) => `&#${it.charCodeAt(0)};`);
}

/**
 * Sends a page that may load its style and send its form.
 * @param next - an address of another origin to which the form's answer may redirect
 */
export function sendHtml(response: ServerResponse, status: number, page: string, next?: string | null): void {
  const success = next ? ` ${new URL(next).origin}` : '';
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'self'; img-src data:; form-action 'self'${success}; base-uri 'none'; frame-ancestors 'none'`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(page);
}
