import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importRules } from '../../tools/lint/import-rules.mjs';
import { retiredNameIn } from '../../tools/lint/retired-names.mjs';

/** Each place that declares a name. */
const DECLARATIONS = [
  'export class Hints {}',
  'export enum Hints {}',
  'export interface Hints {}',
  'export type Hints = string;',
  'export function tell() {}',
  'export const tell = 1;',
  'export const [tell] = [1];',
  'export const { a: tell, ...b } = { a: 1 };',
  'export const f = (tell: number) => tell;',
  'export function g({ tell = 1 }) {\n  return tell;\n}',
  'export class A {\n  constructor(private readonly tell: number) {}\n}',
  'export class A {\n  #tell = 1;\n}',
  'export class A {\n  tell() {}\n}',
  'export interface A {\n  tell: string;\n}',
  "export { join as tell } from 'node:path';",
  "import { join as tell } from 'node:path';\nexport const a = tell('b');",
];

/** Runs the linter of this repository on each text. @returns how many retired names it reported for each */
function reported(texts: readonly string[]): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'rostra-lint-'));
  try {
    for (const [index, text] of texts.entries()) writeFileSync(join(folder, `file-${index}.ts`), `${text}\n`);
    const { stdout } = spawnSync(
      process.execPath,
      ['node_modules/oxlint/bin/oxlint', '-c', 'oxlint.config.mjs', '--format', 'json', folder],
      { encoding: 'utf8' },
    );
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
    const found = diagnostics.filter((it) => it.code === 'rostra(no-retired-names)');
    return texts.map((_text, index) => found.filter((it) => it.filename.endsWith(`file-${index}.ts`)).length);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the linter', () => {
  it('refuses a retired name wherever it is declared, and not where a library uses it', () => {
    const uses = ['export const a = b.tell(1);', "import { hints } from 'a-library';\nexport const c = hints;"];
    expect(reported([...DECLARATIONS, ...uses])).toEqual([...DECLARATIONS.map(() => 1), ...uses.map(() => 0)]);
  });

  it.each([
    ['src/hints/bus.ts', 'hints'],
    ['src/events/doorbell.ts', 'doorbell'],
    ['web/desk/verdict.ts', 'verdict'],
    ['test/accounts/lived.spec.ts', 'lived'],
    ['tools/guardian.mjs', 'guardian'],
    ['src/donations/inbox.service.ts', 'inbox.service'],
    ['src/events/event-bus.ts', undefined],
  ])('finds the retired name in the path %s', (path, name) => {
    expect(retiredNameIn(path)).toBe(name);
  });

  it('refuses a folder that its table of imports does not name', () => {
    expect(() => importRules('stand-ins', { folders: { shared: [], mailbox: ['shared'] } })).toThrow(
      /^Add .*stand-ins\/stripe.* to the table of stand-ins in oxlint\.config\.mjs\.$/,
    );
  });
});
