import { Config } from '../../src/config/config.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { PushKeys } from '../../src/notifications/push/push-keys.service.js';
import type { PushNetwork } from '../../src/notifications/push/push-network.js';
import { PushOrigins } from '../../src/notifications/push/push-origins.js';
import { PushSender } from '../../src/notifications/push/push-sender.js';
import type { PushMessage, PushTarget } from '../../src/notifications/push/push.types.js';
import type { TestApp } from '../support/app.js';
import { browserKeys, newEndpoint } from '../support/push.js';

/** A sender with the app's keys and settings that has sent nothing yet. */
export class FreshSender {
  readonly sender: PushSender;
  private readonly origins: PushOrigins;

  constructor(app: TestApp, network: PushNetwork) {
    const config = app.get(Config);
    this.origins = new PushOrigins(config, app.clock, network);
    this.sender = new PushSender(config, app.clock, app.get(PushKeys), this.origins, app.get(Metrics));
  }

  close(): Promise<void> {
    return this.origins.onModuleDestroy();
  }
}

export const pushMessage = (over: Partial<PushMessage> = {}): PushMessage => ({
  payload: '{"web_push":8030}',
  ttl: 3_600,
  urgency: 'normal',
  ...over,
});

const HOUR = 3_600_000;

/** A subscription of a browser, made an hour ago by default. */
export async function pushTarget(
  app: TestApp,
  over: Partial<PushTarget> & { host?: string } = {},
): Promise<PushTarget> {
  const { host, ...rest } = over;
  return {
    id: '1',
    endpoint: newEndpoint(host),
    ...browserKeys(),
    keyId: (await app.get(PushKeys).current()).id,
    createdAt: new Date(app.clock.now().getTime() - HOUR),
    ...rest,
  };
}
