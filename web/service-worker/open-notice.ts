import { isSamePage } from '../shared/same-page.js';

/** A page that is open and awake answers within this time; after it the click must still allow a new window. */
const ANSWER_MS = 300;

/** Leads a tab that shows this page to the address, or else opens one. */
export async function openNotice(clients: Clients, address: string): Promise<void> {
  const tabs = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  const tab = tabs.find(({ url }) => url === address) ?? tabs.find(({ url }) => isSamePage(url, address));
  // The tab is focused only after it was led: if it cannot be led, the click still allows a new window.
  const led = tab && (await lead(tab, address));
  if (led) await led.focus().catch(() => undefined);
  else await clients.openWindow(address);
}

async function lead(tab: WindowClient, address: string): Promise<WindowClient | null> {
  if (await pageTakes(tab, address)) return tab;
  // The address of a tab is the one it was opened with, so this is a guess about a page that does not answer.
  const { hash } = new URL(address);
  if (!hash || new URL(tab.url).hash === hash) return tab;
  // A worker may lead only the pages of its own folder.
  return tab.navigate(address).catch(() => null);
}

/** Asks the page itself to go there, which needs no reload (web/embed/alerts/led-by-worker.ts). */
function pageTakes(tab: WindowClient, address: string): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  return new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), ANSWER_MS);
    port1.onmessage = () => resolve(true);
    tab.postMessage({ rostra: 'lead', address }, [port2]);
  }).finally(() => port1.close());
}
