import { Global, Module } from '@nestjs/common';
import { ClockSync } from './clock-sync.js';
import { Reads } from './rows.js';
import { Transactions } from './transaction.js';

@Global()
@Module({ providers: [ClockSync, Transactions, Reads], exports: [Transactions, Reads] })
export class DatabaseModule {}
