import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import { isId } from '../../database/keyset.js';
import { row, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { DomainError, notFound } from '../../errors/domain-error.js';
import { EventBus } from '../../events/event-bus.js';
import { AccountEvents } from '../profiles/accounts.events.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { atLeast, type Role, type Viewer } from '../sessions/viewer.js';

/** An account's standing: its role, and whether it may take part at all. Both act at once on every open socket. */
@Injectable()
export class RolesAndBansService {
  constructor(
    private readonly transactions: Transactions,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
    private readonly accountEvents: AccountEvents,
    private readonly events: EventBus,
  ) {}

  /** @throws DomainError reader.not_found; role.own, since an admin who steps down by mistake locks everybody out */
  async setRole(actor: Viewer, accountId: string, role: Role): Promise<void> {
    if (accountId === actor.accountId)
      throw new DomainError('role.own', 'conflict', { detail: 'Ask another admin to change your own role.' });
    await this.transactions.run(async (tx) => {
      const before = await this.lock(tx, accountId);
      if (before.role === role) return;
      await tx.query('update accounts set role = $2, changed_at = clock_timestamp() where id = $1', [accountId, role]);
      if (role !== 'reader') await this.sessions.shorten(tx, accountId, role);
      await this.audit.record(tx, {
        actorId: actor.accountId,
        action: 'account.set-role',
        subjectId: accountId,
        detail: { from: before.role, to: role },
      });
      await this.accountEvents.publicProfileChanged(tx, accountId);
      this.events.publish(tx, 'session', `account:${accountId}`);
    });
  }

  /** Signs the account out everywhere and keeps it out. @throws DomainError role.higher for one's equals and betters */
  async ban(actor: Viewer, accountId: string, reason: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const target = await this.lock(tx, accountId);
      this.refuseEquals(actor, target.role);
      if (target.banned) return;
      await tx.query(
        'update accounts set banned_at = clock_timestamp(), changed_at = clock_timestamp() where id = $1',
        [accountId],
      );
      await this.audit.record(tx, {
        actorId: actor.accountId,
        action: 'account.ban',
        subjectId: accountId,
        detail: { reason },
      });
      await this.sessions.endWhere(tx, 'account_id = $1', accountId);
      this.events.publish(tx, 'session', `account:${accountId}`);
    });
  }

  /** @throws DomainError role.higher for one's equals and betters */
  async unban(actor: Viewer, accountId: string, reason: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const target = await this.lock(tx, accountId);
      this.refuseEquals(actor, target.role);
      if (!target.banned) return;
      await tx.query('update accounts set banned_at = null, changed_at = clock_timestamp() where id = $1', [accountId]);
      await this.audit.record(tx, {
        actorId: actor.accountId,
        action: 'account.unban',
        subjectId: accountId,
        detail: { reason },
      });
    });
  }

  private refuseEquals(actor: Viewer, role: Role): void {
    if (atLeast(role, actor.role))
      throw new DomainError('role.higher', 'forbidden', {
        detail: 'Only somebody of a higher role can ban this account, or let it in again.',
      });
  }

  private async lock(tx: Tx, accountId: string): Promise<{ role: Role; banned: boolean }> {
    const found =
      isId(accountId) &&
      (await row<{ role: Role; banned: boolean }>(
        tx,
        'select role, banned_at is not null as banned from accounts where id = $1 for update',
        [accountId],
      ));
    if (!found) throw notFound('reader');
    return found;
  }
}
