import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../clock/clock.js';
import { row } from '../database/rows.js';
import type { Job, JobRun } from '../jobs/job.js';
import { JobRegistry } from '../jobs/job-registry.js';
import { Settings } from '../settings/settings.service.js';
import { evaluate } from './evaluation.js';
import { Examples } from './examples.js';
import { FINGERPRINT } from './features.js';
import { LearnerVersionEntity } from './learner.entity.js';
import { learnerMode } from './learner.settings.js';
import { LearnerStates } from './learner-states.service.js';
import { Slices } from './slices.js';
import { train } from './train.js';
import { type DecidedText, TrainingData } from './training-data.queries.js';

const FEWEST = 200;
const FEWEST_OF_A_KIND = 50;
const FEWEST_NEW = 50;
const MOST_DECIDED = 20_000;
/** Comments that stand are at most so many for each decided one. */
const STANDING_FOR_DECIDED = 1;
/** A character makes some three features, so that the newest texts fit into `Examples`. */
const MOST_CHARACTERS = 5_000_000;
const SEED = 1;
const TRAIN_LOCK = 7012;

export const trainLearner: Job<Record<string, never>> = {
  name: 'train-learner',
  payload: z.strictObject({}),
  cron: '17 2 * * *',
  maxAttempts: 3,
};

/** Trains a model when there are enough new decisions, and decides which version has power. */
@Injectable()
export class TrainLearnerJob implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger('Learner');
  private stopping = false;

  constructor(
    private readonly jobs: JobRegistry,
    private readonly data: TrainingData,
    private readonly states: LearnerStates,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register(trainLearner, (_payload, run) => this.run(run));
  }

  onApplicationShutdown(): void {
    this.stopping = true;
  }

  async run(run: Pick<JobRun, 'effect'>): Promise<void> {
    if (this.settings.get(learnerMode) === 'off') return;
    // A version that was made tonight stays in the shadow at least until the next night.
    await run.effect((tx) => this.states.review(tx));
    const position = await this.data.position();
    if (position.fresh < FEWEST_NEW) return;
    const slices = new Slices(() => this.stopping);
    const { examples, decided, standing } = await this.read(slices);
    const removed = examples.removedIn(0, examples.size);
    if (decided < FEWEST || removed < FEWEST_OF_A_KIND || examples.size - removed < FEWEST_OF_A_KIND) return;
    const metrics = await evaluate(examples, SEED, slices);
    const model = await train(examples, examples.size, SEED, slices);
    const { lastDecisionId, lastCommentId } = position;
    await run.effect(async (tx) => {
      await tx.sql`select pg_advisory_xact_lock(${TRAIN_LOCK}::integer, 0)`;
      const newer = await row(
        tx.sql`select from learner_versions where last_decision_id >= ${lastDecisionId}::bigint limit 1`,
      );
      if (newer) return; // another worker was faster
      await this.states.retireShadows(tx);
      await tx.getRepository(LearnerVersionEntity).insert({
        createdAt: this.clock.now(),
        state: 'shadow',
        lastDecisionId,
        lastCommentId,
        decided,
        standing,
        fingerprint: FINGERPRINT,
        ...model.store(),
        // The type of a partial entity does not fit JSON with arrays.
        metrics: metrics as object,
      });
      tx.afterCommit(() => this.log.log(`A model was trained on ${decided} decisions, ${removed} of them removals.`));
    });
  }

  /** Reads the newest texts, which become examples in the order of their times. */
  private async read(slices: Slices): Promise<{ examples: Examples; decided: number; standing: number }> {
    const decided = await take(this.data.decided(), MOST_DECIDED, slices);
    const standing = await take(this.data.standing(), decided.length * STANDING_FOR_DECIDED, slices);
    const texts = [...decided, ...standing].sort((a, b) => a.at.getTime() - b.at.getTime());
    const examples = new Examples();
    for (const { body, removed } of texts) {
      if (!examples.add(body, removed)) break;
      await slices.rest();
    }
    return { examples, decided: decided.length, standing: standing.length };
  }
}

async function take(texts: AsyncGenerator<DecidedText>, most: number, slices: Slices): Promise<DecidedText[]> {
  const found: DecidedText[] = [];
  let room = MOST_CHARACTERS;
  for await (const text of texts) {
    room -= text.body.length;
    if (found.length >= most || room < 0) break;
    found.push(text);
    await slices.rest();
  }
  return found;
}
