import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { rows, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { DomainError } from '../../errors/domain-error.js';
import { EventBus } from '../../events/event-bus.js';
import { AccountsService } from '../profiles/accounts.service.js';
import type { Viewer } from '../sessions/viewer.js';
import { FollowEntity } from './readers.entity.js';

const MAX_FOLLOWED = 1_000;

/** The follower's account counts as changed, so that every node notices at its next poll. */
const TOUCH_FOLLOWER = `update accounts set changed_at = clock_timestamp()
  where id in (select follower_id from changed)`;

@Injectable()
export class FollowsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: AccountsService,
    private readonly transactions: Transactions,
    private readonly events: EventBus,
  ) {}

  /** Follows a reader; a repeat changes nothing. @throws DomainError reader.not_found, follow.self, follow.too_many */
  async follow(viewer: Viewer, publicId: string): Promise<void> {
    await this.followAccount(viewer, await this.accounts.keyOf(publicId));
  }

  /** @throws DomainError follow.self, follow.too_many */
  async followAccount(viewer: Pick<Viewer, 'accountId'>, accountId: string): Promise<void> {
    if (accountId === viewer.accountId)
      throw new DomainError('follow.self', 'conflict', { detail: 'You cannot follow yourself.' });
    const count = await this.dataSource.getRepository(FollowEntity).countBy({ followerId: viewer.accountId });
    if (count >= MAX_FOLLOWED)
      throw new DomainError('follow.too_many', 'conflict', {
        detail: `You already follow ${MAX_FOLLOWED} readers. Unfollow somebody first.`,
      });
    await this.change(
      viewer,
      (tx) => tx.sql`
        with changed as (
          insert into follows (follower_id, followee_id) values (${viewer.accountId}, ${accountId})
          on conflict do nothing returning follower_id)
        ${() => TOUCH_FOLLOWER}`,
    );
  }

  /** Stops following a reader; a repeat changes nothing. @throws DomainError reader.not_found */
  async unfollow(viewer: Viewer, publicId: string): Promise<void> {
    const accountId = await this.accounts.keyOf(publicId);
    await this.change(
      viewer,
      (tx) => tx.sql`
        with changed as (
          delete from follows where follower_id = ${viewer.accountId} and followee_id = ${accountId}
          returning follower_id)
        ${() => TOUCH_FOLLOWER}`,
    );
  }

  /** Returns the ids of the accounts that an account follows. */
  async followedBy(accountId: string): Promise<string[]> {
    const found = await this.dataSource
      .getRepository(FollowEntity)
      .find({ select: { followeeId: true }, where: { followerId: accountId }, take: MAX_FOLLOWED });
    return found.map((it) => it.followeeId);
  }

  /** Returns the ids that each of many accounts follows, by follower. Accounts that follow nobody are left out. */
  async followedByEach(accountIds: string[]): Promise<Map<string, string[]>> {
    const found = await rows<{ id: string; authors: string[] }>(this.dataSource.sql`
      select follower_id as id, array_agg(followee_id::text) as authors from follows
      where follower_id = any(${accountIds}::bigint[]) group by follower_id`);
    return new Map(found.map(({ id, authors }) => [id, authors]));
  }

  private change(viewer: Pick<Viewer, 'accountId'>, statement: (tx: Tx) => Promise<unknown>): Promise<void> {
    return this.transactions.run(async (tx) => {
      await statement(tx);
      this.events.publish(tx, 'follows', `account:${viewer.accountId}`);
    });
  }
}
