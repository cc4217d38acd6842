import { html, nothing } from 'lit';
import type { Notices } from './notices.js';
import { t } from './strings.js';

/** The notices of the view above its buttons. */
export const noticeList = (notices: Notices) =>
  html`<div class="notices">
    ${notices.visible.map(
      (it) =>
        html`<p class=${it.tone} role=${it.tone === 'warn' ? 'alert' : 'status'}>
          <span>${it.text}</span>
          <button class="quiet" aria-label=${t('notice.close')} @click=${() => notices.close(it.id)}>×</button>
          ${
            it.actions.length
              ? html`<span class="actions"
                  >${it.actions.map((act) => html`<button @click=${act.run}>${act.label}</button>`)}</span
                >`
              : nothing
          }
        </p>`,
    )}
  </div>`;
