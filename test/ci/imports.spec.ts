import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import * as tables from '../../tools/lint/import-tables.mjs';

// The linter sees the text of an import. This spec resolves it, so that no other spelling, type import or dynamic import
// passes, and looks for circles among all of them.

const roots = { src: tables.src, web: tables.web, 'stand-ins': tables.standIns };
type Root = keyof typeof roots;

/** Returns the TypeScript files below a folder, as paths from the repository's root. */
const filesOf = (root: string): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((it) => it.endsWith('.ts'))
    .map((it) => join(root, it));

/** Returns the files of the repository that a file imports, whether as values, as types or dynamically. */
function importsOf(file: string): string[] {
  const texts = readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]+)['"]/g);
  return [...texts]
    .map(([, path]) => join(dirname(file), path!))
    .map((it) => [it, it.replace(/\.js$/, '.ts'), it.replace(/\.js$/, '.d.ts')].find((path) => existsSync(path)))
    .filter((it) => it !== undefined);
}

const graph = new Map(
  Object.keys(roots)
    .flatMap(filesOf)
    .map((file) => [file, importsOf(file)]),
);

/** Files directly in a root, which start the rest or list it. */
const TOP = /^(app[\w.]*|main|cli)\.ts$/;

/** Says whether a file may import another. */
function mayImport(from: string, to: string): boolean {
  const [root, folder, ...rest] = from.split(sep) as [Root, string, ...string[]];
  const [toRoot, toFolder, ...toRest] = to.split(sep) as [string, string, ...string[]];
  const { folders, parts } = roots[root];
  if (toRoot !== root) return root === 'src' && toRoot === 'migrations';
  if (rest.length === 0) return true;
  if (TOP.test(toFolder)) return false;
  if (toFolder !== folder) return folders[folder]!.includes(toFolder);
  const allowed = rest.length > 1 ? parts[folder]?.[rest[0]!] : undefined;
  if (!allowed || rest[0] === toRest[0]) return true; // The file lists the parts, or the folder has none.
  // What lies directly in web/shared serves its parts.
  return toRest.length > 1 ? allowed.includes(toRest[0]!) : `${root}/${folder}` === 'web/shared';
}

/** Returns one circle of imports, or undefined. */
function findCircle(): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    path.push(file);
    for (const it of graph.get(file) ?? []) {
      const circle = visit(it);
      if (circle) return circle;
    }
    path.pop();
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const circle = visit(file);
    if (circle) return circle;
  }
  return undefined;
}

describe('the imports', () => {
  it('run downwards in src, web and stand-ins, as the tables say', () => {
    expect(graph.size).toBeGreaterThan(300);
    const faults = [...graph].flatMap(([from, targets]) =>
      targets.filter((to) => !mayImport(from, to)).map((to) => `${from} imports ${to}`),
    );
    expect(faults).toEqual([]);
  });

  it.each([
    ['src/articles/articles.service.ts', 'src/comments/model/visibility.ts'],
    ['src/donations/amounts/intervals.ts', 'src/donations/checkout/checkout.service.ts'],
    ['web/embed/count/rostra-count.ts', 'web/desk/shell/page.ts'],
    ['web/desk/shell/page.ts', 'web/desk/alerts/alerts-page.ts'],
    ['stand-ins/stripe/model/wire.ts', 'stand-ins/stripe/api/routes.ts'],
    ['web/shared/api.ts', 'src/errors/domain-error.ts'],
  ])('may not lead from %s to %s', (from, to) => {
    expect(mayImport(from, to)).toBe(false);
  });

  it('have no circle', () => {
    expect(findCircle()).toBeUndefined();
  });
});
