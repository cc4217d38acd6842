import { Global, Module } from '@nestjs/common';
import { Doorbell } from './doorbell.js';
import { Hints } from './hints.js';

@Global()
@Module({ providers: [Hints, Doorbell], exports: [Hints] })
export class HintsModule {}
