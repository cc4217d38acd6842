import { Global, Module } from '@nestjs/common';
import { ClockSync } from './clock-sync.js';
import { PoolMetrics } from './pool-metrics.js';
import { Reads } from './rows.js';
import { Transactions } from './transaction.js';

@Global()
@Module({ providers: [ClockSync, PoolMetrics, Transactions, Reads], exports: [Transactions, Reads] })
export class DatabaseModule {}
