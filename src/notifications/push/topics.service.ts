import { Injectable } from '@nestjs/common';
import { DataSource, In, Not } from 'typeorm';
import type { Tx } from '../../database/rows.js';
import { DomainError } from '../../errors/domain-error.js';
import { PushSubscriptionTopicEntity, TopicEntity } from './push.entity.js';

export interface Topic {
  key: string;
  name: string;
  description: string;
  /** Whether it alerts only signed-in readers. */
  signedIn: boolean;
}

/** The topics of alerts. */
@Injectable()
export class Topics {
  constructor(private readonly dataSource: DataSource) {}

  list(): Promise<Topic[]> {
    return this.dataSource.getRepository(TopicEntity).find({
      select: { key: true, name: true, description: true, signedIn: true },
      order: { position: 'asc', key: 'asc' },
    });
  }

  /** @throws DomainError request.invalid, which names each unknown topic */
  async requireKnown(keys: string[]): Promise<void> {
    const known = new Set((await this.list()).map((it) => it.key));
    const errors = keys.flatMap((key, index) =>
      known.has(key) ? [] : [{ path: `topics.${index}`, message: 'This topic does not exist.' }],
    );
    if (errors.length)
      throw new DomainError('request.invalid', 'invalid', { detail: 'This topic does not exist.', errors });
  }

  /** Replaces the topics of a subscription. */
  async replace(tx: Tx, subscriptionId: string, keys: string[]): Promise<void> {
    await tx
      .getRepository(PushSubscriptionTopicEntity)
      .delete({ subscriptionId, ...(keys.length ? { topicKey: Not(In(keys)) } : {}) });
    await tx.sql`
      insert into push_subscription_topics (topic_key, subscription_id)
      select key, ${subscriptionId}::bigint from topics where key = any (${keys}) on conflict do nothing`;
  }
}
