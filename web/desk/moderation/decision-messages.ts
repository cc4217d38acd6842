import { isWorthRetrying } from '../../shared/problem.js';
import type { NoticeAction, ViewNotices } from '../shell/notices.js';
import type { DecisionInput } from './contract.js';
import type { DecisionOutcome } from './decision-sender.js';
import { outcomeWords, unsavedOffer } from './outcome-words.js';
import type { UnsavedDecision } from './unsaved-decisions.js';
import { t } from './words.js';

interface MessageCallbacks {
  openId: () => string | null;
  show: (commentId: string) => void;
  retry: (commentId: string, input: DecisionInput) => void;
  save: (unsaved: UnsavedDecision) => void;
  discard: (unsaved: UnsavedDecision) => void;
}

const OUTCOME = 'outcome';

/** The notices about decisions: how each ended, and what can be done about one that was not saved. */
export class DecisionMessages {
  constructor(
    private readonly notices: ViewNotices,
    private readonly callbacks: MessageCallbacks,
  ) {}

  /** A success is replaced by the next notice; a failure stays until the moderator deals with it. */
  show(outcome: DecisionOutcome, input: DecisionInput, commentId: string, name: string): void {
    const text = outcomeWords(outcome, input, name);
    if (outcome.kind === 'done') return this.notices.show({ id: OUTCOME, tone: 'good', text, actions: [] });
    const actions = [...this.#showAction(commentId), ...this.#retryAction(outcome, input, commentId)];
    if (outcome.kind === 'already' || outcome.kind === 'gone')
      return this.notices.show({ id: OUTCOME, tone: 'plain', text, actions });
    this.notices.show({ id: `case ${commentId}`, tone: 'warn', text, actions });
  }

  note(text: string): void {
    this.notices.show({ id: OUTCOME, tone: 'plain', text, actions: [] });
  }

  closeOutcome(): void {
    this.notices.close(OUTCOME);
  }

  /** Offers a decision that the end of a session left unsaved. Only its moderator may send it. */
  offer(unsaved: UnsavedDecision): void {
    const id = `unsaved ${unsaved.commentId}`;
    const closeAnd = (run: (it: UnsavedDecision) => void) => () => {
      this.notices.close(id);
      run(unsaved);
    };
    this.notices.show({
      id,
      tone: 'warn',
      text: unsavedOffer(unsaved),
      actions: [
        { label: t('unsaved.save'), run: closeAnd(this.callbacks.save) },
        { label: t('unsaved.discard'), run: closeAnd(this.callbacks.discard) },
      ],
    });
  }

  /** Closes the warnings about a case that has been decided meanwhile. */
  withdraw(commentId: string): void {
    this.notices.close(`case ${commentId}`);
    this.notices.close(`unsaved ${commentId}`);
  }

  #showAction(commentId: string): NoticeAction[] {
    if (this.callbacks.openId() === commentId) return [];
    return [{ label: t('failed.show'), run: () => this.callbacks.show(commentId) }];
  }

  #retryAction(outcome: DecisionOutcome, input: DecisionInput, commentId: string): NoticeAction[] {
    if (outcome.kind !== 'failed' || !isWorthRetrying(outcome.problem)) return [];
    return [{ label: t('action.retry'), run: () => this.callbacks.retry(commentId, input) }];
  }
}
