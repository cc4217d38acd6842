import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { rows, type Tx } from '../../database/rows.js';
import { DomainError } from '../../errors/domain-error.js';
import { Sites } from '../../settings/sites.service.js';
import { imitates, isReservedName } from './look-alike.js';

/** Keeps readers from taking a name that could be mistaken for the newsroom's. */
@Injectable()
export class NamesService {
  constructor(private readonly sites: Sites) {}

  /**
   * @param ownId the account that asks for the name; its present name is no obstacle
   * @throws DomainError name.taken when the name has a reserved word, or the words of a member of staff
   */
  async refuseStaffNames(db: DataSource | Tx, displayName: string, ownId?: string): Promise<void> {
    const staff = await rows<{ displayName: string }>(db.sql`
      select display_name as "displayName" from accounts
      where role <> 'reader' and id is distinct from ${ownId ?? null}::bigint`);
    const taken =
      this.sites.names().some((it) => isReservedName(displayName, it)) ||
      staff.some((it) => imitates(displayName, it.displayName));
    if (taken)
      throw new DomainError('name.taken', 'unprocessable', {
        detail: 'This name could be mistaken for a member of the newsroom. Choose another name.',
        errors: [{ path: 'displayName', message: 'could be mistaken for a member of the newsroom' }],
      });
  }
}
