import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { rows, type Tx } from '../database/rows.js';
import { Transactions } from '../database/transaction.js';
import { Settings } from '../settings/settings.service.js';
import { Sites } from '../settings/sites.service.js';
import { isNearlyEqual, type Signature, signatureOf } from './near-duplicates.js';
import { RecentTextEntity } from './recent-text.entity.js';
import { copyHours, ownCopies } from './screening.settings.js';
import { refuse, refusedText } from './screening-verdict.js';

const CHECK_LOCK = 7008;
const CANDIDATES = 200;

interface WrittenText {
  accountId: string;
  article: { id: string; url: string };
  body: string;
}

/** What a site refuses. */
interface CopyRules {
  hours: number;
  articles: number;
}

/**
 * Refuses a text that was posted nearly the same within the hours that the site sets: by another account, or by the
 * same account under more articles than it may. A text is remembered before it is posted, so that of two that come at
 * the same moment one is refused. The same account may send it again under the same article, as after a lost answer.
 */
@Injectable()
export class NearDuplicates {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly sites: Sites,
  ) {}

  /** @throws DomainError comment.similar */
  async refuse({ accountId, article, body }: WrittenText): Promise<void> {
    const site = this.sites.ofUrl(article.url);
    const rules = { hours: this.settings.get(copyHours, site), articles: this.settings.get(ownCopies, site) };
    const signature = rules.hours > 0 ? signatureOf(body) : undefined;
    if (!signature) return;
    const isCopy = await this.transactions.run(async (tx) => {
      // The check and the insert are one step for all processes. The row is worth no wait for the disk.
      await tx.sql`
        select set_config('synchronous_commit', 'off', true), pg_advisory_xact_lock(${CHECK_LOCK}::integer, 0)`;
      if (await this.isCopy(tx, { accountId, article }, signature, rules)) return true;
      await tx.getRepository(RecentTextEntity).insert({
        accountId,
        articleId: article.id,
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

  private async isCopy(
    tx: Tx,
    { accountId, article }: Omit<WrittenText, 'body'>,
    { values, bands }: Signature,
    rules: CopyRules,
  ): Promise<boolean> {
    const since = new Date(this.clock.now().getTime() - rules.hours * 3_600_000);
    const found = await rows<{ accountId: string; articleId: string; signature: number[] }>(tx.sql`
      select account_id as "accountId", article_id as "articleId", signature from recent_texts
      where bands && ${bands}::integer[] and created_at > ${since} order by id desc limit ${CANDIDATES}`);
    const equal = found.filter((it) => isNearlyEqual(it.signature, values));
    if (equal.some((it) => it.accountId !== accountId)) return true;
    return new Set(equal.map((it) => it.articleId).filter((it) => it !== article.id)).size >= rules.articles;
  }
}
