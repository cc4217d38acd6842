import { html, nothing, type TemplateResult } from 'lit';
import { directive, Directive, type ElementPart } from 'lit/directive.js';
import type { Author } from '../../shared/contract.js';
import { linkify, paragraphs, type TextPart } from '../common/linkify.js';
import { t, type WordKey } from '../common/strings.js';

const linked = ({ text, href }: TextPart) =>
  href ? html`<a href=${href} target="_blank" rel="nofollow ugc noopener noreferrer"><bdi>${text}</bdi></a>` : text;

// A text is folded by its drawn height, because no count of characters tells it. The observer reports after the layout,
// so reading the heights costs none of its own.
const heights = observeHeights();
function observeHeights(): ResizeObserver | undefined {
  try {
    return new ResizeObserver((seen) => {
      for (const { target } of seen) target.toggleAttribute('data-cut', target.scrollHeight > target.clientHeight + 2);
    });
  } catch {
    return undefined; // an old browser draws each text whole
  }
}
const watchHeight = directive(
  class extends Directive {
    #text?: Element;
    render() {}
    override update({ element }: ElementPart) {
      if (this.#text === element) return;
      this.#text = element;
      if (heights) heights.observe(element);
      else element.setAttribute('data-all', '');
    }
  },
);

function showAll({ currentTarget }: Event): void {
  const text = (currentTarget as Element).previousElementSibling as HTMLElement;
  text.dataset['all'] = '';
  text.closest('article')?.focus();
}

/** Draws a reader's plain text as text nodes and links only. Each paragraph takes the direction of its own script. */
export function commentBody(text: string): TemplateResult {
  return html`<div class="text" ${watchHeight()}>
      ${paragraphs(text).map((paragraph) => html`<p dir="auto"><span>${linkify(paragraph).map(linked)}</span></p>`)}
    </div>
    <button class="quiet more show-all" @click=${showAll}>${t('comment.showAll')}</button>`;
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

/** Draws the author's initials, name and badges. The colour follows the id and tells two readers of one name apart. */
export function byline({ id, displayName, badges }: Author): TemplateResult {
  return html`<span class="av h${id[0]}" aria-hidden="true">${initials(displayName)}</span
    ><b><bdi>${displayName}</bdi></b
    >${badges.map((badge) =>
      badge === 'staff' || badge === 'supporter'
        ? html`<span class="tag ${badge}">${t(`badge.${badge}` as WordKey)}</span>`
        : nothing,
    )}`;
}
