import { Global, Module } from '@nestjs/common';
import { PostgresNotifyTransport } from './postgres-notify.js';
import { EventBus } from './event-bus.js';

@Global()
@Module({ providers: [EventBus, PostgresNotifyTransport], exports: [EventBus] })
export class EventsModule {}
