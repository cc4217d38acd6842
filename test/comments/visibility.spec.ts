import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMMENT_STATES, isPublic, isPublicSql, isVisibleTo, PUBLISHED } from '../../src/comments/model/visibility.js';

const source = fileURLToPath(new URL('../../src', import.meta.url));

describe('visibility of comments', () => {
  it('is spelled in one file of src only', () => {
    const spelling = readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((it) => it.endsWith('.ts'))
      .filter((it) => new RegExp(`(['"\`])${PUBLISHED}\\1`).test(readFileSync(join(source, it), 'utf8')))
      .map((it) => it.replaceAll('\\', '/'));
    expect(spelling).toEqual(['comments/model/visibility.ts']);
  });

  it('lets everybody read a published comment, and nobody a removed or a deleted one', () => {
    const account = { accountId: '1' };
    expect(COMMENT_STATES.filter((state) => isPublic({ state }))).toEqual(['published']);
    expect(COMMENT_STATES.filter((state) => isVisibleTo(account, { state }))).toEqual(['published']);
  });

  it('keeps the condition of the index of public comments, which the planner compares by its form', () => {
    const migrations = fileURLToPath(new URL('../../migrations', import.meta.url));
    const index = readFileSync(join(migrations, '1764000011000-index-authors-of-articles.ts'), 'utf8');
    expect(index).toContain(`where ${isPublicSql('comments').replace('comments.', '')}`);
  });
});
