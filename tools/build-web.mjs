// Builds what browsers run into dist/web. The builds are separate because their bases differ: publishers' pages load the
// embed, which finds its chunks beside itself; the service worker is one classic script; Rostra serves its own pages
// from its root.
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { compressAssets } from './compress-assets.mjs';
import { checkSizeBudget } from './size-budget.mjs';

const root = new URL('../', import.meta.url);
const path = (relative) => fileURLToPath(new URL(relative, root));
const out = path('dist/web');

/** Page -> its source below web/. The build puts it at dist/web/<page>/index.html. */
const PAGES = { desk: 'desk', 'sign-in': 'pages/sign-in', 'thank-you': 'pages/thank-you', home: 'pages/home' };

const common = {
  root: path('web'),
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
};
const target = 'es2022';

/** Removes Vite's helper that preloads the styles of chunks: our styles are in the code, and it takes a kilobyte. */
const noPreloadHelper = {
  name: 'no-preload-helper',
  enforce: 'pre',
  load: (id) => (id.endsWith('vite/preload-helper.js') ? 'export const __vitePreload = (load) => load();' : undefined),
};

/** Removes indentation, and comments and line breaks in styles: the minifier leaves the text of templates as it is. */
const compactTemplates = {
  name: 'compact-templates',
  enforce: 'pre',
  transform: (code, id) =>
    id.endsWith('.ts') && {
      code: code
        .replace(/\n[ \t]+/g, '\n')
        .replace(/\bcss`[^`]*`/g, (styles) => styles.replace(/\/\*[^]*?\*\/\n?/g, '').replace(/ ?([{};,])\n/g, '$1')),
      map: null,
    },
};

await build({
  ...common,
  base: './',
  plugins: [noPreloadHelper, compactTemplates],
  build: {
    outDir: out,
    emptyOutDir: true,
    target,
    // No preload helper: one element's chunk is small, and the helper would put <link> tags into a foreign page.
    modulePreload: false,
    rolldownOptions: {
      input: { embed: path('web/embed/embed.ts') },
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
        // All that every page needs is one file. Without this, what all chunks share becomes a second one.
        codeSplitting: { groups: [{ name: 'embed', tags: ['$initial'] }] },
      },
    },
  },
});

// One file for pages that show counts only, because such a page should load nothing else.
await build({
  ...common,
  plugins: [compactTemplates],
  build: {
    outDir: out,
    emptyOutDir: false,
    target,
    rolldownOptions: {
      input: { count: path('web/embed/count.ts') },
      output: { entryFileNames: '[name].js', codeSplitting: false },
    },
  },
});

// A classic script of the publisher imports the service worker, which is therefore a classic script and one file.
await build({
  ...common,
  build: {
    outDir: out,
    emptyOutDir: false,
    target,
    rolldownOptions: {
      input: { 'service-worker': path('web/service-worker/service-worker.ts') },
      output: { format: 'iife', entryFileNames: '[name].js' },
    },
  },
});

const pages = Object.entries(PAGES).filter(([, source]) => existsSync(path(`web/${source}/index.html`)));
if (pages.length) {
  await build({
    ...common,
    base: '/',
    build: {
      outDir: out,
      emptyOutDir: false,
      target,
      // The Content-Security-Policy of the pages allows no inline script and no data: font.
      modulePreload: false,
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: Object.fromEntries(pages.map(([name, source]) => [name, path(`web/${source}/index.html`)])),
      },
    },
  });
  // Vite writes a page below the path of its source. The page refers to absolute addresses only, so it can move.
  for (const [name, source] of pages) {
    if (name !== source) await rename(`${out}/${source}`, `${out}/${name}`);
  }
  await rm(`${out}/pages`, { recursive: true, force: true });
}

compressAssets(out);
console.log(`dist/web: the embed, the service worker${pages.map(([name]) => `, /${name}`).join('')}`);
checkSizeBudget(new URL('dist/web/', root));
