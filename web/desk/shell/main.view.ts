import { html, nothing } from 'lit';
import type { Desk } from './desk.js';
import { noticeList } from './notices.view.js';
import type { PageView } from './page.js';
import { routeHash } from './route.js';

/** The open entry beside the list: heading, body, what stands aside, and the buttons with the notices above them. */
export function mainPart({ route, page, pages, notices }: Desk, view: PageView) {
  const countdowns = pages.filter((it) => it !== page).map((it) => it.countdown?.view ?? nothing);
  const { aside } = view;
  return html`<main class="entry ${route.page} ${view.bare ? 'bare' : ''}" tabindex="-1">
    <header>
      <a class="back" href=${routeHash(route.page)} aria-label=${view.back}>‹</a>
      <h2 dir="auto">${view.heading}</h2>
      ${view.afterHeading ?? nothing}
    </header>
    <div class="middle">
      <div class="body">${view.body}</div>
      <aside class=${aside.name ?? nothing} aria-label=${aside.label}>${aside.content}</aside>
    </div>
    <div class="foot">${noticeList(notices)} ${countdowns} ${view.actions}</div>
  </main>`;
}
