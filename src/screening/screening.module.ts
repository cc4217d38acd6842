import { Module } from '@nestjs/common';
import { purgeJobs } from '../jobs/purge.js';
import { NearDuplicates } from './near-duplicates.service.js';
import { purgeRecentTexts } from './purge-recent-texts.job.js';

@Module({ providers: [NearDuplicates, purgeJobs(purgeRecentTexts)], exports: [NearDuplicates] })
export class ScreeningModule {}
