import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { rows, type Tx } from '../database/rows.js';
import { Transactions } from '../database/transaction.js';
import { isNearlyEqual, type Signature, signatureOf } from './near-duplicates.js';
import { RecentTextEntity } from './recent-text.entity.js';
import { refuse, refusedText } from './screening-verdict.js';

const WINDOW_HOURS = 24;
const CHECK_LOCK = 7008;
/** The author may say the same under this many articles. */
const OWN_COPIES = 2;
const CANDIDATES = 200;

interface WrittenText {
  accountId: string;
  articleId: string;
  body: string;
}

/**
 * Refuses a text that was posted nearly the same within the last day: by another account, or by the same account under
 * two other articles. A text is remembered before it is posted, so that of two that come at the same moment one is
 * refused. The same account may send it again under the same article, as after a lost answer.
 */
@Injectable()
export class NearDuplicates {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError comment.similar */
  async refuse({ accountId, articleId, body }: WrittenText): Promise<void> {
    const signature = signatureOf(body);
    if (!signature) return;
    const isCopy = await this.transactions.run(async (tx) => {
      // The check and the insert are one step for all processes. The row is worth no wait for the disk.
      await tx.sql`
        select set_config('synchronous_commit', 'off', true), pg_advisory_xact_lock(${CHECK_LOCK}::integer, 0)`;
      if (await this.isCopy(tx, accountId, articleId, signature)) return true;
      await tx.getRepository(RecentTextEntity).insert({
        accountId,
        articleId,
        signature: signature.values,
        bands: signature.bands,
        createdAt: this.clock.now(),
      });
      return false;
    });
    if (isCopy)
      throw refusedText(
        refuse({
          code: 'comment.similar',
          reason: 'Nearly the same text was posted a short time ago. Say it in your own words.',
        }),
      );
  }

  private async isCopy(tx: Tx, accountId: string, articleId: string, { values, bands }: Signature): Promise<boolean> {
    const since = new Date(this.clock.now().getTime() - WINDOW_HOURS * 3_600_000);
    const found = await rows<{ accountId: string; articleId: string; signature: number[] }>(tx.sql`
      select account_id as "accountId", article_id as "articleId", signature from recent_texts
      where bands && ${bands}::integer[] and created_at > ${since} order by id desc limit ${CANDIDATES}`);
    const equal = found.filter((it) => isNearlyEqual(it.signature, values));
    if (equal.some((it) => it.accountId !== accountId)) return true;
    return new Set(equal.map((it) => it.articleId).filter((it) => it !== articleId)).size >= OWN_COPIES;
  }
}
