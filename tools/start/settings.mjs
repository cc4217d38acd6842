import { existsSync } from 'node:fs';

const file = new URL('../../.env', import.meta.url);

/** Reads `.env` if there is one. The environment of the shell has precedence. */
export function loadSettings() {
  if (existsSync(file)) process.loadEnvFile(file);
}
