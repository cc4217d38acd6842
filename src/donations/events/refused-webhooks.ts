import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { refusedWebhooks } from '../../http/webhook.js';
import { describeError } from '../../errors/outside-error.js';

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;

/**
 * Logs refused webhooks, because only Stripe's Dashboard shows them otherwise. There is at most one line in a quarter of
 * an hour, however many they are; the first comes within a minute.
 */
@Injectable()
export class RefusedWebhooks implements OnApplicationShutdown {
  private readonly log = new Logger('Webhook');
  private readonly stop: () => Promise<void>;
  private last = 0;

  constructor(private readonly clock: Clock) {
    const failed = (error: unknown): void => this.log.error(describeError(error));
    this.stop = clock.every(MINUTE_MS, () => Promise.resolve(this.report()), failed);
  }

  /** Writes the line when it is due. */
  report(): void {
    const now = this.clock.now().getTime();
    if (!refusedWebhooks.size || now - this.last < QUARTER_MS) return;
    const all = [...refusedWebhooks].sort(([, a], [, b]) => b - a);
    const sum = all.reduce((n, [, count]) => n + count, 0);
    const reasons = all.map(([reason, count]) => `${count} ${reason}`).join('; ');
    this.log.warn(`${sum} ${sum === 1 ? 'webhook was' : 'webhooks were'} refused: ${reasons}.`);
    refusedWebhooks.clear();
    this.last = now;
  }

  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }
}
