import { html, nothing, type TemplateResult } from 'lit';
import type { Author } from '../../shared/contract.js';
import { linkify, paragraphs, type TextPart } from '../common/linkify.js';
import { t, type WordKey } from '../common/strings.js';

const linked = ({ text, href }: TextPart) =>
  href ? html`<a href=${href} target="_blank" rel="nofollow ugc noopener noreferrer"><bdi>${text}</bdi></a>` : text;

/** Draws a reader's plain text as text nodes and links only. Each paragraph takes the direction of its own script. */
export function commentBody(text: string): TemplateResult {
  return html`<div class="text">
    ${paragraphs(text).map((paragraph) => html`<p dir="auto"><span>${linkify(paragraph).map(linked)}</span></p>`)}
  </div>`;
}

/** Returns two letters that stand for a picture. */
function initials(name: string): string {
  const words = name.split(/[\s_-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters
    .map((word) => Array.from(word ?? '')[0] ?? '')
    .join('')
    .toUpperCase();
}

/** Draws the author's initials, name and badges. */
export function byline({ displayName, badges }: Author): TemplateResult {
  return html`<span class="av" aria-hidden="true">${initials(displayName)}</span><b><bdi>${displayName}</bdi></b
    >${badges.map((badge) =>
      badge === 'staff' || badge === 'supporter'
        ? html`<span class="tag ${badge}">${t(`badge.${badge}` as WordKey)}</span>`
        : nothing,
    )}`;
}
