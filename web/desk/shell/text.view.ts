import { html, nothing } from 'lit';
import type { Comment } from '../../shared/contract.js';
import { fullTime, relativeTime } from '../../shared/strings/translate.js';
import { t, why } from './strings.js';

/** A moment, short, with the whole of it for whoever points at it. */
export const when = (iso: string) => html`<time datetime=${iso} title=${fullTime(iso)}>${relativeTime(iso)}</time>`;

/** What readers write is shown as text and nothing else; its direction is its own. */
export const prose = (text: string) => html`<div class="prose" dir="auto">${text}</div>`;

export const nameOf = (person: { displayName: string } | null | undefined): string =>
  person?.displayName ?? t('case.unknownWriter');

export const badges = (list: readonly string[] | undefined) =>
  list?.length
    ? list.map(
        (it) =>
          html`<span class="tag ${it}"
            >${it === 'staff' ? t('badge.staff') : it === 'supporter' ? t('badge.supporter') : it}</span
          >`,
      )
    : nothing;

/** What stands where a comment is gone: one line, with the reason. */
export function tombstone(comment: Comment): string | undefined {
  if (comment.state === 'removed')
    return t('case.gone.removed', { reason: why(comment.removal?.reason).toLowerCase() });
  if (comment.state === 'deleted') return t('case.gone.deleted');
  return undefined;
}

/** Runs of white space as one: for excerpts and what is read aloud. */
export const oneLine = (text: string | null | undefined): string => (text ?? '').replace(/\s+/g, ' ').trim();
