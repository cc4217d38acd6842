import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Config } from '../../src/config/config.js';
import { ConfigError, readEnvironment } from '../../src/config/env.js';
import { RateLimits } from '../../src/http/rate-limits.js';
import { filesWithBlocks } from '../../tools/generated-text.js';
import { TestApp } from '../support/app.js';
import { workedExample } from '../support/worked-example.js';

describe('the limit in CONTRIBUTING.md', () => {
  const { file, code } = workedExample();
  let app: TestApp;
  let folder: string;
  let BookmarksService: new (limits: RateLimits) => { add(accountId: string): Promise<void> };

  beforeAll(async () => {
    // A copy in another folder runs as the file itself would, because its imports lead to the same modules.
    folder = await mkdtemp(join(tmpdir(), 'rostra-example-'));
    const copy = join(folder, 'bookmarks.service.ts');
    const absolute = code
      .replace(/from '(\.[^']+)\.js'/g, (_all, path: string) => `from '${resolve(dirname(file), path)}.ts'`)
      .replace(/from '@nestjs\/common'/, `from '${fileURLToPath(import.meta.resolve('@nestjs/common'))}'`);
    await writeFile(copy, absolute);
    ({ BookmarksService } = (await import(pathToFileURL(copy).href)) as { BookmarksService: typeof BookmarksService });
    app = await TestApp.start({ env: { ROLE: 'web', LIMIT_BOOKMARKS_PER_HOUR: '2' } });
  });
  afterAll(async () => {
    await app.stop();
    await rm(folder, { recursive: true });
  });

  it('adds the variable to the environment, with its default and its validation', () => {
    expect(readEnvironment({}).limits).toMatchObject({ LIMIT_BOOKMARKS_PER_HOUR: 30 });
    expect(app.get(Config).env.limits).toMatchObject({ LIMIT_BOOKMARKS_PER_HOUR: 2 });
    expect(() => readEnvironment({ LIMIT_BOOKMARKS_PER_HOUR: 'many' })).toThrow(ConfigError);
    expect(() => readEnvironment({ LIMIT_BOOKMARKS_PER_HOUR: 'many' })).toThrow(/^LIMIT_BOOKMARKS_PER_HOUR: /);
  });

  it('refuses the third bookmark of an account when two are allowed', async () => {
    const bookmarks = new BookmarksService(app.get(RateLimits));
    await bookmarks.add('7');
    await bookmarks.add('7');
    await expect(bookmarks.add('7')).rejects.toMatchObject({
      code: 'rate.limited',
      details: { detail: expect.stringMatching(/^You have set many bookmarks\. Try again in \d+ minutes\.$/) },
    });
    await bookmarks.add('8');
  });

  it('appears in each text that `npm run generate` writes', () => {
    const expected = new Map(filesWithBlocks(new URL('../../', import.meta.url)).map((it) => [it.file, it.expected]));
    expect(expected.get('.env.example')).toContain('\n#LIMIT_BOOKMARKS_PER_HOUR=30\n');
    expect(expected.get('docker-compose.yml')).toContain(
      '\n      LIMIT_BOOKMARKS_PER_HOUR: ${LIMIT_BOOKMARKS_PER_HOUR:-}\n',
    );
    expect(expected.get('docs/contract.md')).toContain(
      '\n| `LIMIT_BOOKMARKS_PER_HOUR` | 30 | bookmarks of an account |\n',
    );
  });
});
