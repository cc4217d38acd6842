import { Injectable } from '@nestjs/common';
import { AccountsService } from '../accounts/accounts.service.js';
import { row, type Tx } from '../database/rows.js';

const ACCOUNT_LOCK = 7011;

/** The supporter's badge: for as long as one gift that its giver shows is paid, and neither refunded nor lost. */
@Injectable()
export class BadgeService {
  constructor(private readonly accounts: AccountsService) {}

  /** Brings the badge in line with the account's gifts. @returns whether it changed: tell `account:..` after the commit */
  async settle(tx: Tx, accountId: string): Promise<boolean> {
    // Two gifts of one account take turns: each must see what the other left.
    await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [ACCOUNT_LOCK, accountId]);
    const found = await row(
      tx,
      `select 1 from donations where account_id = $1 and visibility = 'public' and state = 'paid' limit 1`,
      [accountId],
    );
    return this.accounts.setSupporter(tx, accountId, found !== undefined);
  }
}
