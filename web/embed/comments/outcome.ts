import { html, nothing, type TemplateResult } from 'lit';
import type { ActionOutcome } from './view.js';

/** Draws the result of the reader's last action at a comment, or at the field for a new one. */
export function outcomeText(outcome: ActionOutcome | undefined): TemplateResult | typeof nothing {
  if (!outcome) return nothing;
  const { text, success: fine } = outcome;
  return fine ? html`<p class="trouble fine">${text}</p>` : html`<p class="trouble" role="alert">${text}</p>`;
}
