import type { ApiProblem } from '../../shared/problem.js';
import type { Verdict } from './contract.js';
import type { DecisionOutcome } from './decision-sender.js';
import type { KeptDecision } from './unsaved-decisions.js';
import type { NoticeAction, Notices } from '../shell/notices.js';
import { keptOffer, outcomeWords } from './outcome-words.js';
import { t } from '../shell/strings.js';
import { nameOf } from '../shell/text.view.js';

interface DecisionCallbacks {
  openId: () => string | null;
  look: (commentId: string) => void;
  again: (commentId: string, verdict: Verdict) => void;
  resume: (kept: KeptDecision) => void;
  discard: (kept: KeptDecision) => void;
}

const worthRetrying = (problem: ApiProblem): boolean =>
  problem.offline || problem.status === 429 || problem.status >= 500;

/** Tells the moderator how a decision ended, and offers what can be done about one that did not get through. */
export class Teller {
  constructor(
    private readonly notices: Notices,
    private readonly ways: DecisionCallbacks,
  ) {}

  /** What went well is replaced by the next word; what did not stays until it is dealt with. */
  tell(outcome: DecisionOutcome, verdict: Verdict, commentId: string, name: string): void {
    const text = outcomeWords(outcome, verdict, name);
    if (outcome.kind === 'done') return this.notices.show({ id: 'outcome', tone: 'good', text, actions: [] });
    const actions = [...this.#look(commentId), ...this.#again(outcome, verdict, commentId)];
    if (outcome.kind === 'already' || outcome.kind === 'gone')
      return this.notices.show({ id: 'outcome', tone: 'plain', text, actions });
    this.notices.show({ id: `case ${commentId}`, tone: 'warn', text, actions });
  }

  remark(text: string): void {
    this.notices.show({ id: 'outcome', tone: 'plain', text, actions: [] });
  }

  /** A decision that the end of a session left unsaved: only the moderator may send it now. */
  offer(kept: KeptDecision): void {
    const id = `kept ${kept.commentId}`;
    const then = (run: (it: KeptDecision) => void) => () => {
      this.notices.close(id);
      run(kept);
    };
    this.notices.show({
      id,
      tone: 'warn',
      text: keptOffer(kept, kept.writer ?? nameOf(null)),
      actions: [
        { label: t('kept.send'), run: then(this.ways.resume) },
        { label: t('kept.discard'), run: then(this.ways.discard) },
      ],
    });
  }

  /** The case is dealt with: its warning goes. */
  withdraw(commentId: string): void {
    this.notices.close(`case ${commentId}`);
    this.notices.close(`kept ${commentId}`);
  }

  #look(commentId: string): NoticeAction[] {
    if (this.ways.openId() === commentId) return [];
    return [{ label: t('failed.look'), run: () => this.ways.look(commentId) }];
  }

  #again(outcome: DecisionOutcome, verdict: Verdict, commentId: string): NoticeAction[] {
    if (outcome.kind !== 'failed' || !worthRetrying(outcome.problem)) return [];
    return [{ label: t('failed.retry'), run: () => this.ways.again(commentId, verdict) }];
  }
}
