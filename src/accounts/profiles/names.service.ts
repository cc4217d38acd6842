import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Config } from '../../config/config.js';
import { row, type Tx } from '../../database/rows.js';
import { DomainError } from '../../errors/domain-error.js';
import { isReservedName, nameSkeleton } from './display-name.js';

/** Keeps readers from taking a name that could be mistaken for the newsroom's. */
@Injectable()
export class NamesService {
  constructor(private readonly config: Config) {}

  /**
   * @param ownId the account that asks for the name; its present name is no obstacle
   * @throws DomainError name.taken when the name is reserved or looks like the name of a member of staff
   */
  async refuseStaffNames(db: DataSource | Tx, displayName: string, ownId?: string): Promise<void> {
    const taken =
      isReservedName(displayName, this.config.siteName) ||
      (await row(db.sql`
        select 1 from accounts where name_skeleton = ${nameSkeleton(displayName)} and role <> 'reader'
          and id is distinct from ${ownId ?? null}::bigint`));
    if (taken)
      throw new DomainError('name.taken', 'unprocessable', {
        detail: 'This name could be mistaken for a member of the newsroom. Choose another name.',
        errors: [{ path: 'displayName', message: 'could be mistaken for a member of the newsroom' }],
      });
  }
}
