import { html, nothing } from 'lit';
import type { Decision } from '../contract.js';
import { t, why } from '../words.js';
import { when } from '../../shell/text.view.js';

/** One decision as a line: "Vera removed it: abuse, 3m ago", with the note. */
export function decisionLine(decision: Decision) {
  return html`${t(`by.${decision.action}`, { who: decision.moderator.displayName })}${
    decision.action === 'remove' ? html`: ${why(decision.reason).toLowerCase()}` : nothing
  },
  ${when(decision.createdAt)} ${decision.note ? html`<q dir="auto">${decision.note}</q>` : nothing}`;
}
