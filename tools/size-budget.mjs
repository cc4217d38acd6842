// Checks the size of the embed in bytes after brotli. embed.js and everything that the conversation can load share one
// budget. An element that only pages with its tag load (web/embed/common/lazy.ts) has a budget of its own; its chunk is
// named `rostra-*`. The build runs this; `node tools/size-budget.mjs` runs it alone on a finished dist/web.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const BUDGET = 30_000;
const LAZY_BUDGET = 9_000;

const LAZY = /chunks\/(rostra-[a-z]+)-[\w-]{8,}\.js$/;

/**
 * Returns all files that `entry` can load, itself first: every quoted "./x.js" or "./chunks/x.js" in them. The chunk of
 * another lazy element is not followed; its address goes to `lazy` (name -> address). Files in `known` count as loaded.
 */
function reachable(entry, known, lazy) {
  const files = new Map();
  const queue = [entry];
  for (let url = queue.shift(); url; url = queue.shift()) {
    if (files.has(url.href) || known.has(url.href)) continue;
    const [, name] = LAZY.exec(url.href) ?? [];
    if (name && url !== entry) {
      lazy.set(name, url);
      continue;
    }
    const text = readFileSync(url, 'utf8');
    files.set(url.href, text);
    for (const [, path] of text.matchAll(/["'`](\.{1,2}\/[\w./-]+\.js)["'`]/g)) queue.push(new URL(path, url));
  }
  return files;
}

function brotliSize(text) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
  return brotliCompressSync(text, { params }).length;
}

const line = (size, what) => console.log(`  ${String(size).padStart(6)} B brotli  ${what}`);

function measure(folder, files, what, budget) {
  let total = 0;
  for (const [href, text] of files) {
    const size = brotliSize(text);
    total += size;
    line(size, href.slice(folder.href.length));
  }
  line(total, `${what} in all, of ${budget} allowed`);
  return total > budget ? [`${what} is ${total - budget} bytes over its budget of ${budget} (brotli)`] : [];
}

/** Prints the sizes and throws if a part is over its budget. `folder` is a file URL that ends in a slash. */
export function checkSizeBudget(folder) {
  const lazy = new Map();
  const embed = reachable(new URL('embed.js', folder), new Map(), lazy);
  const over = measure(folder, embed, 'the embed', BUDGET);
  for (const [name, url] of lazy)
    over.push(...measure(folder, reachable(url, embed, lazy), `<${name}>, beside it`, LAZY_BUDGET));
  if (over.length) throw new Error(`${over.join('; ')}.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) checkSizeBudget(new URL('../dist/web/', import.meta.url));
