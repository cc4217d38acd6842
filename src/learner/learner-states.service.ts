import { Injectable, Logger } from '@nestjs/common';
import { row, rows, type Tx } from '../database/rows.js';
import { Settings } from '../settings/settings.service.js';
import { atMost, type Metrics, powerOf } from './evaluation.js';
import { FINGERPRINT } from './features.js';
import { learnerPrecision } from './learner.settings.js';
import { removesSql } from './training-data.queries.js';

/** Versions that are kept, with what they judged. */
const KEPT = 10;

/** How a version judged comments, compared with the decisions that came after. */
export interface Agreement {
  flaggedRemoved: number;
  flaggedKept: number;
  passedRemoved: number;
  passedKept: number;
}

interface Candidate {
  id: string;
  state: 'shadow' | 'active';
  usable: boolean;
  metrics: Metrics;
}

// The last decision on each comment counts, if it came after the score and was about the same text. What was held became
// public by its decision only, so the decision on it counts by itself.
const AGREEMENT = `
  select count(*) filter (where flagged and removed)::integer as "flaggedRemoved",
    count(*) filter (where flagged and not removed)::integer as "flaggedKept",
    count(*) filter (where not flagged and removed)::integer as "passedRemoved",
    count(*) filter (where not flagged and not removed)::integer as "passedKept"
  from (
    select s.score >= $2 as flagged, ${removesSql('d')} as removed
    from learner_scores s
    cross join lateral (
      select * from decisions where comment_id = s.comment_id order by id desc limit 1) d
    where s.version_id = $1 and d.revision = s.revision and d.created_at >= s.created_at
    union all
    select true, ${removesSql('d')}
    from learner_versions v
    join held_comments h on h.rule = 'held.learned' and h.created_at >= v.created_at
    join decisions d on d.held_id = h.id
    where v.id = $1 and v.state = 'active') judged`;

/** Decides which version has power. */
@Injectable()
export class LearnerStates {
  private readonly log = new Logger('Learner');

  constructor(private readonly settings: Settings) {}

  /** Compares a version with later decisions. @param threshold the score from which it flags a comment */
  async agreement(db: Pick<Tx, 'query'>, versionId: string, threshold: number): Promise<Agreement> {
    return (await row<Agreement>(db, AGREEMENT, [versionId, threshold]))!;
  }

  /**
   * Gives power to the newest version whose precision is proved, and takes it from one that later decisions contradict,
   * or whose precision is no longer enough.
   */
  async review(tx: Tx): Promise<void> {
    const candidates = await rows<Candidate>(
      tx,
      `select id, state, metrics, fingerprint = $1 and sha256(weights) = checksum as usable
       from learner_versions where state <> 'retired' order by id desc for update`,
      [FINGERPRINT],
    );
    let best: string | undefined;
    for (const it of candidates) if (!best && (await this.isProved(tx, it))) best = it.id;
    for (const { id, state } of candidates) {
      const next = id === best ? 'active' : state === 'active' ? 'retired' : state;
      if (next === state) continue;
      // A version that lost its power is retired before another one gets it, because at most one is active.
      await tx.sql`update learner_versions set state = 'retired' where state = 'active'`;
      await tx.sql`update learner_versions set state = ${next} where id = ${id}::bigint`;
      tx.afterCommit(() => this.log.log(`Version ${id} of the learned model is ${next} now.`));
    }
    await tx.sql`
      delete from learner_versions where state = 'retired'
        and id <= (select id from learner_versions order by id desc offset ${KEPT} limit 1)`;
  }

  async retireShadows(tx: Tx): Promise<void> {
    await tx.sql`update learner_versions set state = 'retired' where state = 'shadow'`;
  }

  private async isProved(tx: Tx, { id, usable, metrics }: Candidate): Promise<boolean> {
    if (!usable) return false;
    const wanted = this.settings.get(learnerPrecision) / 100;
    const power = powerOf(metrics, wanted);
    if (!power) return false;
    const { flaggedRemoved, flaggedKept } = await this.agreement(tx, id, power.threshold);
    return atMost(flaggedRemoved, flaggedRemoved + flaggedKept) >= wanted;
  }
}
