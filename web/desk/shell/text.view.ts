import { html, nothing } from 'lit';
import { serverNow } from '../../shared/server-clock.js';
import { fullTime, relativeTime } from '../../shared/strings/translate.js';
import { t } from './strings.js';

/** A short time, with the full date as its tooltip. */
export const when = (iso: string) =>
  html`<time datetime=${iso} title=${fullTime(iso)}>${relativeTime(iso, serverNow())}</time>`;

/** Shows what people write as plain text, in its own direction. */
export const userText = (text: string) => html`<div class="user-text" dir="auto">${text}</div>`;

export const nameOf = (person: { displayName: string } | null | undefined): string =>
  person?.displayName ?? t('person.deleted');

export const badges = (list: readonly string[] | undefined) =>
  list?.length
    ? list.map(
        (it) =>
          html`<span class="tag ${it}"
            >${it === 'staff' ? t('badge.staff') : it === 'supporter' ? t('badge.supporter') : it}</span
          >`,
      )
    : nothing;

/** Joins all lines into one, for excerpts and for what is read aloud. */
export const oneLine = (text: string | null | undefined): string => (text ?? '').replace(/\s+/g, ' ').trim();
