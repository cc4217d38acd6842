import { api } from '../api.js';
import { base } from '../origin.js';

let told = false;

/**
 * Tells the engineer of a site, once, that Rostra does not know the site. A browser hides the refusal from the script,
 * which sees a lost request. That a public read is answered, and the session is lost again, gives it away.
 */
export async function tellIfRefused(): Promise<void> {
  if (told || base.startsWith(`${location.origin}/`)) return;
  await api.read('/topics');
  const isLost = await api.get('/session').then(
    () => false,
    () => true,
  );
  if (told || !isLost) return;
  told = true;
  console.error(
    `Rostra (${base}) refuses pages of ${location.origin}. Add this origin to its setting ALLOWED_ORIGINS.`,
  );
}
