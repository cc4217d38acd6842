import { existsSync, readFileSync } from 'node:fs';
import 'reflect-metadata';
import '../src/main.js'; // This loads every declaration.
import { definedPurges } from '../src/jobs/purge.js';
import { limitSettings } from '../src/config/limit-setting.js';
import { apiTypes } from './api-types.js';

interface Block {
  file: string;
  /** The name between the markers. */
  name: string;
  lines: () => string[];
}

/** The blocks of text that follow from declarations in the source. */
const blocks: Block[] = [
  { file: '.env.example', name: 'limits', lines: () => limitSettings().map((it) => `#${it.env}=${it.max}`) },
  {
    file: 'docker-compose.yml',
    name: 'limits',
    lines: () => limitSettings().map((it) => `      ${it.env}: \${${it.env}:-}`),
  },
  {
    file: 'docs/contract.md',
    name: 'limits',
    lines: () => [
      '',
      '| name | default | counts |',
      '| --- | --- | --- |',
      ...limitSettings().map((it) => `| \`${it.env}\` | ${it.max} | ${it.counts} |`),
      '',
    ],
  },
  {
    file: 'docs/operating.md',
    name: 'purges',
    lines: () => [
      '',
      ...table([
        ['job', 'removes', 'runs at (crontab, UTC)'],
        ...definedPurges().map((it) => [`\`${it.name}\``, it.removes, `\`${it.cron}\``]),
      ]),
      '',
    ],
  },
];

/** Makes a Markdown table in the form that prettier gives it. The first row is the head. */
function table(rows: string[][]): string[] {
  const widths = rows[0]!.map((_cell, column) => Math.max(...rows.map((it) => it[column]!.length)));
  const line = (cells: string[]): string => `| ${cells.map((it, column) => it.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(rows[0]!), line(widths.map((it) => '-'.repeat(it))), ...rows.slice(1).map(line)];
}

interface GeneratedFile {
  file: string;
  actual: string;
  expected: string;
}

/** Returns each file that is generated or holds generated blocks, as it is and as it should be. `root` ends with a slash. */
export async function generatedFiles(root: URL): Promise<GeneratedFile[]> {
  const types = 'web/shared/api-types.d.ts';
  return [...filesWithBlocks(root), { file: types, actual: read(root, types), expected: await apiTypes() }];
}

/** Returns the same for the files that hold generated blocks only. */
export const filesWithBlocks = (root: URL): GeneratedFile[] =>
  [...new Set(blocks.map((it) => it.file))].map((file) => withBlocks(file, read(root, file)));

function read(root: URL, file: string): string {
  const url = new URL(file, root);
  return existsSync(url) ? readFileSync(url, 'utf8') : '';
}

function withBlocks(file: string, actual: string): GeneratedFile {
  let expected = actual;
  for (const block of blocks.filter((it) => it.file === file)) {
    const marked = new RegExp(`(generated:${block.name}\\b[^\\n]*\\n).*?([^\\n]*end:${block.name}\\b)`, 's');
    if (!marked.test(expected)) throw new Error(`${file} has no block generated:${block.name}.`);
    expected = expected.replace(marked, (_all, begin: string, end: string) =>
      [begin, ...block.lines().map((it) => `${it}\n`), end].join(''),
    );
  }
  return { file, actual, expected };
}
