import { createHash } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';

// A copy of what src/articles/article-url.ts did when this migration landed.
const normal = (href: string): string =>
  href
    .replace(/%[0-9a-f]{2}/gi, (code) => {
      const character = String.fromCharCode(parseInt(code.slice(1), 16));
      return /[\w.~-]/.test(character) ? character : code.toUpperCase();
    })
    .replace(/["<>\\^`{|}]/g, encodeURIComponent);
const keyOf = (url: string): string => `u-${createHash('sha256').update(url).digest('base64url').slice(0, 22)}`;

/**
 * Brings the addresses of articles into the form that equivalent addresses share (`%d1` and `%D1`), and makes the key of
 * the new form lead to the article. Where two articles have equivalent addresses, the one that has the new form stays
 * as it is, and the operator joins the other one with `join-articles`.
 */
export class NormaliseAddresses1764000016000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    const articles = (await db.query(
      `select id, key, url from articles where url ~ '[%"<>\\\\^\`{|}]' order by comment_count desc, id`,
    )) as { id: string; key: string; url: string }[];
    for (const { id, key, url } of articles) {
      const address = normal(url);
      if (address === url) continue;
      const [changed] = (await db.query(
        `update articles set url = $2 where id = $1 and not exists (select from articles where url = $2) returning id`,
        [id, address],
      )) as [unknown[], number];
      if (!changed.length) continue;
      const old = keyOf(url);
      await db.query(
        `insert into article_aliases (key, article_id)
         select $1::text, $2::bigint where not exists (select from articles where key = $1)
           and ($3::text = $4::text or exists (select from article_aliases where key = $3 and article_id = $2))
         on conflict do nothing`,
        [keyOf(address), id, old, key],
      );
    }
  }

  async down(): Promise<void> {
    // The form before is not known, and every version reads this one.
  }
}
