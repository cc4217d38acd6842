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

/** Runs the linter with one rule of this repository on each text. @returns how often it reported each */
function reported(rule: string, texts: readonly string[]): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'rostra-lint-'));
  try {
    for (const [index, text] of texts.entries()) writeFileSync(join(folder, `file-${index}.ts`), `${text}\n`);
    const config = {
      jsPlugins: [join(process.cwd(), 'tools/lint/rostra-plugin.mjs')],
      rules: { [`rostra/${rule}`]: 'error' },
    };
    writeFileSync(join(folder, 'oxlint.config.mjs'), `export default ${JSON.stringify(config)};`);
    const { stdout } = spawnSync(
      process.execPath,
      ['node_modules/oxlint/bin/oxlint', '-c', join(folder, 'oxlint.config.mjs'), '--format', 'json', folder],
      { encoding: 'utf8' },
    );
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
    const found = diagnostics.filter((it) => it.code === `rostra(${rule})`);
    return texts.map((_text, index) => found.filter((it) => it.filename.endsWith(`file-${index}.ts`)).length);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the linter', () => {
  it('refuses formatters that a page makes at each drawing, and not their types', () => {
    const made = [
      "export const a = new Intl.NumberFormat('en');",
      'export const b = Intl.DateTimeFormat().resolvedOptions();',
      'const { Collator } = Intl;\nexport const c = new Collator();',
      'export const d = new globalThis.Intl.PluralRules();',
      'export const e = (date: Date) => date.toLocaleDateString();',
      "export const f = (n: number) => n['toLocaleString']();",
      'export const g = (a: string, b: string) => a.localeCompare(b);',
    ];
    const types = [
      'export type Unit = Intl.RelativeTimeFormatUnit;',
      'export const h = (it: Intl.NumberFormat) => it;',
    ];
    expect(reported('one-formatter', [...made, ...types])).toEqual([...made.map(() => 1), ...types.map(() => 0)]);
  });

  it('refuses a retired name wherever it is declared, and not where a library uses it', () => {
    const uses = ['export const a = b.tell(1);', "import { hints } from 'a-library';\nexport const c = hints;"];
    expect(reported('no-retired-names', [...DECLARATIONS, ...uses])).toEqual([
      ...DECLARATIONS.map(() => 1),
      ...uses.map(() => 0),
    ]);
  });

  it('refuses to publish, to notify and to begin a transaction other than by Transactions.run', () => {
    const right = [
      "events.publish(tx, 'log', 'article:1');",
      'tx.afterCommit(() => {});',
      "await tx.query('select 1');",
    ];
    const wrong = [
      "events.publish(manager, 'log', 'article:1');",
      "const { publish } = events;\npublish(tx, 'log', 'article:1');",
      'const publish = events.publish.bind(events);',
      "const tx = { afterCommit: (effect) => effect() };\nevents.publish(tx, 'log', 'article:1');",
      "events['deliverEvent']({});",
      'const { deliverEvent } = events;',
      'await db.sql`select pg_notify(${a}, ${b})`;',
      "await db.query(`notify rostra_events, 'x'`);",
      "await db.query('begin');",
      'await dataSource.transaction(work);',
      "await dataSource.manager['transaction'](work);",
      'const runner = dataSource.createQueryRunner();',
      'await runner.startTransaction();',
    ];
    expect(reported('publish-after-commit', [...right, ...wrong])).toEqual([
      ...right.map(() => 0),
      ...wrong.map(() => 1),
    ]);
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
      /^Add .*stand-ins\/stripe.* to the table of stand-ins in tools\/lint\/import-tables\.mjs\.$/,
    );
  });
});
