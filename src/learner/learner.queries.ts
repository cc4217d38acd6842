import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { rows } from '../database/rows.js';
import { Settings } from '../settings/settings.service.js';
import { type Metrics, powerOf } from './evaluation.js';
import { FINGERPRINT } from './features.js';
import type { LearnerView } from './learner.schema.js';
import { learnerMode, learnerPrecision } from './learner.settings.js';
import { LearnerStates } from './learner-states.service.js';

interface VersionRow {
  id: string;
  state: 'shadow' | 'active' | 'retired';
  createdAt: Date;
  decided: number;
  standing: number;
  fingerprint: string;
  intact: boolean;
  metrics: Metrics;
}

type View = z.infer<typeof LearnerView>;

/** Reads what the desk shows of the versions. */
@Injectable()
export class LearnerQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: Settings,
    private readonly states: LearnerStates,
  ) {}

  async read(): Promise<View> {
    const found = await rows<VersionRow>(
      this.dataSource,
      `select id, state, created_at as "createdAt", decided, standing, fingerprint, metrics,
        sha256(weights) = checksum as intact
       from learner_versions order by id desc`,
    );
    const wantedPrecision = this.settings.get(learnerPrecision) / 100;
    const versions: View['versions'] = [];
    for (const it of found) versions.push(await this.view(it, wantedPrecision));
    return { mode: this.settings.get(learnerMode), wantedPrecision, versions };
  }

  private async view(version: VersionRow, wanted: number): Promise<View['versions'][number]> {
    const { id, state, createdAt, decided, standing, fingerprint, intact, metrics } = version;
    const power = powerOf(metrics, wanted) ?? null;
    return {
      id,
      state,
      createdAt: createdAt.toISOString(),
      trainedOn: { decided, standing },
      problem: fingerprint !== FINGERPRINT ? 'other_features' : intact ? null : 'damaged',
      judged: { count: metrics.judged, removed: metrics.removed },
      power,
      curve: metrics.curve.map(({ threshold, flagged, right }) => ({
        threshold,
        flagged,
        precision: right / flagged,
        recall: right / Math.max(1, metrics.removed),
      })),
      agreement: await this.states.agreement(this.dataSource, id, power?.threshold ?? 0.5),
    };
  }
}
