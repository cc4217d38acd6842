import type { Actor } from './actor.js';
import type { TestApp } from './app.js';

/** Texts that are drawn far wider or higher than their number of characters suggests. */
export const WIDE: readonly string[] = [
  '\u1100'.repeat(2_000),
  `\u1100${'\u1161'.repeat(1_000)}`,
  '\u0915\u094D'.repeat(1_000),
  '\u0995\u09CD\u200D'.repeat(700),
  '👩\u200D'.repeat(700),
  `👍${'🏽'.repeat(500)}`,
  `${'\u0600'.repeat(500)}1`,
  '\u0E01\u0E33'.repeat(1_000),
  'a\n\n'.repeat(1_249),
  `${'\n'.repeat(2_499)}x`,
  'W'.repeat(5_000),
  `https://post.example/${'w'.repeat(4_900)}`,
  '﷽'.repeat(300),
  '꧅'.repeat(300),
  '⸻'.repeat(500),
  `${'\u00A0'.repeat(1_000)}x`,
  'x\t'.repeat(1_000),
  `Z${'\u0316\u0301\u0489'.repeat(100)}`,
  'ཧྐྵྨླྺྼྻྂ'.repeat(100),
];

/**
 * Stores each text as a comment and as an answer, each by an author with a wide name. They are written into the
 * database, as versions before the bounds have stored them.
 */
export async function storeWideTexts(app: TestApp, author: Actor, key: string): Promise<string[]> {
  const root = await author.comment(key, 'A root.');
  let parent = root.id;
  const ids: string[] = [];
  for (const text of WIDE) {
    const { id } = await author.comment(key, 'A text.', parent);
    await app.sql('update comments set body = $1 where id = $2', [text, id]);
    parent = ids.length < 6 ? id : parent;
    ids.push(id);
  }
  return ids;
}

/** Runs in the page. Returns the width that scrolls, the window's width, and the heights of all texts. */
export function drawnSizes(): { overflow: number; heights: number[] } {
  const heights: number[] = [];
  const walk = (within: ParentNode): void => {
    for (const it of within.querySelectorAll('*')) {
      if (it.matches('.text, .user-text, .excerpt, .parent')) heights.push(it.clientHeight);
      if (it.shadowRoot) walk(it.shadowRoot);
    }
  };
  walk(document);
  // A page may have an image of the name `documentElement`.
  const { scrollWidth, clientWidth } = document.querySelector('html')!;
  return { overflow: scrollWidth - clientWidth, heights };
}
