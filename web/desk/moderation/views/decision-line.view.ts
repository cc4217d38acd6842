import { html, nothing } from 'lit';
import type { Decision } from '../contract.js';
import { t, why } from '../words.js';
import { when } from '../../shell/text.view.js';

/** One decision as a line: "Vera removed it: abuse, 3m ago", with the note. */
export function decisionLine(decision: Decision) {
  const who = decision.moderator?.displayName ?? t('person.formerColleague');
  return html`${t(`by.${decision.action}`, { who })}${
    decision.action === 'remove' && decision.reason ? html`: ${why(decision.reason).toLowerCase()}` : nothing
  },
  ${when(decision.createdAt)} ${decision.note ? html`<q dir="auto">${decision.note}</q>` : nothing}`;
}
