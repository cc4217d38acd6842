import { Global, Module } from '@nestjs/common';
import { JobRegistry } from './job-registry.js';
import { JobRunner } from './job-runner.js';

@Global()
@Module({ providers: [JobRegistry, JobRunner], exports: [JobRegistry] })
export class JobsModule {}
