import { Global, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { Transactions } from '../database/transaction.js';
import { EventBus } from '../events/event-bus.js';
import { Settings } from './settings.service.js';
import { Sites } from './sites.service.js';

@Global()
@Module({
  providers: [
    {
      provide: Settings,
      inject: [DataSource, Transactions, Config, Clock, EventBus, AuditService],
      // The values are known before any other service asks for one.
      useFactory: async (...services: ConstructorParameters<typeof Settings>) => {
        const settings = new Settings(...services);
        await settings.begin();
        return settings;
      },
    },
    Sites,
  ],
  exports: [Settings, Sites],
})
export class SettingsModule {}
