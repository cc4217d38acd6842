// Checks the size of the embed as it is served, by the .br files that the build wrote. Each kind of file has a budget:
// - what a story page loads before the reader does anything: embed.js and what it imports statically;
// - what only an interaction needs (web/embed/common/on-demand.ts), all its chunks together;
// - an element that only pages with its tag load (web/embed/common/lazy.ts), whose chunk is named `rostra-*`.
// - count.js, for pages that show counts only.
// The build runs this; `node tools/size-budget.mjs` runs it alone on a finished dist/web.
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const STORY_BUDGET = 30_000;
const INTERACTION_BUDGET = 10_000;
const ELEMENT_BUDGET = 9_100;
const COUNT_BUDGET = 6_000;

const ELEMENT = /chunks\/(rostra-[a-z]+)-[\w-]{8,}\.js$/;

/**
 * Returns the files that `entry` loads at once, itself first: what it and they import statically, except files in
 * `known`. Addresses that they import dynamically are added to `dynamic`.
 * @param {URL} entry
 * @param {Map<string, string>} known
 * @param {Map<string, URL>} dynamic
 */
function loadedWith(entry, known, dynamic) {
  const files = new Map();
  const queue = [entry];
  for (let url = queue.shift(); url; url = queue.shift()) {
    if (files.has(url.href) || known.has(url.href)) continue;
    const text = readFileSync(url, 'utf8');
    files.set(url.href, text);
    for (const [, call, path] of text.matchAll(/(import\()?["'`](\.{1,2}\/[\w./-]+\.js)["'`]/g)) {
      const target = new URL(path, url);
      if (call) dynamic.set(target.href, target);
      else queue.push(target);
    }
  }
  return files;
}

const line = (size, what) => console.log(`  ${String(size).padStart(6)} B brotli  ${what}`);

function measure(folder, files, what, budget) {
  let total = 0;
  for (const href of files.keys()) {
    const { size } = statSync(new URL(`${href}.br`));
    total += size;
    line(size, href.slice(folder.href.length));
  }
  line(total, `${what} in all, of ${budget} allowed`);
  return total > budget ? [`${what} is ${total - budget} bytes over its budget of ${budget} (brotli)`] : [];
}

/** Prints the sizes and throws if a part is over its budget. `folder` is a file URL that ends in a slash. */
export function checkSizeBudget(folder) {
  const dynamic = new Map();
  const story = loadedWith(new URL('embed.js', folder), new Map(), dynamic);
  const over = measure(folder, story, 'what a story page loads at once', STORY_BUDGET);
  const interaction = new Map();
  // The map grows while it is read, by what the chunks themselves import dynamically.
  for (const [href, url] of dynamic) {
    const [, name] = ELEMENT.exec(href) ?? [];
    if (name) over.push(...measure(folder, loadedWith(url, story, dynamic), `<${name}>`, ELEMENT_BUDGET));
    else for (const [file, text] of loadedWith(url, story, dynamic)) interaction.set(file, text);
  }
  over.push(...measure(folder, interaction, 'what an interaction loads', INTERACTION_BUDGET));
  const count = loadedWith(new URL('count.js', folder), new Map(), new Map());
  over.push(...measure(folder, count, 'the counts alone', COUNT_BUDGET));
  if (over.length) throw new Error(`${over.join('; ')}.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) checkSizeBudget(new URL('../dist/web/', import.meta.url));
