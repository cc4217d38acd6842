import { html, nothing, type TemplateResult } from 'lit';
import { paragraphs } from '../common/linkify.js';
import { OnDemand } from '../common/on-demand.js';
import { session } from '../common/page.js';
import { t } from './panel-words.js';
import { paragraph } from './paragraph.js';

// These functions draw what the newsroom says at its conversations.

const rules = new OnDemand(() => import('./rules-dialog.js'));

/** Draws the message above the conversation. */
export function houseMessage(): TemplateResult | typeof nothing {
  const parts = paragraphs(session.texts?.message ?? '');
  if (!parts.length) return nothing;
  const shown = parts.map((it, at) => html`${at ? html`<br /><br />` : nothing}${paragraph(it)}`);
  return html`<p class="lost" dir="auto">${shown}</p>`;
}

/** Draws the line below a field, with the link to the rules. */
export function houseNote(): TemplateResult | typeof nothing {
  const { note, hasRules } = session.texts ?? {};
  if (!note && !hasRules) return nothing;
  return html`<p class="rules" dir="auto">
    ${note ? paragraph(note) : nothing}
    ${hasRules ? html`<a href="#community-rules" aria-haspopup="dialog" @click=${openRules}>${t('rules.title')}</a>` : nothing}
  </p>`;
}

/** Opens the rules in the theme of the element whose link was pressed. A part that did not load is asked for again. */
function openRules(event: Event): void {
  event.preventDefault();
  const { host } = (event.target as Element).getRootNode() as ShadowRoot;
  rules.get().then(
    ({ showRules }) => showRules(host),
    () => undefined,
  );
}
