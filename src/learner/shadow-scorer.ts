import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { rows } from '../database/rows.js';
import { Learner, type LoadedVersion } from './learner.service.js';
import { Slices } from './slices.js';

const EVERY_MS = 5_000;
const PAGE = 500;
/** A comment appears at most this long after one with a higher id, because transactions end before. */
const LATEST_MS = 60_000;
/** After a start, older comments are left out. */
const MOST_BEHIND = 10_000n;

interface Unscored {
  id: string;
  revision: number;
  body: string;
}

/** How far a version has judged the comments: all up to `doneTo` are judged or never will be. */
interface Progress {
  doneTo: bigint;
  /** The newest id at a moment after which earlier ones may still appear. */
  ahead?: { id: bigint; at: number } | undefined;
}

const UNSCORED = `
  select c.id, c.revision, c.body from comments c
  where c.id > $1 and c.deleted_at is null
    and not exists (select from learner_scores s where s.version_id = $2 and s.comment_id = c.id)
  order by c.id limit ${PAGE}`;

/**
 * Judges new comments after they were posted, in the worker roles, so that posting does no work for it. Several workers
 * may judge the same comment, and one row stays.
 */
@Injectable()
export class ShadowScorer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Learner');
  private readonly progress = new Map<string, Progress>();
  private stop: (() => Promise<void>) | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly learner: Learner,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role === 'web') return;
    this.stop = this.clock.every(
      EVERY_MS,
      () => this.follow(),
      (error) => this.log.warn(`New comments could not be judged: ${(error as Error).message}`),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stop?.();
  }

  /** Judges the comments that came since the last call. */
  async follow(): Promise<void> {
    for (const version of this.learner.versions) await this.judge(version);
  }

  private async judge(version: LoadedVersion): Promise<void> {
    const [found] = await rows<{ newest: string }>(
      this.dataSource,
      'select coalesce(max(id), 0) as newest from comments',
    );
    const newest = BigInt(found!.newest);
    const progress = this.progress.get(version.id) ?? {
      doneTo: larger(BigInt(version.lastCommentId), newest - MOST_BEHIND),
    };
    this.progress.set(version.id, progress);
    if (newest <= progress.doneTo) return;
    for (let after = progress.doneTo; ;) {
      const page = await rows<Unscored>(this.dataSource, UNSCORED, [after, version.id]);
      await this.write(version, page);
      if (page.length < PAGE) break;
      after = BigInt(page.at(-1)!.id);
    }
    const now = this.clock.elapsed();
    if (progress.ahead && now - progress.ahead.at > LATEST_MS) {
      progress.doneTo = progress.ahead.id;
      progress.ahead = undefined;
    }
    progress.ahead ??= { id: newest, at: now };
  }

  private async write({ id, model }: LoadedVersion, comments: Unscored[]): Promise<void> {
    if (!comments.length) return;
    const slices = new Slices(undefined, 0);
    const scores: number[] = [];
    for (const { body } of comments) {
      scores.push(model.judge(body).score);
      await slices.rest();
    }
    await this.dataSource.query(
      `insert into learner_scores (version_id, comment_id, revision, score, created_at)
       select $1, it.*, $5 from unnest($2::bigint[], $3::integer[], $4::real[]) it
       where exists (select from learner_versions where id = $1)
       on conflict do nothing`,
      [id, comments.map((it) => it.id), comments.map((it) => it.revision), scores, this.clock.now()],
    );
  }
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
