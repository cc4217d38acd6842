import { Global, Module } from '@nestjs/common';
import { Reads } from './rows.js';
import { Transactions } from './transaction.js';

@Global()
@Module({ providers: [Transactions, Reads], exports: [Transactions, Reads] })
export class DatabaseModule {}
