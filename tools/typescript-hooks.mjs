// The module hooks of typescript.mjs. They are synchronous, so that they fit `registerHooks` and `register` alike.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import { swcOptions } from './swc-options.mjs';

/** A module that runs in the built app of `npm start`, so its imports from src lead to dist. */
const IN_BUILT_APP = new URL('demo-seed.ts', import.meta.url).href;

/** Maps a relative `.js` import to the `.ts` file beside it where there is no `.js` file. */
export function resolve(specifier, context, next) {
  if (context.parentURL === IN_BUILT_APP && specifier.startsWith('../src/'))
    return next(`../dist/${specifier.slice(3)}`, context);
  if (/^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL) {
    const url = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    const js = new URL(specifier, context.parentURL);
    if (!existsSync(fileURLToPath(js)) && existsSync(fileURLToPath(url))) return next(url.href, context);
  }
  return next(specifier, context);
}

/** Compiles a `.ts` file. */
export function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(url);
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...swcOptions, filename });
  return { format: 'module', source: code, shortCircuit: true };
}
