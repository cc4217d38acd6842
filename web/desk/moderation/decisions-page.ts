import { ModerationPage } from './moderation-page.js';
import { DECISIONS } from './moderation.js';
import { decisionList } from './views/log.view.js';
import { t } from './words.js';

/** The append-only log of decisions, from which a removed comment can be restored. */
export class DecisionsPage extends ModerationPage {
  readonly name = DECISIONS;
  readonly label = t('nav.decisions');
  /** The queue changes with every decision, so the log is read when the queue is. */
  readonly events = { queue: () => this.refresh() };

  async refresh(): Promise<void> {
    if (this.moderation.isLogInView) await this.moderation.log.refresh();
  }

  override enter(commentId: string | null): void {
    const { log } = this.moderation;
    if (!log.readAt) void log.refresh();
    super.enter(commentId);
  }

  protected override list() {
    const { log, open, actions } = this.moderation;
    return decisionList({
      log,
      openId: open.commentId,
      restoring: actions.restoring,
      onRestore: (decision) => void actions.restoreLogged(decision),
    });
  }
}
