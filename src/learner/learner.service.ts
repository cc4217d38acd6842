import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { rows } from '../database/rows.js';
import { Settings } from '../settings/settings.service.js';
import { type Metrics, powerOf } from './evaluation.js';
import { FINGERPRINT } from './features.js';
import { learnerMode, learnerPrecision } from './learner.settings.js';
import { type Judgement, Model } from './model.js';

const READ_EVERY_MS = 2_000;

/** A version that judges comments in this process. */
export interface LoadedVersion {
  id: string;
  state: 'shadow' | 'active';
  lastCommentId: string;
  metrics: Metrics;
  model: Model;
}

type VersionRow = Omit<LoadedVersion, 'model'> & { fingerprint: string; weights: Buffer; checksum: Buffer };

/** Keeps the versions that are in use in memory. A new one is in use in every process within two seconds. */
@Injectable()
export class Learner implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Learner');
  private loaded: readonly LoadedVersion[] = [];
  private position = '';
  private stop: (() => Promise<void>) | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.read().catch(() => {}); // the next look makes up for it
    this.stop = this.clock.every(
      READ_EVERY_MS,
      () => this.read(),
      () => {}, // readiness says that the database is away
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stop?.();
  }

  /** The versions that judge new comments: the active one, and the one in the shadow. */
  get versions(): readonly LoadedVersion[] {
    return this.loaded;
  }

  /**
   * Judges a text by the version that has power, in less than a millisecond.
   * @returns its score from 0 to 1, whether that is certain at the wanted precision, and the words that speak for a
   *   removal; undefined while no version has power or the helper is switched off
   */
  score(text: string): (Judgement & { certain: boolean }) | undefined {
    if (this.settings.get(learnerMode) === 'off') return undefined;
    const active = this.loaded.find((it) => it.state === 'active');
    const power = active && powerOf(active.metrics, this.settings.get(learnerPrecision) / 100);
    if (!active || !power) return undefined;
    const judgement = active.model.judge(text);
    return { ...judgement, certain: judgement.score >= power.threshold };
  }

  /** Reads the versions anew when some were added or changed their state. */
  async read(): Promise<void> {
    if (this.settings.get(learnerMode) === 'off') {
      this.loaded = [];
      this.position = '';
      return;
    }
    const states = await rows<{ id: string; state: string }>(
      this.dataSource,
      `select id, state from learner_versions where state <> 'retired' order by id`,
    );
    const position = JSON.stringify(states);
    if (position === this.position) return;
    const found = await rows<VersionRow>(
      this.dataSource,
      `select id, state, last_comment_id as "lastCommentId", metrics, fingerprint, weights, checksum
       from learner_versions where state <> 'retired' order by id`,
    );
    this.loaded = found.flatMap((it) => this.restore(it));
    this.position = position;
  }

  private restore({ fingerprint, weights, checksum, ...version }: VersionRow): LoadedVersion[] {
    try {
      if (fingerprint !== FINGERPRINT) throw new Error('another version of Rostra has trained it');
      return [{ ...version, model: Model.restore({ weights, checksum }) }];
    } catch (error) {
      this.log.warn(`Version ${version.id} of the learned model is not used: ${(error as Error).message}.`);
      return [];
    }
  }
}
