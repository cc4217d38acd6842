import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Returns the worked example of CONTRIBUTING.md, with the file it stands for and its code. */
export function workedExample(): { file: string; code: string } {
  const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const section = page.slice(page.indexOf('\n### A limit\n'));
  const [, file, code] = /```ts\n\/\/ (\S+)\n(.*?)```/s.exec(section)!;
  return { file: join(root, file!), code: code! };
}
