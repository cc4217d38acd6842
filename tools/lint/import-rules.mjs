// Turns tables "folder -> folders that it may import from" into rules of the linter (import-tables.mjs, oxlint.config.mjs).
import { readdirSync } from 'node:fs';

/**
 * Makes the overrides for the folders of `root`. An import of another folder of the table is an error, unless the table
 * allows it; files directly in `root` may import from every folder, and no folder from them. The same holds for parts.
 * @param {string} root such as `src`
 * @param {{
 *   folders: Record<string, string[]>,
 *   parts?: Record<string, Record<string, string[]>>,
 *   files?: string[],
 *   above?: (folder: string, part: string) => string[],
 *   general?: { group: string[], message: string }[],
 *   extra?: (allowed: string[], up: string) => { group: string[], message: string }[],
 * }} table `parts` are the tables of folders that have parts; `files` are the files directly in `root` (all by
 * default), and `above` those in a folder that its part may not import (all by default); `general` holds for every
 * file, and `extra` for the folders that a folder may import
 * @returns {object[]}
 * @throws Error if a folder on disk is missing in its table, because no rule would hold for it
 */
export function importRules(
  root,
  { folders, parts = {}, files = ['*.js'], above = () => ['*.js'], general = [], extra = () => [] },
) {
  checkComplete(root, folders);
  for (const [folder, table] of Object.entries(parts)) checkComplete(`${root}/${folder}`, table);
  return Object.entries(folders).flatMap(([folder, allowed]) => {
    const others = Object.keys(folders).filter((it) => it !== folder && !allowed.includes(it));
    const patterns = (up) => [
      ...general,
      {
        group: [...others.map((it) => `${up}${it}/**`), ...files.map((it) => up + it)],
        message: `Imports run downwards only: ${root}/${folder} may import from ${listed(allowed)}.`,
      },
      ...extra(allowed, up),
    ];
    const table = parts[folder] ?? {};
    // An override replaces the options of an earlier one, so each repeats the patterns of its folder.
    return [
      override([`${root}/${folder}/*.ts`], patterns('../')),
      override([`${root}/${folder}/*/**/*.ts`], patterns('../../')),
      override([`${root}/${folder}/*/*/**/*.ts`], patterns('../'.repeat(3))),
      ...Object.entries(table).flatMap(([part, below]) => {
        const banned = Object.keys(table).filter((it) => it !== part && !below.includes(it));
        const siblings = (up) => ({
          group: [...banned.map((it) => `${up}${it}/**`), ...above(folder, part).map((it) => up + it)],
          message: `Within ${root}/${folder}, ${part} may import from ${listed(below)}.`,
        });
        return [
          override([`${root}/${folder}/${part}/*.ts`], [...patterns('../../'), siblings('../')]),
          override([`${root}/${folder}/${part}/*/**/*.ts`], [...patterns('../'.repeat(3)), siblings('../../')]),
        ];
      }),
    ];
  });
}

/** Checks that the table names every folder with TypeScript in it. */
function checkComplete(root, table) {
  const path = new URL(`../../${root}/`, import.meta.url);
  const missing = readdirSync(path, { withFileTypes: true })
    .filter((it) => it.isDirectory() && !table[it.name] && hasTypeScript(new URL(`${it.name}/`, path)))
    .map((it) => `${root}/${it.name}`);
  if (missing.length)
    throw new Error(`Add ${missing.join(', ')} to the table of ${root} in tools/lint/import-tables.mjs.`);
}

const hasTypeScript = (folder) => readdirSync(folder, { recursive: true }).some((it) => it.endsWith('.ts'));

/** Makes an override that forbids imports. */
export const override = (files, patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: patterns.filter((it) => it.group.length) }] },
});

const listed = (names) => names.join(', ') || 'no other folder';
