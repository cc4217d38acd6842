import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Viewer } from '../accounts/viewer.js';
import { Clock } from '../clock/clock.js';
import { isId } from '../database/keyset.js';
import { row } from '../database/rows.js';
import { notFound } from '../errors/domain-error.js';
import { Hints } from '../hints/hints.js';

export interface Reporter {
  viewer: Viewer | undefined;
  /** Hex of the browser's hash, or the address where there is none. */
  otherwise: string;
}

/** Reports from anyone. Reporting the same text again changes nothing. */
@Injectable()
export class ReportsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly hints: Hints,
    private readonly clock: Clock,
  ) {}

  /** Once per reader and revision. @throws DomainError comment.not_found */
  async report(
    { viewer, otherwise }: Reporter,
    commentId: string,
    reason: string,
    note: string | null | undefined,
  ): Promise<void> {
    const who = viewer ? `account:${viewer.accountId}` : `other:${otherwise}`;
    const found =
      isId(commentId) &&
      (await row<{ isNew: boolean }>(
        this.dataSource,
        `with target as (select id, revision from comments where id = $1 and state = 'published'),
         made as (
           insert into reports (comment_id, revision, account_id, reporter_hash, reason, note, created_at)
           select id, revision, $2, $3, $4, $5, $6 from target
           on conflict on constraint reports_once do nothing returning id)
         select exists (select from made) as "isNew" from target`,
        [
          commentId,
          viewer?.accountId ?? null,
          createHash('sha256').update(who).digest(),
          reason,
          note || null,
          this.clock.now(),
        ],
      ));
    if (!found) throw notFound('comment');
    if (found.isNew) this.hints.tell('staff', 'queue');
  }
}
