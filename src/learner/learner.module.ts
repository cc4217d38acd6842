import { Module } from '@nestjs/common';
import { purgeJobs } from '../jobs/purge.js';
import { LearnerController } from './learner.controller.js';
import { LearnerQueries } from './learner.queries.js';
import { Learner } from './learner.service.js';
import { LearnerStates } from './learner-states.service.js';
import { purgeLearnerScores } from './purge-learner-scores.job.js';
import { ShadowScorer } from './shadow-scorer.js';
import { TrainLearnerJob } from './train-learner.job.js';
import { TrainingData } from './training-data.queries.js';

@Module({
  controllers: [LearnerController],
  providers: [
    TrainingData,
    LearnerStates,
    TrainLearnerJob,
    Learner,
    ShadowScorer,
    LearnerQueries,
    purgeJobs(purgeLearnerScores),
  ],
  exports: [Learner],
})
export class LearnerModule {}
