import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditService } from '../../audit/audit.service.js';
import { Clock } from '../../clock/clock.js';
import { row, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { notFound } from '../../errors/domain-error.js';
import { EventBus } from '../../events/event-bus.js';
import { AccountEntity } from './account.entity.js';
import { AccountEvents } from './accounts.events.js';
import { nameSkeleton } from './look-alike.js';
import { isPublicId } from './public-id.js';
import { NamesService } from './names.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { Role, Viewer } from '../sessions/viewer.js';

/** An account as its own reader sees it (GET /me). */
export interface OwnProfile {
  id: string;
  email: string;
  displayName: string;
  role: Role;
  emailVerified: boolean;
  supporter: boolean;
  createdAt: string;
}

@Injectable()
export class AccountsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly audit: AuditService,
    private readonly accountEvents: AccountEvents,
    private readonly names: NamesService,
    private readonly sessions: SessionsService,
    private readonly events: EventBus,
    private readonly clock: Clock,
  ) {}

  async ownProfile(viewer: Viewer): Promise<OwnProfile> {
    const found = await this.dataSource.getRepository(AccountEntity).findOneBy({ id: viewer.accountId });
    if (!found) throw notFound('account');
    const { publicId: id, email, displayName, role, emailVerifiedAt, supporter, createdAt } = found;
    return {
      id,
      email,
      displayName,
      role,
      emailVerified: emailVerifiedAt !== null,
      supporter,
      createdAt: createdAt.toISOString(),
    };
  }

  /**
   * Changes the display name. A job carries it into every conversation that it appears in.
   * @throws DomainError name.taken
   */
  async rename(viewer: Viewer, displayName: string): Promise<OwnProfile> {
    await this.transactions.run(async (tx) => {
      await this.names.refuseStaffNames(tx, displayName, viewer.accountId);
      const changed = await row(tx.sql`
        update accounts set display_name = ${displayName}, name_skeleton = ${nameSkeleton(displayName)},
          changed_at = clock_timestamp()
        where id = ${viewer.accountId} and display_name <> ${displayName} returning id`);
      if (!changed) return;
      await this.accountEvents.publicProfileChanged(tx, viewer.accountId);
      this.events.publish(tx, 'session', `account:${viewer.accountId}`);
    });
    return this.ownProfile(viewer);
  }

  /**
   * Creates or finds an account without a mail, for the operator's commands and for seeding. An existing account keeps
   * its name and gets the role.
   * @returns the account's id
   */
  async ensure(email: string, displayName: string, role: Role): Promise<string> {
    return this.transactions.run(async (tx) => {
      const before = await row<{ role: Role }>(tx.sql`select role from accounts where email = ${email} for update`);
      const now = this.clock.now();
      const { id } = (await row<{ id: string }>(tx.sql`
        insert into accounts (email, display_name, name_skeleton, role, email_verified_at, created_at)
        values (${email}, ${displayName}, ${nameSkeleton(displayName)}, ${role}, ${now}, ${now})
        on conflict (email) do update set role = excluded.role, changed_at = clock_timestamp() returning id`))!;
      if ((before?.role ?? 'reader') === role) return id;
      if (role !== 'reader') await this.sessions.shorten(tx, id, role);
      await this.audit.record(tx, {
        actorId: null,
        action: 'account.set-role',
        subjectId: id,
        detail: { from: before?.role ?? null, to: role },
      });
      if (before) await this.accountEvents.publicProfileChanged(tx, id);
      return id;
    });
  }

  /**
   * Gives or takes the supporter's badge, which only a confirmed account can have. A job carries it into every
   * conversation.
   * @returns whether it changed
   */
  async setSupporter(tx: Tx, accountId: string, supporter: boolean): Promise<boolean> {
    const changed = await row(tx.sql`
      update accounts set supporter = ${supporter}, changed_at = clock_timestamp()
      where id = ${accountId} and supporter <> ${supporter}
        and (not ${supporter}::boolean or email_verified_at is not null)
      returning id`);
    if (!changed) return false;
    await this.accountEvents.publicProfileChanged(tx, accountId);
    this.events.publish(tx, 'session', `account:${accountId}`);
    return true;
  }

  /** Returns the key of the row of an account with a public id. @throws DomainError reader.not_found */
  async keyOf(publicId: string): Promise<string> {
    const found = isPublicId(publicId)
      ? await row<{ id: string }>(this.dataSource.sql`select id from accounts where public_id = ${publicId}`)
      : undefined;
    if (!found) throw notFound('reader');
    return found.id;
  }
}
