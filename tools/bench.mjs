// `npm run bench [-- <name>...]`: runs bench/*.bench.ts one after the other. Each has a process of its own, so
// that none warms the caches of the next. Each prints its ratio and fails when its limit is not kept.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const all = readdirSync(new URL('../bench/', import.meta.url)).filter((it) => it.endsWith('.bench.ts'));
const names = process.argv.slice(2);
const unknown = names.filter((it) => !all.includes(`${it}.bench.ts`));
if (unknown.length) {
  console.error(
    `No such bench: ${unknown.join(', ')}. There are: ${all.map((it) => it.replace('.bench.ts', '')).join(', ')}`,
  );
  process.exit(2);
}

let failed = 0;
for (const file of all.toSorted().filter((it) => !names.length || names.includes(it.replace('.bench.ts', '')))) {
  console.log(`\n== ${file}`);
  const command = ['--expose-gc', '--import', './tools/typescript.mjs', `bench/${file}`];
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  if (status !== 0) failed += 1;
}
process.exitCode = failed ? 1 : 0;
