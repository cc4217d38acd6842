import { readFileSync } from 'node:fs';
import { Settings } from '../../src/settings/settings.service.js';
import type { TestApp } from './app.js';

/** Sets what the demo newspaper says in its own name, as its seed does. */
export async function setDemoWords(app: TestApp): Promise<void> {
  const file = readFileSync(new URL('../../tools/demo-seed.json', import.meta.url), 'utf8');
  const { settings } = JSON.parse(file) as { settings: Record<string, unknown> };
  const common = { actorId: null, site: null, reason: 'The words of the demo newspaper.' };
  await app.get(Settings).change(Object.entries(settings).map(([key, value]) => ({ ...common, key, value })));
}
