import type { ApiProblem } from '../../shared/problem.js';
import { problemText, relativeTime } from '../../shared/strings/translate.js';
import type { DeskNotice, Notices } from '../shell/notices.js';
import { deskWords, t } from '../shell/strings.js';
import type { Alert } from './contract.js';
import type { Sent } from './send-with-undo.js';

const ID = 'alert';

const worthRetrying = (problem: ApiProblem): boolean =>
  problem.offline || problem.status === 429 || problem.status >= 500;

/** Tells an editor how something ended, and offers what can be done about it: one line, the newest. */
export class AlertTeller {
  constructor(
    private readonly notices: Notices,
    private readonly ways: { send: (alert: Alert) => void; putBack: () => void },
  ) {}

  clear(): void {
    this.notices.close(ID);
  }

  say(tone: DeskNotice['tone'], text: string): void {
    this.#show(tone, text);
  }

  failed(text: 'alert.stopFailed' | 'alert.discardFailed', problem: ApiProblem, again: () => void): void {
    const retry = worthRetrying(problem) ? again : undefined;
    this.#show('warn', t(text, { why: problemText(deskWords, problem) }), t('failed.retry'), retry);
  }

  /** How a sending ended; one that is on its way is seen in the report itself. */
  ended(sent: Sent): void {
    switch (sent.kind) {
      case 'sent':
        return;
      case 'already':
        return this.#show('plain', alreadyWords(sent.alert));
      case 'unsure':
        return this.#show('warn', t('alert.unsure'), t('failed.retry'), () => this.ways.send(sent.alert));
      case 'refused': {
        const { alert, problem } = sent;
        const retry = worthRetrying(problem) ? () => this.ways.send(alert) : undefined;
        const text = t('alert.notSent', { why: problemText(deskWords, problem) });
        return this.#show('warn', text, t('failed.retry'), retry);
      }
    }
  }

  offerReplaced(): void {
    this.#show('plain', t('alert.replaced'), t('alert.putBack'), () => this.ways.putBack());
  }

  #show(tone: DeskNotice['tone'], text: string, label = '', act?: () => void): void {
    const run = () => {
      this.clear();
      act?.();
    };
    this.notices.show({ id: ID, tone, text, actions: act ? [{ label, run }] : [] });
  }
}

function alreadyWords(alert: Alert | undefined): string {
  if (!alert?.sentAt) return alert?.state === 'cancelled' ? t('alert.away') : t('alert.alreadyUnknown');
  const who = alert.author?.displayName ?? t('someone');
  return t('alert.already', { who, age: relativeTime(alert.sentAt) });
}
