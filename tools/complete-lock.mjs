// Run after every change of dependencies: `node tools/complete-lock.mjs`.
// Where a registry lacks the binaries of other platforms, npm 11 leaves them out of the lock, and the next `npm ci`
// refuses that lock (npm/cli issue 9846). This adds an entry for each missing one.
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));
const OS = ['darwin', 'linux', 'win32', 'freebsd', 'openbsd', 'netbsd', 'android', 'sunos', 'aix', 'openharmony'];
const CPU = ['x64', 'arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32'];

let added = 0;
for (const owner of Object.values({ ...lock.packages })) {
  for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] || !/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) continue;
    const words = name.split(/[/-]/).map((word) => (word === 'windows' ? 'win32' : word));
    const os = OS.filter((it) => words.includes(it));
    const cpu = CPU.filter((it) => words.includes(it));
    const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : [];
    lock.packages[key] = {
      version,
      optional: true,
      ...(owner.dev ? { dev: true } : {}),
      ...(os.length ? { os } : {}),
      ...(cpu.length ? { cpu } : {}),
      ...(libc.length ? { libc } : {}),
    };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${added} optional packages of other platforms added`);
