import { html, nothing } from 'lit';
import type { Decision } from '../contract.js';
import { t, why } from '../words.js';
import { when } from '../../shell/text.view.js';

/** One decision as a line: "Vera removed it: Off topic, 3m ago", with the note. @param url the article's address */
export function decisionLine(decision: Decision, url: string) {
  return html`${t(`by.${decision.action}`, { who: decision.moderator.displayName })}${
    decision.action === 'remove' || decision.action === 'reject' ? html`: ${why(decision.reason, url)}` : nothing
  },
  ${when(decision.createdAt)} ${decision.note ? html`<q dir="auto">${decision.note}</q>` : nothing}`;
}
