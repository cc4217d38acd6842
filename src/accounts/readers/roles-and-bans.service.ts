import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import { row, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { DomainError, notFound } from '../../errors/domain-error.js';
import { EventBus } from '../../events/event-bus.js';
import { AccountEvents } from '../profiles/accounts.events.js';
import { isPublicId } from '../profiles/public-id.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { atLeast, type Role, type Viewer } from '../sessions/viewer.js';

/** Changes the role of an account, bans it and lets it in again. Each change reaches open sockets at once. */
@Injectable()
export class RolesAndBansService {
  constructor(
    private readonly transactions: Transactions,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
    private readonly accountEvents: AccountEvents,
    private readonly events: EventBus,
  ) {}

  /**
   * Sets the role of an account.
   * @throws DomainError reader.not_found; role.own, because an admin who gives up the role by mistake could leave the
   *   site without one
   */
  async setRole(actor: Viewer, publicId: string, role: Role): Promise<void> {
    if (publicId === actor.publicId)
      throw new DomainError('role.own', 'conflict', {
        detail: 'You cannot change your own role. Ask another admin to do it.',
      });
    await this.transactions.run(async (tx) => {
      const { accountId, ...before } = await this.lock(tx, publicId);
      if (before.role === role) return;
      await tx.sql`update accounts set role = ${role}, changed_at = clock_timestamp() where id = ${accountId}`;
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

  /**
   * Signs an account out everywhere and keeps it out.
   * @throws DomainError reader.not_found; role.higher when the account's role is not lower than the actor's
   */
  async ban(actor: Viewer, publicId: string, reason: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const { accountId, ...target } = await this.lock(tx, publicId);
      this.refuseEquals(actor, target.role);
      if (target.banned) return;
      await tx.sql`
        update accounts set banned_at = clock_timestamp(), changed_at = clock_timestamp() where id = ${accountId}`;
      await this.audit.record(tx, {
        actorId: actor.accountId,
        action: 'account.ban',
        subjectId: accountId,
        detail: { reason },
      });
      await this.sessions.endOfAccount(tx, accountId);
      this.events.publish(tx, 'session', `account:${accountId}`);
    });
  }

  /**
   * Ends a ban. The reader has to sign in again.
   * @throws DomainError reader.not_found; role.higher when the account's role is not lower than the actor's
   */
  async unban(actor: Viewer, publicId: string, reason: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const { accountId, ...target } = await this.lock(tx, publicId);
      this.refuseEquals(actor, target.role);
      if (!target.banned) return;
      await tx.sql`update accounts set banned_at = null, changed_at = clock_timestamp() where id = ${accountId}`;
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
        detail:
          'Your role does not allow you to ban this account or to lift its ban. Ask a colleague with a higher role.',
      });
  }

  private async lock(tx: Tx, publicId: string): Promise<{ accountId: string; role: Role; banned: boolean }> {
    const found =
      isPublicId(publicId) &&
      (await row<{ accountId: string; role: Role; banned: boolean }>(tx.sql`
        select id as "accountId", role, banned_at is not null as banned from accounts
        where public_id = ${publicId} for update`));
    if (!found) throw notFound('reader');
    return found;
  }
}
