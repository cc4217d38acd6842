import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditService } from '../../audit/audit.service.js';
import { Clock } from '../../clock/clock.js';
import { isId } from '../../database/keyset.js';
import { row, type Tx } from '../../database/rows.js';
import { Transactions } from '../../database/transaction.js';
import { notFound } from '../../errors/domain-error.js';
import { EventBus } from '../../events/event-bus.js';
import { AccountEvents } from './accounts.events.js';
import { nameSkeleton } from './display-name.js';
import { NamesService } from './names.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { Role, Viewer } from '../sessions/viewer.js';

/** An account's own view of itself (GET /me). */
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
    const found = await row<Omit<OwnProfile, 'createdAt'> & { createdAt: Date }>(
      this.dataSource,
      `select id, email, display_name as "displayName", role, email_verified_at is not null as "emailVerified",
         supporter, created_at as "createdAt" from accounts where id = $1`,
      [viewer.accountId],
    );
    if (!found) throw notFound('account');
    return { ...found, createdAt: found.createdAt.toISOString() };
  }

  /** Changes the display name; every conversation it appears in follows by a job. */
  async rename(viewer: Viewer, displayName: string): Promise<OwnProfile> {
    await this.transactions.run(async (tx) => {
      await this.names.refuseStaffNames(tx, displayName, viewer.accountId);
      const changed = await row(
        tx,
        `update accounts set display_name = $2, name_skeleton = $3, changed_at = clock_timestamp()
         where id = $1 and display_name <> $2 returning id`,
        [viewer.accountId, displayName, nameSkeleton(displayName)],
      );
      if (!changed) return;
      await this.accountEvents.publicProfileChanged(tx, viewer.accountId);
      this.events.publish(tx, 'session', `account:${viewer.accountId}`);
    });
    return this.ownProfile(viewer);
  }

  /**
   * Makes or finds an account without a mail: for the operator (create-admin, seeding, import).
   * @returns its id; an existing account keeps its name and gets the role
   */
  async ensure(email: string, displayName: string, role: Role): Promise<string> {
    return this.transactions.run(async (tx) => {
      const before = await row<{ role: Role }>(tx, 'select role from accounts where email = $1 for update', [email]);
      const made = await row<{ id: string }>(
        tx,
        `insert into accounts (email, display_name, name_skeleton, role, email_verified_at, created_at)
         values ($1, $2, $3, $4, $5, $5)
         on conflict (email) do update set role = excluded.role, changed_at = clock_timestamp() returning id`,
        [email, displayName, nameSkeleton(displayName), role, this.clock.now()],
      );
      const earlier = before?.role ?? 'reader';
      if (earlier !== role) {
        if (role !== 'reader') await this.sessions.shorten(tx, made!.id, role);
        await this.audit.record(tx, {
          actorId: null,
          action: 'account.set-role',
          subjectId: made!.id,
          detail: { from: before?.role ?? null, to: role },
        });
        if (before) await this.accountEvents.publicProfileChanged(tx, made!.id);
      }
      return made!.id;
    });
  }

  /**
   * Gives or takes the supporter's badge; only a confirmed account wears one. Every conversation follows by a job.
   * @returns whether it changed
   */
  async setSupporter(tx: Tx, accountId: string, supporter: boolean): Promise<boolean> {
    const changed = await row(
      tx,
      `update accounts set supporter = $2, changed_at = clock_timestamp()
       where id = $1 and supporter <> $2 and (not $2 or email_verified_at is not null) returning id`,
      [accountId, supporter],
    );
    if (!changed) return false;
    await this.accountEvents.publicProfileChanged(tx, accountId);
    this.events.publish(tx, 'session', `account:${accountId}`);
    return true;
  }

  /** @throws DomainError reader.not_found, also for malformed ids */
  async exists(db: DataSource | Tx, accountId: string): Promise<void> {
    if (!isId(accountId) || !(await row(db, 'select 1 from accounts where id = $1', [accountId])))
      throw notFound('reader');
  }
}
