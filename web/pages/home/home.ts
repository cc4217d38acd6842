import { base } from '../../shared/origin.js';
import { adoptTokens } from '../../shared/page-styles.js';
import { t } from './words.js';

// The start page can be read without this script, which adds the colours, this server's address in the line to copy,
// and whether the server is ready.

const byId = <T extends HTMLElement>(id: string) => document.querySelector<T>(`#${id}`);

function showSnippet(): void {
  const snippet = byId('snippet');
  const button = byId<HTMLButtonElement>('copy');
  if (!snippet || !button) return;
  snippet.textContent = snippet.textContent.replace('"/embed.js"', `"${base}embed.js"`);
  button.textContent = t('home.copy');
  button.hidden = false;
  button.addEventListener('click', () => {
    // Only a secure context has a clipboard.
    (navigator.clipboard?.writeText(snippet.textContent) ?? Promise.reject(new Error())).then(
      () => (button.textContent = t('home.copied')),
      () => (button.textContent = t('home.copyFailed')),
    );
  });
}

async function showHealth(): Promise<void> {
  const place = byId('health');
  if (!place) return;
  const response = await fetch(`${base}health/ready`, { cache: 'no-store' }).catch(() => undefined);
  place.textContent = response ? t(response.ok ? 'home.ready' : 'home.notReady') : t('home.noAnswer');
  place.className = response?.ok ? 'good' : 'warn';
}

adoptTokens();
showSnippet();
void showHealth();
const local = byId('local');
if (local) local.hidden = !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(location.hostname);
