import { html, nothing } from 'lit';
import { serverNow } from '../../../shared/server-clock.js';
import { fullTime } from '../../../shared/strings/translate.js';
import type { Case } from '../contract.js';
import { t } from '../words.js';
import { badges } from '../../shell/text.view.js';

const DAY = 86_400_000;

/** The time since the account was made, in its largest whole unit. */
function readerSince(joinedAt: string, now = serverNow()): string {
  const days = Math.floor((now - Date.parse(joinedAt)) / DAY);
  if (days < 1) return t('author.since.now');
  if (days < 60) return t('author.since.days', { n: days });
  if (days < 730) return t('author.since.months', { n: Math.floor(days / 30.44) });
  return t('author.since.years', { n: Math.floor(days / 365.25) });
}

/** The author of the comment, with the number of their comments and removals. */
export function authorView(item: Pick<Case, 'author'> | undefined) {
  if (!item) return nothing;
  const { author } = item;
  return html`<b class="name"><bdi>${author.displayName}</bdi></b>
    <div class="since">
      ${badges(author.badges)}
      <span title=${fullTime(author.joinedAt)}>${readerSince(author.joinedAt)}</span>
    </div>
    ${author.bannedAt ? html`<p class="banned">${t('author.banned', { time: fullTime(author.bannedAt) })}</p>` : nothing}
    <dl>
      <dt>${t('author.comments')}</dt>
      <dd>${author.commentCount}</dd>
      <dt>${t('author.removed')}</dt>
      <dd class=${author.removedCount ? 'some' : ''}>${author.removedCount}</dd>
    </dl>`;
}
