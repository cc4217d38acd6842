import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { row, rows } from '../../database/rows.js';
import { DomainError } from '../../errors/domain-error.js';
import { EventBus } from '../../events/event-bus.js';
import { AccountsService } from '../profiles/accounts.service.js';
import type { Viewer } from '../sessions/viewer.js';

const MOST = 1_000;

/** With the change the follower's account is marked as changed, so every node finds it at its next poll. */
const changing = (statement: string): string => `with changed as (${statement} returning follower_id)
  update accounts set changed_at = clock_timestamp() where id in (select follower_id from changed)`;

@Injectable()
export class FollowsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: AccountsService,
    private readonly events: EventBus,
  ) {}

  /** Idempotent. @throws DomainError reader.not_found, follow.self, follow.too_many */
  async follow(viewer: Viewer, accountId: string): Promise<void> {
    await this.accounts.exists(this.dataSource, accountId);
    if (accountId === viewer.accountId)
      throw new DomainError('follow.self', 'conflict', { detail: 'You cannot follow yourself.' });
    const { count } = (await row<{ count: number }>(
      this.dataSource,
      'select count(*)::int as count from follows where follower_id = $1',
      [viewer.accountId],
    ))!;
    if (count >= MOST)
      throw new DomainError('follow.too_many', 'conflict', {
        detail: `You follow ${MOST} readers, which is the most.`,
      });
    await this.dataSource.query(
      changing('insert into follows (follower_id, followee_id) values ($1, $2) on conflict do nothing'),
      [viewer.accountId, accountId],
    );
    this.events.publish(`account:${viewer.accountId}`, 'follows');
  }

  /** Idempotent. @throws DomainError reader.not_found */
  async unfollow(viewer: Viewer, accountId: string): Promise<void> {
    await this.accounts.exists(this.dataSource, accountId);
    await this.dataSource.query(changing('delete from follows where follower_id = $1 and followee_id = $2'), [
      viewer.accountId,
      accountId,
    ]);
    this.events.publish(`account:${viewer.accountId}`, 'follows');
  }

  /** Whom an account follows: the authors whose hints its sockets hear. */
  async followedBy(accountId: string): Promise<string[]> {
    const found = await rows<{ id: string }>(
      this.dataSource,
      'select followee_id as id from follows where follower_id = $1 limit $2',
      [accountId, MOST],
    );
    return found.map((it) => it.id);
  }

  /** The same for many accounts at once. */
  async followedByEach(accountIds: string[]): Promise<Map<string, string[]>> {
    const found = await rows<{ id: string; authors: string[] }>(
      this.dataSource,
      `select follower_id as id, array_agg(followee_id::text) as authors from follows
       where follower_id = any($1::bigint[]) group by follower_id`,
      [accountIds],
    );
    return new Map(found.map(({ id, authors }) => [id, authors]));
  }
}
