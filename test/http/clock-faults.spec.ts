import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DataSource } from 'typeorm';
import { Clock } from '../../src/clock/clock.js';
import { ClockSync } from '../../src/database/clock-sync.js';
import { DomainError } from '../../src/errors/domain-error.js';
import { definedLimits } from '../../src/http/limit.js';
import { RateLimits } from '../../src/http/rate-limits.js';
import { TestApp } from '../support/app.js';

const DAY = 86_400_000;

describe('faults: clocks', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ env: { ROLE: 'web', LIMIT_POSTS_PER_MINUTE: '2' } });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(() => app.stop());

  /** Lets the machine's clock differ from the database's. */
  const setMachine = (difference: number): void => {
    jest.restoreAllMocks();
    const real = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => real() + difference);
  };
  const databaseTime = async (): Promise<number> =>
    (await app.sql<{ at: Date }>('select clock_timestamp() as at'))[0]!.at.getTime();

  it.each([DAY, -DAY])('follows the clock of the database when that of the machine is %i ms ahead', async (ahead) => {
    const clock = new Clock();
    setMachine(ahead);
    expect(Math.abs(clock.now().getTime() - (await databaseTime()))).toBeGreaterThan(DAY / 2);
    await new ClockSync(app.get(DataSource), clock).sync();
    expect(Math.abs(clock.now().getTime() - (await databaseTime()))).toBeLessThan(1_000);
    const before = clock.now().getTime();
    setMachine(-3 * ahead); // a jump while the process runs
    expect(Math.abs(clock.now().getTime() - before)).toBeLessThan(1_000);
  });

  describe('limits', () => {
    const limit = () =>
      definedLimits().find((it) => it.setting.env === 'LIMIT_POSTS_PER_MINUTE' && it.per === 'minute')!;
    /** @returns the seconds to wait, or 0 when the attempt was allowed */
    const consume = async (key: string): Promise<number> => {
      try {
        await app.get(RateLimits).consume(limit(), key);
        return 0;
      } catch (error) {
        expect((error as DomainError).code).toBe('rate.limited');
        return (error as DomainError).details.retryAfter!;
      }
    };

    it('never asks to wait longer than the window when a clock was a day ahead and is set back', async () => {
      setMachine(DAY);
      for (let i = 0; i < 4; i += 1) await consume('jumped');
      setMachine(0);
      expect(await consume('jumped')).toBeLessThanOrEqual(60);
    });

    it('counts a window anew that ends later than it can', async () => {
      for (let i = 0; i < 2; i += 1) await consume('old');
      await app.sql(`update rate_limits set expire = expire + ${DAY} where key like '%old'`); // by the former version
      expect([await consume('old'), await consume('old')]).toEqual([0, 0]);
      expect(await consume('old')).toBeGreaterThan(0);
    });

    it('holds on two machines whose clocks differ', async () => {
      const allowed: boolean[] = [];
      for (const ahead of [0, DAY, -DAY, 0]) {
        setMachine(ahead);
        allowed.push((await consume('shared')) === 0);
      }
      expect(allowed).toEqual([true, true, false, false]);
    });
  });
});
