import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source.js';
import type { Tx } from '../../src/database/rows.js';
import { Transactions } from '../../src/database/transaction.js';
import { EventBus } from '../../src/events/event-bus.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';

describe('events published in a transaction', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let transactions: Transactions;
  let events: EventBus;
  let delivered: string[];

  beforeAll(async () => {
    database = await cloneDatabase();
    dataSource = await new DataSource(dataSourceOptions(database.url, { entities: [], migrations: [] })).initialize();
    await dataSource.query('create table published (n integer primary key)');
    await dataSource.query('insert into published values (1), (2)');
    transactions = new Transactions(dataSource);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const listen = (): void => {
    delivered = [];
    events = new EventBus();
    events.onEvent(({ kind, audience }) => delivered.push(`${kind} ${audience}`));
  };
  const lock = (tx: Tx, n: number): Promise<unknown> => tx.query('select from published where n = $1 for update', [n]);

  it('are delivered after the commit and not before', async () => {
    listen();
    await transactions.run(async (tx) => {
      events.publish(tx, 'log', 'article:1');
      await tx.query('select 1');
      expect(delivered).toEqual([]);
    });
    expect(delivered).toEqual(['log article:1']);
  });

  it('are not delivered when the transaction is aborted', async () => {
    listen();
    const aborted = transactions.run(async (tx) => {
      events.publish(tx, 'log', 'article:1');
      await tx.query('insert into published values (1)'); // violates the primary key
    });
    await expect(aborted).rejects.toThrow('published_pkey');
    expect(delivered).toEqual([]);
  });

  it('are not delivered when the commit itself fails', async () => {
    await dataSource.query('create table later (n integer unique deferrable initially deferred)');
    listen();
    const refused = transactions.run(async (tx) => {
      events.publish(tx, 'log', 'article:1');
      await tx.query('insert into later values (1), (1)'); // checked by Postgres at the commit
    });
    await expect(refused).rejects.toThrow('later_n_key');
    expect(delivered).toEqual([]);
  });

  it('are delivered once when the transaction is retried after a deadlock', async () => {
    listen();
    const attempts = [0, 0];
    let bothHold: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (bothHold = resolve));
    let holding = 0;
    const cross = (who: 0 | 1): Promise<void> =>
      transactions.run(async (tx) => {
        attempts[who]! += 1;
        events.publish(tx, 'log', `article:${who}`);
        await lock(tx, who + 1);
        if ((holding += 1) === 2) bothHold();
        await held; // each now holds what the other takes next, so Postgres ends one of them
        await lock(tx, 2 - who);
      });
    await Promise.all([cross(0), cross(1)]);
    expect(attempts.toSorted((a, b) => a - b)).toEqual([1, 2]);
    expect(delivered.toSorted()).toEqual(['log article:0', 'log article:1']);
  });

  it('are delivered to the other listeners when one effect fails', async () => {
    listen();
    await transactions.run(async (tx) => {
      tx.afterCommit(() => {
        throw new Error('an effect that fails');
      });
      events.publish(tx, 'feed', 'author:1');
    });
    expect(delivered).toEqual(['feed author:1']);
  });

  it('are delivered at once, and once more for the rest of a burst, when they carry a pause', () => {
    listen();
    jest.useFakeTimers();
    try {
      const tx = { afterCommit: (effect: () => void) => effect() };
      for (let n = 0; n < 3; n += 1) events.publish(tx, 'feed', 'author:1', 1_000);
      expect(delivered).toHaveLength(1);
      jest.advanceTimersByTime(1_000);
      expect(delivered).toHaveLength(2);
      jest.advanceTimersByTime(5_000);
      expect(delivered).toEqual(['feed author:1', 'feed author:1']);
    } finally {
      jest.useRealTimers();
    }
  });
});
