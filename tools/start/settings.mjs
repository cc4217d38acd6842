import { existsSync } from 'node:fs';

const file = new URL('../../.env', import.meta.url);

/** Reads `.env` where there is one. What the shell sets goes first. */
export function loadSettings() {
  if (existsSync(file)) process.loadEnvFile(file);
}
