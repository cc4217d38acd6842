import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { rows, type Tx } from '../../src/database/rows.js';
import { Transactions } from '../../src/database/transaction.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';

describe('Transactions', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let transactions: Transactions;

  beforeAll(async () => {
    database = await cloneDatabase();
    dataSource = new DataSource(dataSourceOptions(database.url, { entities: [], migrations: [] }));
    await dataSource.initialize();
    transactions = new Transactions(dataSource);
    await dataSource.query('create table retry_counters (id integer primary key, count integer not null)');
  });
  beforeEach(() => dataSource.query('truncate retry_counters'));
  beforeEach(() => dataSource.query('insert into retry_counters values (1, 0), (2, 0)'));
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const increment = (tx: Tx, id: number): Promise<unknown> =>
    tx.query('update retry_counters set count = count + 1 where id = $1', [id]);

  /** Makes a barrier that resolves for all callers when `count` have arrived. */
  const meetingOf = (count: number): (() => Promise<void>) => {
    let missing = count;
    let open = (): void => {};
    const all = new Promise<void>((resolve) => (open = resolve));
    return () => {
      missing -= 1;
      if (missing === 0) open();
      return all;
    };
  };

  it('runs the victim of a deadlock again, so that both transactions succeed', async () => {
    const bothHoldOne = meetingOf(2);
    const attempts = [0, 0];
    const committed: number[] = [];
    // Each locks one row, waits until the other has locked the other row, and then locks that one too.
    const lockInOrder = (n: number, first: number, second: number): Promise<number> =>
      transactions.run(async (tx) => {
        attempts[n]! += 1;
        tx.afterCommit(() => committed.push(n));
        await increment(tx, first);
        if (attempts[n] === 1) await bothHoldOne();
        await increment(tx, second);
        return n;
      });

    expect(await Promise.all([lockInOrder(0, 1, 2), lockInOrder(1, 2, 1)])).toEqual([0, 1]);

    expect(attempts.toSorted((a, b) => a - b)).toEqual([1, 2]);
    expect(committed.toSorted((a, b) => a - b)).toEqual([0, 1]);
    expect(await rows(dataSource, 'select id, count from retry_counters order by id')).toEqual([
      { id: 1, count: 2 },
      { id: 2, count: 2 },
    ]);
  });

  it('runs a transaction again that Postgres could not serialize', async () => {
    let attempts = 0;
    const result = await transactions.run(async (tx) => {
      attempts += 1;
      await tx.query('set transaction isolation level repeatable read');
      await tx.query('select count from retry_counters');
      if (attempts === 1) await dataSource.query('update retry_counters set count = 5 where id = 1');
      await increment(tx, 1);
      return 'done';
    });

    expect([result, attempts]).toEqual(['done', 2]);
    expect(await rows(dataSource, 'select count from retry_counters where id = 1')).toEqual([{ count: 6 }]);
  });

  it('gives up after five attempts with the last error', async () => {
    let attempts = 0;
    const neverSerializable = transactions.run(async (tx) => {
      attempts += 1;
      await tx.query(`do $$ begin raise exception 'conflict' using errcode = '40001'; end $$`);
    });

    await expect(neverSerializable).rejects.toThrow('conflict');
    expect(attempts).toBe(5);
  });

  it('does not repeat a transaction that failed for another reason', async () => {
    let attempts = 0;
    const wrong = transactions.run(async (tx) => {
      attempts += 1;
      await tx.query('select 1 / 0');
    });

    await expect(wrong).rejects.toThrow('division by zero');
    expect(attempts).toBe(1);
  });
});
