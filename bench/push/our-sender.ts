import type { DataSource } from 'typeorm';
import { Clock } from '../../src/clock/clock.js';
import { Config } from '../../src/config/config.js';
import { readEnvironment } from '../../src/config/env.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { PushKeys } from '../../src/notifications/push/push-keys.service.js';
import { PushNetwork } from '../../src/notifications/push/push-network.js';
import { PushOrigins } from '../../src/notifications/push/push-origins.js';
import { PushSender } from '../../src/notifications/push/push-sender.js';
import { serve } from '../support/sending.js';

/** The product's whole sender; only the key comes from here instead of the database. */
serve(({ browsers, payload, publicKey, privateKey, origin }) => {
  const clock = new Clock();
  const config = new Config(
    readEnvironment({ PUSH_STAND_IN_URL: origin, VAPID_SUBJECT: 'mailto:desk@news.example' }),
    'postgres://none',
  );
  const keys = { findOneBy: () => Promise.resolve({ id: '1', publicKey, privateKey }) };
  const database = { getRepository: () => keys } as unknown as DataSource;
  const origins = new PushOrigins(config, clock, new PushNetwork());
  const sender = new PushSender(config, clock, new PushKeys(database, clock), origins, new Metrics(config));
  const createdAt = new Date(0);
  const message = { payload, ttl: 3_600, urgency: 'high', topic: 'a-story' } as const;
  return async (n) => {
    const target = { ...browsers[n % browsers.length]!, id: String(n), keyId: '1', createdAt };
    const outcome = await sender.send(target, message);
    if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome));
  };
});
