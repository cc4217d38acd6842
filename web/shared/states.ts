import { css, html, nothing, type TemplateResult } from 'lit';
import type { ApiProblem } from './problem.js';
import { en } from './strings/en.js';
import { t } from './strings/t.js';
import { problemText } from './strings/translate.js';

// The states that every list and panel has: loading, empty, offline, failed, signed out. A skeleton has the size of the
// content that follows, so that the page does not move, and a failure says what to do next.

export const stateStyles = css`
  .state {
    padding: 20px 0;
    color: var(--ink-2);
    font: 15px/1.5 var(--ui);
  }
  .state p {
    margin: 0 0 10px;
  }
  .state p:last-child {
    margin: 0;
  }
  .skeleton {
    padding: 14px 0;
  }
  .skeleton i {
    display: block;
    block-size: 14px;
    margin: 8px 0;
    border-radius: 4px;
    background: var(--paper-3);
    inline-size: 92%;
  }
  .skeleton i:first-child {
    inline-size: 34%;
  }
  .skeleton i:last-child {
    inline-size: 61%;
  }
  @media (prefers-reduced-motion: no-preference) {
    .skeleton i {
      animation: breathe 1.6s ease-in-out infinite alternate;
    }
    @keyframes breathe {
      to {
        opacity: 0.45;
      }
    }
  }
`;

/** Draws grey lines of the size of the content that follows. */
export function loading(rows = 3): TemplateResult {
  return html`<div role="status" aria-busy="true">
    <span class="sr">${t('state.loading')}</span>
    ${Array.from({ length: rows }, () => html`<div class="skeleton" aria-hidden="true"><i></i><i></i><i></i></div>`)}
  </div>`;
}

/** Says that a list is empty. */
export function empty(text: string, more: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<div class="state">
    <p>${text}</p>
    ${more}
  </div>`;
}

/** Says that the network cannot be reached. The content on the page stays. */
function offline(retry?: () => void): TemplateResult {
  return html`<div class="state" role="status">
    <p>${t('state.offline')}</p>
    ${retry ? html`<button type="button" @click=${retry}>${t('state.retry')}</button>` : nothing}
  </div>`;
}

/** Shows a problem in words and a button that tries again. An offline problem shows the offline state. */
export function failed(problem: ApiProblem, retry?: () => void): TemplateResult {
  if (problem.code === 'network.offline') return offline(retry);
  return html`<div class="state" role="alert">
    <p>${problemText(en, problem)}</p>
    ${retry ? html`<button type="button" @click=${retry}>${t('state.retry')}</button>` : nothing}
  </div>`;
}

/** Says why the reader must sign in, with a button for it. */
export function signedOut(signIn: () => void, text: string = t('state.signedOut')): TemplateResult {
  return html`<div class="state">
    <p>${text}</p>
    <button type="button" class="primary" @click=${signIn}>${t('state.signIn')}</button>
  </div>`;
}
