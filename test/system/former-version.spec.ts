import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { buildApiFixture } from '../http/api-fixture.js';
import { realCalls } from '../http/real-calls.js';
import { TestApp } from '../support/app.js';
import { cloneDatabase } from '../support/database.js';
import { stripeFor } from '../support/stripe.js';

// Processes of the former version run on beside the first one of this version, which has migrated. So each statement of
// the former version must still work. `RECORD_STATEMENTS=1 npm run test:system -- former-version` writes them at a release.
const FILE = 'test/system/former-statements.json';
/** Names that do not exist any more. Other errors, such as an unknown type of a parameter, come from preparing alone. */
const MISSING = /^(42P01|42703|42883|42704|42P02)$/;
/** What an old process may lose, because CHANGELOG.md says under "Updating" to stop it first. */
const ANNOUNCED = [/\baccount_actions\b/];

describe('faults: the former version on this schema', () => {
  it('finds every table, column and function that its statements name', async () => {
    const statements = JSON.parse(await readFile(FILE, 'utf8')) as string[];
    expect(statements.length).toBeGreaterThan(100);
    const database = await cloneDatabase();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const failures: string[] = [];
    for (const statement of statements.filter((it) => !ANNOUNCED.some((lost) => lost.test(it))))
      await client.query(`prepare former as ${statement}`).then(
        () => client.query('deallocate former'),
        (error: Error & { code?: string }) => {
          if (MISSING.test(error.code ?? '')) failures.push(`${error.message}: ${statement}`);
        },
      );
    await client.end();
    await database.drop();
    expect(failures).toEqual([]);
  });

  // A release asks for it; the suite skips no test.
  if (process.env.RECORD_STATEMENTS)
    it('records the statements of every route and job', async () => {
      const seen = new Set<string>();
      const prototype = pg.Client.prototype as unknown as { query: (this: pg.Client, ...given: unknown[]) => unknown };
      const { query } = prototype;
      prototype.query = function (this: pg.Client, ...given) {
        const text = typeof given[0] === 'string' ? given[0] : (given[0] as { text?: string }).text;
        if (text && /^\s*(select|insert|update|delete|with)\b/i.test(text) && !/graphile_worker\."?_private/.test(text))
          seen.add(text.trim());
        return query.apply(this, given);
      };
      const { stripe, env } = await stripeFor();
      const app = await TestApp.start({ env });
      try {
        const api = await buildApiFixture(app);
        for (const call of Object.values(realCalls)) await Promise.all([call(api)].flat());
      } finally {
        prototype.query = query;
        await app.stop();
        await stripe.close();
      }
      await writeFile(FILE, `${JSON.stringify([...seen].toSorted(), null, 2)}\n`);
    });
});
