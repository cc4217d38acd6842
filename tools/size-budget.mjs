// The embed's promise to a publisher's page: embed.js and all it can ever load stay within the budget, brotli'd.
// Run by the build; alone: `node tools/size-budget.mjs` on a finished dist/web.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

export const BUDGET = 30_000;

/** All files that `entry` can load, itself first: every quoted "./x.js" or "./chunks/x.js" in them. */
function reachable(folder, entry) {
  const files = new Map();
  const queue = [new URL(entry, folder)];
  for (let url = queue.shift(); url; url = queue.shift()) {
    if (files.has(url.href)) continue;
    const text = readFileSync(url, 'utf8');
    files.set(url.href, text);
    for (const [, path] of text.matchAll(/["'`](\.{1,2}\/[\w./-]+\.js)["'`]/g)) queue.push(new URL(path, url));
  }
  return files;
}

/** Prints the sizes and throws where the whole is over budget. `folder` is a file URL that ends in a slash. */
export function checkSizeBudget(folder, budget = BUDGET) {
  let total = 0;
  for (const [href, text] of reachable(folder, 'embed.js')) {
    const size = brotliCompressSync(text, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length },
    }).length;
    total += size;
    console.log(`  ${String(size).padStart(6)} B brotli  ${href.slice(folder.href.length)}`);
  }
  console.log(`  ${String(total).padStart(6)} B brotli  the embed in all, of ${budget} allowed`);
  if (total > budget) throw new Error(`The embed is ${total - budget} bytes over its budget of ${budget} (brotli).`);
  return total;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) checkSizeBudget(new URL('../dist/web/', import.meta.url));
