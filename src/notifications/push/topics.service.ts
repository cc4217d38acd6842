import { Injectable } from '@nestjs/common';
import { DataSource, In, Not } from 'typeorm';
import type { Tx } from '../../database/rows.js';
import { DomainError } from '../../errors/domain-error.js';
import { Settings } from '../../settings/settings.service.js';
import { PushSubscriptionTopicEntity, TopicEntity } from './push.entity.js';
import { alertTopics, REPLIES } from './topics.settings.js';

export interface Topic {
  key: string;
  name: string;
  description: string;
  /** Whether it alerts only signed-in readers. */
  signedIn: boolean;
}

const repliesTopic: Topic = {
  key: REPLIES,
  name: 'Replies to you',
  description: 'When somebody answers a comment of yours, as long as you are signed in here.',
  signedIn: true,
};

/** The topics of alerts: those that the newsroom sets, and Rostra's own. */
@Injectable()
export class Topics {
  /** The topics as this process has stored them last. */
  private stored: unknown;

  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: Settings,
  ) {}

  list(): Topic[] {
    const set = this.settings.get(alertTopics).map(({ id, ...it }) => ({ key: id, ...it, signedIn: false }));
    return [...set, repliesTopic];
  }

  /** Whether editors may send alerts to a topic. If so, its row is there for them to refer to. */
  async takesAlerts(key: string): Promise<boolean> {
    await this.store();
    return this.settings.get(alertTopics).some((it) => it.id === key);
  }

  /**
   * Refuses topics that never were. One that was taken out is taken, because browsers renew what their readers chose.
   * @throws DomainError request.invalid, which names each unknown topic
   */
  async requireKnown(keys: string[]): Promise<void> {
    await this.store();
    const rows = await this.dataSource.getRepository(TopicEntity).find({ select: { key: true } });
    const known = new Set(rows.map((it) => it.key));
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

  /** Keeps a row of each topic, to which subscriptions and alerts refer. It stays when the topic is taken out. */
  private async store(): Promise<void> {
    const topics = this.settings.get(alertTopics);
    if (topics === this.stored) return;
    await this.dataSource.sql`
      insert into topics (key, name, description, position)
      select it->>'id', it->>'name', it->>'description', n from jsonb_array_elements(${JSON.stringify(topics)}::jsonb)
        with ordinality as given (it, n)
      on conflict (key) do update set name = excluded.name, description = excluded.description
      where (topics.name, topics.description) is distinct from (excluded.name, excluded.description)`;
    this.stored = topics;
  }
}
