import { type ApiProblem, isWorthRetrying } from '../../shared/problem.js';
import { serverNow } from '../../shared/server-clock.js';
import { problemText, relativeTime } from '../../shared/strings/translate.js';
import type { DeskNotice, ViewNotices } from '../shell/notices.js';
import { alertWords, t } from './words.js';
import type { Alert } from './contract.js';
import type { SendResult } from './send-with-undo.js';

const ID = 'alert';

/** The one notice about alerts: how the last action ended, and what can be done about it. */
export class AlertMessages {
  constructor(
    private readonly notices: ViewNotices,
    private readonly callbacks: { send: (alert: Alert) => void; putBack: () => void },
  ) {}

  clear(): void {
    this.notices.close(ID);
  }

  show(tone: DeskNotice['tone'], text: string, label = '', act?: () => void): void {
    const run = () => {
      this.clear();
      act?.();
    };
    this.notices.show({ id: ID, tone, text, actions: act ? [{ label, run }] : [] });
  }

  /** Answers an undo in the view in which it was pressed, which may be another page's. */
  showUndone(title: string): void {
    const { here: view } = this.notices;
    this.notices.show({ id: ID, tone: 'good', text: t('alert.undone', { title }), actions: [], ...(view && { view }) });
  }

  showFailure(text: 'alert.stopFailed' | 'alert.discardFailed', problem: ApiProblem, again: () => void): void {
    const retry = isWorthRetrying(problem) ? again : undefined;
    this.show('warn', t(text, { why: problemText(alertWords, problem) }), t('action.retry'), retry);
  }

  /** Shows how sending ended. A success needs no notice, because the report shows it. */
  showResult(result: SendResult): void {
    switch (result.kind) {
      case 'sent':
        return;
      case 'already':
        return this.show('plain', alreadyWords(result.alert));
      case 'unsure':
        return this.show('warn', t('alert.unsure'), t('action.retry'), () => this.callbacks.send(result.alert));
      case 'refused': {
        const { alert, problem } = result;
        const retry = isWorthRetrying(problem) ? () => this.callbacks.send(alert) : undefined;
        const text = t('alert.notSent', { why: problemText(alertWords, problem) });
        return this.show('warn', text, t('action.retry'), retry);
      }
    }
  }

  offerPutBack(): void {
    this.show('plain', t('alert.replaced'), t('alert.putBack'), () => this.callbacks.putBack());
  }
}

function alreadyWords(alert: Alert | undefined): string {
  if (!alert?.sentAt) return alert?.state === 'cancelled' ? t('alert.away') : t('alert.alreadyUnknown');
  return t('alert.already', { who: alert.author.displayName, age: relativeTime(alert.sentAt, serverNow()) });
}
