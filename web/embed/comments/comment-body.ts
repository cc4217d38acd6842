import { html, nothing, type TemplateResult } from 'lit';
import { directive, Directive } from 'lit/directive.js';
import type { Author } from '../../shared/contract.js';
import { linkify, paragraphs, type TextPart } from '../common/linkify.js';
import { t, type WordKey } from '../common/strings.js';

function make(tag: string, attributes: Record<string, string>, ...children: (Node | string)[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const linked = ({ text, href }: TextPart) =>
  href ? make('a', { href, target: '_blank', rel: 'nofollow ugc noopener noreferrer' }, make('bdi', {}, text)) : text;

// A text is folded by its drawn height, because no count of characters tells it. The observer reports after the layout,
// so reading the heights costs none of its own.
const heights = observeHeights();
function observeHeights(): ResizeObserver | undefined {
  try {
    return new ResizeObserver((seen) => {
      for (const { target } of seen) {
        const isCut = target.scrollHeight > target.clientHeight + 2;
        target.toggleAttribute('data-cut', isCut);
        if (isCut && !target.nextElementSibling?.matches('.show-all')) target.after(showAllButton());
      }
    });
  } catch {
    return undefined; // an old browser draws each text whole
  }
}

function showAllButton(): HTMLElement {
  const button = make('button', { class: 'quiet more show-all' }, t('comment.showAll'));
  button.addEventListener('click', () => {
    const text = button.previousElementSibling as HTMLElement;
    text.dataset['all'] = '';
    text.closest('article')?.focus();
  });
  return button;
}

/**
 * Draws a reader's plain text as text nodes and links only. Each paragraph takes the direction of its own script. It makes
 * the nodes itself, because Lit's markers would double those of a long conversation.
 */
export const commentBody = directive(
  class extends Directive {
    #element: HTMLElement | undefined;
    #text: string | undefined;

    render(text: string): HTMLElement {
      const element = this.#element ?? make('div', { class: 'text' });
      if (text !== this.#text) {
        const spans = paragraphs(text).map((it) => make('span', {}, ...linkify(it).map(linked)));
        element.replaceChildren(...spans.map((it) => make('p', { dir: 'auto' }, it)));
        if (heights && !this.#element) heights.observe(element);
        else if (!heights) element.dataset['all'] = '';
      }
      this.#text = text;
      return (this.#element = element);
    }
  },
);

/** Draws two letters that stand for a picture. The colour follows the id and tells two readers of one name apart. */
export function initials({ id, displayName }: Author): TemplateResult {
  const words = displayName.split(/[\s_-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  const text = letters.map((word) => Array.from(word ?? '')[0] ?? '').join('');
  return html`<span class="av h${id[0]}" aria-hidden="true">${text.toUpperCase()}</span>`;
}

export const badges = (author: Author): unknown =>
  author.badges.map((badge) =>
    badge === 'staff' || badge === 'supporter'
      ? html`<span class="tag ${badge}">${t(`badge.${badge}` as WordKey)}</span>`
      : nothing,
  );

const plainName = ({ displayName }: Author) => html`<b><bdi>${displayName}</bdi></b>`;

/** Draws the author's initials, name and badges. */
export function byline(author: Author, name: (name: TemplateResult) => TemplateResult = (it) => it): TemplateResult {
  return html`${initials(author)}${name(plainName(author))}${badges(author)}`;
}
