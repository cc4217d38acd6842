import { Global, Module } from '@nestjs/common';
import { Doorbell } from './postgres-notify.js';
import { Hints } from './event-bus.js';

@Global()
@Module({ providers: [Hints, Doorbell], exports: [Hints] })
export class HintsModule {}
