import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { rows, type Tx } from '../../database/rows.js';
import { DomainError } from '../../errors/domain-error.js';

export interface Topic {
  key: string;
  name: string;
  description: string;
  /** It alerts only while its reader is signed in. */
  signedIn: boolean;
}

/** What a browser can be alerted about. */
@Injectable()
export class Topics {
  constructor(private readonly dataSource: DataSource) {}

  list(): Promise<Topic[]> {
    return rows(
      this.dataSource,
      'select key, name, description, signed_in as "signedIn" from topics order by position, key',
    );
  }

  /** @throws DomainError request.invalid naming each topic that there is not */
  async requireKnown(keys: string[]): Promise<void> {
    const known = new Set((await this.list()).map((it) => it.key));
    const errors = keys.flatMap((key, index) =>
      known.has(key) ? [] : [{ path: `topics.${index}`, message: 'There is no such topic.' }],
    );
    if (errors.length)
      throw new DomainError('request.invalid', 'invalid', { detail: 'There is no such topic.', errors });
  }

  /** Makes these the topics of a subscription. */
  async replace(tx: Tx, subscriptionId: string, keys: string[]): Promise<void> {
    await tx.query('delete from push_subscription_topics where subscription_id = $1 and topic_key <> all ($2)', [
      subscriptionId,
      keys,
    ]);
    await tx.query(
      `insert into push_subscription_topics (topic_key, subscription_id)
       select key, $1 from topics where key = any ($2) on conflict do nothing`,
      [subscriptionId, keys],
    );
  }
}
