import type { Account } from '../../shared/contract.js';
import { browserNumberFormat } from '../../shared/strings/formats.js';
import { ModerationPage } from './moderation-page.js';
import { REPORTED } from './moderation.js';
import { reasons } from './reasons.js';
import { caseList } from './views/list.view.js';
import { t } from './words.js';

/** The next page of the queue is read when so many loaded cases or fewer are left. */
const AHEAD = 10;

/** The comments that readers have reported and nobody has decided. */
export class ReportedPage extends ModerationPage {
  readonly name = REPORTED;
  readonly label = t('nav.reported');
  readonly events = { queue: () => this.refresh(), settings: () => reasons.refresh() };

  get count(): string | undefined {
    const { queue } = this.moderation;
    return queue.readAt ? browserNumberFormat().format(queue.total) : undefined;
  }

  get waiting(): number {
    return this.moderation.queue.total;
  }

  get readAt(): number | undefined {
    return this.moderation.queue.readAt;
  }

  get isOffline(): boolean {
    return this.moderation.queue.problem?.offline ?? false;
  }

  get unsaved(): string[] {
    return this.moderation.unsaved;
  }

  begin(account: Account): void {
    this.moderation.begin(account);
  }

  end(): void {
    this.moderation.end();
  }

  refresh(): Promise<void> {
    if (!reasons.isRead) void reasons.refresh();
    return this.moderation.queue.refresh();
  }

  override enter(commentId: string | null): void {
    if (commentId || !this.moderation.openFirst()) super.enter(commentId);
  }

  override step(by: 1 | -1): void {
    const { moderation } = this;
    const at = moderation.step(by);
    if (at + AHEAD > moderation.ids.length) void moderation.queue.more();
  }

  protected override list() {
    const { queue, open, actions, statistics } = this.moderation;
    return caseList({
      queue,
      openId: open.commentId,
      notSaved: actions.notSaved,
      numbers: statistics.numbers,
      onMore: () => void queue.more(),
      onRetry: () => void queue.refresh(),
    });
  }
}
